// The dialogs of the account, as people go through them: each with scripts and without, in both languages.
import { ANOTHER, Member, newAddress, PASSWORD, wrongCode } from '../../account.ts';
import { expect, test, Visitor } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const OTHER = { fr: 'en', en: 'fr' } as const;

for (const javaScriptEnabled of [true, false]) {
  for (const lang of LANGUAGES) {
    // Each pair of script, language and device, not each three of them.
    const tag = javaScriptEnabled === (lang === 'fr') ? '@desktop' : '@phone';
    test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', { tag }, () => {
      test.use({ javaScriptEnabled });

      test(`who registers comes back, signed in, to where it began (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        await visitor.opens(`/${lang}/plan/m4.2`);
        await ada.isSignedOut();
        await ada.goes(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2`, () => ada.link.click());
        await ada.goes(`${ada.path('register')}?return_to=%2Fplan%2Fm4.2`, () => ada.way(words.register).click());
        await ada.field('email').fill(ada.email);
        await ada.field('password').fill(PASSWORD);
        await page.getByRole('checkbox').check();
        await ada.goes(ada.path('verify'), () => ada.button(words.register).click());

        await expect(ada.heading).toHaveText(words.checkInbox);
        await expect(page.locator('.account__address')).toHaveText(ada.email);
        await expect(page.getByText(words.minutes(30))).toBeVisible();
        const code = await ada.newestCode();
        if (!javaScriptEnabled) await page.reload();
        await expect(page.locator('#letter')).toContainText(words.letterKept);
        // The whole code at once, as people copy it.
        await page.evaluate((code) => navigator.clipboard.writeText(code), ` ${code.slice(0, 3)} ${code.slice(3)}`);
        await ada.field('code').focus();
        await visitor.presses('ControlOrMeta+v');
        if (javaScriptEnabled) await expect(ada.field('code')).toHaveValue(code);
        const welcome = `${ada.path('welcome')}?return_to=%2Fplan%2Fm4.2`;
        await ada.goes(welcome, () => ada.button(words.verify).click());

        await expect(ada.heading).toHaveText(words.created);
        await ada.isSignedIn();
        await ada.button(words.subscribe).click();
        await ada.hears(words.subscribed);
        await expect(page).toHaveURL(welcome);
        await expect(ada.button(words.subscribe)).toHaveCount(0);
        await ada.goes(`/${lang}/plan/m4.2`, () => ada.way(words.goBack).click());
        await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
        await ada.isSignedIn();
      });

      test(`who signs out is named nowhere, and signs in to where he was (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        await ada.joins();
        await visitor.opens(`/${lang}/plan`);
        await ada.isSignedIn();
        await ada.goes(ada.path(''), () => ada.link.click());
        await expect(ada.heading).toHaveText(ada.words.account);
        await ada.goes(ada.path('sign-in'), () => ada.button(ada.words.signOut).click());
        await ada.hears(ada.words.signedOut);
        await ada.isSignedOut();
        await visitor.opens(`/${lang}/plan/p1.obj?side=1`);
        await ada.isSignedOut();
        expect(await page.content()).not.toContain(ada.email.split('@')[0]!);
        await ada.goes(`${ada.path('sign-in')}?return_to=%2Fplan%2Fp1.obj%3Fside%3D1`, () => ada.link.click());
        await ada.signsIn(PASSWORD, `/${lang}/plan/p1.obj?side=1`);
        await ada.isSignedIn();
        // Whoever is signed in already is not asked again.
        await visitor.opens(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2`);
        await expect(page).toHaveURL(`/${lang}/plan/m4.2`);
      });

      test(`a forgotten password is replaced, and whoever was signed in with it is signed out (${lang})`, async ({ page, visitor, another }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        const elsewhere = ada.at(await another());
        await elsewhere.joins();
        await elsewhere.visitor.opens(`/${lang}/plan`);
        await elsewhere.isSignedIn();

        await visitor.opens(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2`);
        await ada.goes(`${ada.path('reset')}?return_to=%2Fplan%2Fm4.2`, () => ada.way(words.forgotten).click());
        await ada.field('email').fill(ada.email);
        await ada.goes(ada.path('reset/code'), () => ada.button(words.reset).click());
        await expect(page.locator('.account__address')).toHaveText(ada.email);
        await ada.field('code').fill(await ada.newestCode(2));
        await ada.goes(ada.path('reset/new-password'), () => ada.button(words.verify).click());
        await expect(ada.heading).toHaveText(words.choosePassword);
        await ada.field('newPassword').fill(ANOTHER);
        await ada.goes(`${ada.path('reset/done')}?return_to=%2Fplan%2Fm4.2`, () => ada.button(words.keepPassword).click());
        await expect(ada.heading).toHaveText(words.renewed);
        await ada.isSignedOut();

        await elsewhere.visitor.opens(`/${lang}/plan`);
        await elsewhere.isSignedOut();

        await ada.goes(`/${lang}/plan/m4.2`, () => ada.way(words.goBack).click());
        await ada.goes(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2`, () => ada.link.click());
        await ada.field('email').fill(ada.email);
        await ada.field('password').fill(PASSWORD);
        await ada.button(words.signIn).click();
        await ada.isRefused([null, words.credentials]);
        await ada.signsIn(ANOTHER, `/${lang}/plan/m4.2`);
        await ada.isSignedIn();
      });

      test(`what is wrong with a registration is said at its field, and what was typed is kept (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        await visitor.opens(`${ada.path('register')}?return_to=%2Fplan%2Fm4.2`);
        await ada.field('email').fill('ada@@example.org');
        await ada.field('password').fill('Short 1');
        await ada.button(words.register).click();
        await ada.isRefused(['email', words.emailMalformed], ['password', words.passwordBreaks], ['terms', words.termsMissing]);
        await expect(ada.field('email')).toHaveValue('ada@@example.org');
        await expect(ada.field('password')).toHaveValue('');
        await expect(page.getByRole('checkbox')).not.toBeChecked();
        expect(await page.content()).not.toContain('Short 1');
        for (const [at, id] of ['email', 'password', 'terms'].entries()) {
          await ada.summary.nth(at).getByRole('link').click();
          await expect(page.locator(`#${id}`)).toBeFocused();
        }
        // What was refused for another reason stays as it was chosen.
        await ada.field('password').fill(PASSWORD);
        await page.getByRole('checkbox').check();
        await ada.button(words.register).click();
        await ada.isRefused(['email', words.emailMalformed]);
        await expect(page.getByRole('checkbox')).toBeChecked();
        await ada.field('email').fill(ada.email);
        await ada.field('password').fill(PASSWORD);
        await ada.goes(ada.path('verify'), () => ada.button(words.register).click());
      });

      test(`a slip in the address is asked about, and may be meant (${lang})`, async ({ page, visitor }) => {
        const name = newAddress().split('@')[0]!;
        const ada = new Member(visitor, lang, `${name}@gmial.com`);
        const { words } = ada;
        await visitor.opens(ada.path('register'));
        await ada.field('email').fill(ada.email);
        await ada.field('password').fill(PASSWORD);
        await page.getByRole('checkbox').check();
        await ada.button(words.register).click();
        await ada.isRefused(['email', words.emailMeant(`${name}@gmail.com`)]);
        await expect(ada.field('email')).toHaveValue(ada.email);
        if (javaScriptEnabled) {
          await ada.button(words.use(`${name}@gmail.com`)).click();
          await expect(ada.field('email')).toHaveValue(`${name}@gmail.com`);
          await expect(ada.field('email')).toBeFocused();
          await ada.field('email').fill(ada.email);
        } else {
          await expect(page.getByText(words.use(`${name}@gmail.com`))).toBeHidden();
        }
        await ada.field('password').fill(PASSWORD);
        await ada.goes(ada.path('verify'), () => ada.button(words.register).click());
        await expect(page.locator('.account__address')).toHaveText(ada.email);
      });

      test(`a wrong code says how many tries are left, and the right one opens all the same (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        const code = await ada.begins();
        await visitor.opens(ada.path('verify'));
        await ada.button(words.verify).click();
        await ada.isRefused(['code', words.codeMalformed]);
        for (const left of [4, 3]) {
          await ada.field('code').fill(wrongCode(code));
          await ada.button(words.verify).click();
          await expect(ada.summary).toHaveText(words.codeWrong(left));
          await ada.isRefused(['code', words.codeWrong(left)]);
          await expect(ada.field('code')).toHaveValue('');
        }
        await expect(page.locator('.account__address')).toHaveText(ada.email);
        await ada.field('code').fill(`${code.slice(0, 3)}-${code.slice(3)}`);
        await ada.goes(ada.path('welcome'), () => ada.button(words.verify).click());
        await expect(ada.way(words.goHome)).toHaveAttribute('href', `/${lang}`);
      });

      test(`a mistyped address is mended, and the code goes there (${lang})`, async ({ page, visitor }) => {
        const wrong = new Member(visitor, lang);
        const ada = new Member(visitor, lang);
        const { words } = ada;
        const code = await wrong.begins('/plan/m4.2');
        await visitor.opens(ada.path('verify'));
        await expect(page.locator('.account__address')).toHaveText(wrong.email);
        await expect(ada.field('email')).toBeHidden();
        await page.getByText(words.mend, { exact: true }).click();
        await expect(ada.field('email')).toHaveValue(wrong.email);
        await ada.field('email').fill('ada@');
        await ada.button(words.mendGo).click();
        await ada.isRefused(['email', words.emailMalformed], ['password', words.passwordMissing]);
        await expect(page.locator('.account__address')).toHaveText(wrong.email);
        await expect(ada.field('email')).toBeVisible();
        await expect(ada.field('email')).toHaveValue('ada@');
        await ada.field('email').fill(ada.email);
        await ada.field('password').fill(ANOTHER);
        await ada.button(words.mendGo).click();
        await ada.hears(words.newCodeSent);
        await expect(page.locator('.account__address')).toHaveText(ada.email);
        const fresh = await ada.newestCode();
        if (code !== fresh) {
          await ada.field('code').fill(code);
          await ada.button(words.verify).click();
          await ada.isRefused(['code', words.codeWrong(4)]);
        }
        await ada.field('code').fill(fresh);
        await ada.goes(`${ada.path('welcome')}?return_to=%2Fplan%2Fm4.2`, () => ada.button(words.verify).click());
        await ada.isSignedIn();
        // The password is the one that was chosen with the address.
        await ada.sends('sign-out', {});
        await visitor.opens(ada.path('sign-in'));
        await ada.signsIn(ANOTHER, `/${lang}`);
      });

      test(`the page where it began survives a change of language and a new tab (${lang})`, async ({ context, page, visitor }) => {
        const ada = new Member(visitor, lang);
        const other = ada.in(OTHER[lang]);
        await visitor.opens(`/${lang}/plan/m4.2?side=1`);
        await ada.goes(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2%3Fside%3D1`, () => ada.link.click());
        await other.goes(`${other.path('sign-in')}?return_to=%2Fplan%2Fm4.2%3Fside%3D1`, () => page.locator('.bar__lang').click());
        await other.goes(`${other.path('register')}?return_to=%2Fplan%2Fm4.2%3Fside%3D1`, () => other.way(other.words.register).click());
        await other.field('email').fill(ada.email);
        await other.field('password').fill(PASSWORD);
        await page.getByRole('checkbox').check();
        await other.goes(other.path('verify'), () => other.button(other.words.register).click());
        await ada.goes(ada.path('verify'), () => page.locator('.bar__lang').click());
        await expect(page.locator('.account__address')).toHaveText(ada.email);

        const tab = ada.at(new Visitor(await context.newPage(), javaScriptEnabled));
        await tab.visitor.opens(ada.path('verify'));
        await expect(tab.page.locator('.account__address')).toHaveText(ada.email);
        await tab.field('code').fill(await ada.newestCode());
        const welcome = (member: Member) => `${member.path('welcome')}?return_to=%2Fplan%2Fm4.2%3Fside%3D1`;
        await tab.goes(welcome(tab), () => tab.button(tab.words.verify).click());
        await tab.in(OTHER[lang]).goes(welcome(other), () => tab.page.locator('.bar__lang').click());
        await expect(tab.heading).toHaveText(other.words.created);
        await tab.goes(`/${OTHER[lang]}/plan/m4.2?side=1`, () => tab.in(OTHER[lang]).way(other.words.goBack).click());
        await tab.in(OTHER[lang]).isSignedIn();
        // The tab where it was asked for knows it too.
        await page.reload();
        await expect(page).toHaveURL(welcome(ada));
        await ada.isSignedIn();
      });

      test(`a reset begun in one language ends in the other, where it began (${lang})`, async ({ page, visitor, another }) => {
        const ada = new Member(visitor, lang);
        const other = ada.in(OTHER[lang]);
        await ada.at(await another()).joins();
        await visitor.opens(`${ada.path('reset')}?return_to=%2Fplan%2Fp2`);
        await ada.field('email').fill(ada.email);
        await ada.goes(ada.path('reset/code'), () => ada.button(ada.words.reset).click());
        await other.goes(other.path('reset/code'), () => page.locator('.bar__lang').click());
        await other.field('code').fill(await ada.newestCode(2));
        await other.goes(other.path('reset/new-password'), () => other.button(other.words.verify).click());
        await ada.goes(ada.path('reset/new-password'), () => page.locator('.bar__lang').click());
        await ada.field('newPassword').fill(ANOTHER);
        await ada.goes(`${ada.path('reset/done')}?return_to=%2Fplan%2Fp2`, () => ada.button(ada.words.keepPassword).click());
        await other.goes(`${other.path('reset/done')}?return_to=%2Fplan%2Fp2`, () => page.locator('.bar__lang').click());
        await other.goes(`/${other.lang}/plan/p2`, () => other.way(other.words.goBack).click());
      });

      test(`one sees where one is signed in, and ends it there (${lang})`, async ({ page, visitor, another }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        await ada.joins();
        const elsewhere = ada.at(await another());
        await elsewhere.visitor.opens(ada.path('sign-in'));
        await elsewhere.signsIn(PASSWORD, `/${lang}`);
        await elsewhere.isSignedIn();

        await visitor.opens(ada.path(''));
        const sessions = page.locator('.account__session');
        await expect(sessions).toHaveCount(2);
        await expect(sessions.first()).toContainText(words.thisSession);
        await expect(sessions.first().getByRole('button')).toHaveCount(0);
        await expect(sessions.last()).not.toContainText(words.thisSession);
        await expect(sessions.last()).toContainText(/^Chrome, (Windows|Android)/);
        await ada.button(words.end).click();
        await ada.hears(words.sessionEnded);
        await expect(sessions).toHaveCount(1);
        await expect(ada.button(words.endOthers)).toHaveCount(0);

        await elsewhere.visitor.opens(`/${lang}/plan`);
        await elsewhere.isSignedOut();
        await elsewhere.visitor.opens(ada.path(''));
        await expect(elsewhere.page).toHaveURL(`${ada.path('sign-in')}?return_to=%2Faccount`);
        await elsewhere.isRefused([null, words.signInFirst]);
        await elsewhere.signsIn(PASSWORD, ada.path(''));
        await expect(elsewhere.page.locator('.account__session')).toHaveCount(2);
        await elsewhere.button(words.endOthers).click();
        await elsewhere.hears(words.othersEnded);
        await expect(elsewhere.page.locator('.account__session')).toHaveCount(1);
        await visitor.opens(`/${lang}`);
        await ada.isSignedOut();
      });

      test(`the password is changed by whoever knows it, and other sessions end (${lang})`, async ({ page, visitor, another }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        await ada.joins();
        const elsewhere = ada.at(await another());
        await elsewhere.sends('sign-in', { email: ada.email, password: PASSWORD });
        await elsewhere.visitor.opens(`/${lang}`);
        await elsewhere.isSignedIn();

        await visitor.opens(ada.path(''));
        const current = page.locator('#current');
        const change = async (from: string, to: string) => {
          await current.fill(from);
          await ada.field('newPassword').fill(to);
          await ada.button(words.changePassword).click();
        };
        await change(ANOTHER, PASSWORD);
        await ada.isRefused(['current', words.currentWrong]);
        await expect(current).toHaveValue('');
        await expect(ada.field('newPassword')).toHaveValue('');
        await change(PASSWORD, PASSWORD);
        await ada.isRefused(['password', words.passwordSame]);
        await change(PASSWORD, ANOTHER);
        await ada.hears(words.passwordChanged);
        await ada.isSignedIn();

        await elsewhere.visitor.opens(ada.path('sign-in'));
        await elsewhere.isSignedOut();
        await elsewhere.signsIn(ANOTHER, `/${lang}`);
        const letters = await ada.letters(2);
        expect(letters.map((letter) => letter.text + letter.html).join()).not.toMatch(new RegExp(`${PASSWORD}|${ANOTHER}`));
      });

      test(`the language of letters and the newsletter are chosen (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        await ada.joins();
        await visitor.opens(ada.path(''));
        const letters = (of: string) => page.locator(`input[name="letters"][value="${of}"]`);
        await expect(letters(lang)).toBeChecked();
        await letters(OTHER[lang]).check();
        await ada.button(words.keep).click();
        await ada.hears(words.languageKept);
        await expect(letters(OTHER[lang])).toBeChecked();
        await ada.button(words.subscribe).click();
        await ada.hears(words.subscribed);
        await ada.button(words.unsubscribe).click();
        await ada.hears(words.unsubscribed);
        await expect(ada.button(words.subscribe)).toBeVisible();
      });

      test(`an account is deleted by whoever knows its password, and nothing is left (${lang})`, async ({ page, visitor, another }) => {
        const ada = new Member(visitor, lang);
        const { words } = ada;
        await ada.joins();
        const elsewhere = ada.at(await another());
        await elsewhere.sends('sign-in', { email: ada.email, password: PASSWORD });

        await visitor.opens(ada.path(''));
        const password = page.locator('#delete-password');
        await expect(password).toBeHidden();
        await page.getByText(words.delete, { exact: true }).click();
        await password.fill(ANOTHER);
        await ada.button(words.deleteGo).click();
        await ada.isRefused(['delete-password', words.currentWrong]);
        await expect(password).toBeVisible();
        await password.fill(PASSWORD);
        await ada.goes(ada.path('deleted'), () => ada.button(words.deleteGo).click());
        await expect(ada.heading).toHaveText(words.deleted);
        await ada.isSignedOut();
        await elsewhere.visitor.opens(`/${lang}/plan`);
        await elsewhere.isSignedOut();
        await visitor.opens(ada.path('sign-in'));
        await ada.field('email').fill(ada.email);
        await ada.field('password').fill(PASSWORD);
        await ada.button(words.signIn).click();
        await ada.isRefused([null, words.credentials]);
        await expect(ada.field('email')).toHaveValue(ada.email);
        await expect(ada.field('password')).toHaveValue('');
      });

      test(`the keyboard alone leads from the bar to signed in and back (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        await ada.joins();
        await ada.sends('sign-out', {});
        await visitor.opens(`/${lang}/plan/m4.2`);
        const walksTo = async (selector: string) => {
          const there = () => page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector);
          for (let steps = 0; steps < 30 && !(await there()); steps++) await visitor.presses('Tab');
          await expect(page.locator(selector)).toBeFocused();
        };
        // From the top: what the address lit up is not where the tabs begin.
        await page.locator('.skip').focus();
        await walksTo('.bar__account');
        await ada.goes(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2`, () => visitor.presses('Enter'));
        await walksTo('#email');
        await page.keyboard.type(ada.email);
        await visitor.presses('Tab');
        await expect(page.locator('#password')).toBeFocused();
        await page.keyboard.type(ANOTHER);
        await visitor.presses('Enter');
        await ada.isRefused([null, ada.words.credentials]);
        await walksTo('#password');
        await page.keyboard.type(PASSWORD);
        await ada.goes(`/${lang}/plan/m4.2`, () => visitor.presses('Enter'));
        await ada.isSignedIn();
      });

      test(`a new code that is asked for too soon is refused, with the seconds that are left (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        await ada.begins();
        // A page that was shown before: its button can be pressed.
        if (javaScriptEnabled) await page.clock.install();
        await visitor.opens(ada.path('verify'));
        if (javaScriptEnabled) {
          await expect(page.locator('form[action$="send-code"] button')).toBeDisabled();
          await page.clock.fastForward(61_000);
        }
        await ada.button(ada.words.newCode).click();
        await ada.isRefused([null, ada.words.tooSoon]);
        expect(await ada.letters()).toHaveLength(1);
      });

      test(`who begins in the middle is told where to begin (${lang})`, async ({ page, visitor }) => {
        const ada = new Member(visitor, lang);
        for (const [step, first] of [
          ['verify', 'register'],
          ['reset/code', 'reset'],
          ['reset/new-password', 'reset'],
        ] as const) {
          await visitor.opens(ada.path(step));
          await expect(page).toHaveURL(ada.path(first));
          await ada.isRefused([null, ada.words.gone]);
        }
        for (const step of ['', 'welcome']) {
          await visitor.opens(ada.path(step));
          await expect(page).toHaveURL(`${ada.path('sign-in')}?return_to=%2Faccount`);
          await ada.isRefused([null, ada.words.signInFirst]);
        }
      });
    });
  }
}
