// What scripts add to the account's dialogs: rules ticked off, times counted down, answers without a new page.
import { ANOTHER, Member, PASSWORD } from '../../account.ts';
import { expect, test } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';

/** Every rule, in the order in which it is told; the limit only when it is broken. */
const RULES = ['length', 'limit', 'spaces', 'cases', 'digit', 'symbol', 'leaked', 'context'];

for (const lang of LANGUAGES) {
  test.describe('as it is typed', { tag: lang === 'fr' ? '@desktop' : '@phone' }, () => {
    test(`each rule of the password is ticked off while one types (${lang})`, async ({ page, visitor }) => {
      const ada = new Member(visitor, lang, 'ada.lovelace@example.org');
      await visitor.opens(ada.path('register'));
      await ada.field('email').fill(ada.email);
      const rule = (tag: string) => page.locator(`[data-rule="${tag}"]`);
      const broken = async (tags: string[]) => {
        for (const tag of RULES) {
          if (tags.includes(tag)) await expect(rule(tag), tag).not.toHaveAttribute('data-kept');
          else await expect(rule(tag), tag).toHaveAttribute('data-kept');
        }
        await expect(rule('limit')).toBeVisible({ visible: tags.includes('limit') });
      };
      for (const tag of RULES) await expect(rule(tag), tag).not.toHaveAttribute('data-kept');
      for (const [password, ...tags] of [
        ['Vent-Nord-1', 'length'],
        [`Vent-Nord-1${'x'.repeat(246)}`, 'limit'],
        ['Vent du-Nord-4711', 'spaces'],
        ['vent-du-nord-4711', 'cases'],
        ['Vent-du-Nord-abcd', 'digit'],
        ['VentDuNord4711abc', 'symbol'],
        ['P@ssw0rd2026!', 'leaked'],
        ['my-Estafette-77', 'context'],
        ['Otan-Media-2026!', 'context'],
        ['Lovelace+1815+Q', 'context'],
        ['v', 'length', 'cases', 'digit', 'symbol'],
        [PASSWORD],
      ] as [string, ...string[]][]) {
        await ada.field('password').fill(password);
        await test.step(password.slice(0, 20), () => broken(tags));
      }
      // The tick is told in words too.
      const told = async () => (await rule('digit').innerText()).replace(/\s+/g, ' ');
      expect((await told()).startsWith(`${ada.words.kept} `)).toBe(true);
      await ada.field('password').fill('');
      for (const tag of RULES) await expect(rule(tag), tag).not.toHaveAttribute('data-kept');
      expect(await told()).not.toContain(ada.words.kept);
    });

    test(`how hard a password is to guess is told once it keeps the rules (${lang})`, async ({ page, visitor }) => {
      const ada = new Member(visitor, lang);
      await visitor.opens(ada.path('register'));
      const meter = page.getByRole('meter');
      await expect(meter).toBeHidden();
      await ada.field('password').pressSequentially(PASSWORD);
      await expect(meter).toBeVisible();
      const value = Number(await meter.getAttribute('value'));
      expect(value).toBeGreaterThan(1);
      await expect(page.locator('#strength output')).toHaveText(ada.words.strengths[value]!);
      await ada.field('password').fill('vent');
      await expect(meter).toBeHidden();
    });

    test(`the eye shows the password and hides it again (${lang})`, async ({ page, visitor }) => {
      const ada = new Member(visitor, lang);
      await visitor.opens(ada.path('sign-in'));
      const eye = page.getByRole('button', { name: ada.words.showPassword });
      await ada.field('password').fill(PASSWORD);
      await expect(ada.field('password')).toHaveAttribute('type', 'password');
      await expect(eye).toHaveAttribute('aria-pressed', 'false');
      await eye.click();
      await expect(ada.field('password')).toHaveAttribute('type', 'text');
      await expect(ada.field('password')).toHaveValue(PASSWORD);
      await expect(eye).toHaveAttribute('aria-pressed', 'true');
      await eye.click();
      await expect(ada.field('password')).toHaveAttribute('type', 'password');
    });

    test(`the times of a code are counted down (${lang})`, async ({ page, visitor }) => {
      const ada = new Member(visitor, lang);
      const { words } = ada;
      await ada.begins();
      await page.clock.install();
      await visitor.opens(ada.path('verify'));
      const again = page.locator('form[action$="send-code"] button');
      const left = async () => Number(/\((\d+)\s*s\)$/.exec((await again.textContent())!)?.[1]);
      await expect(again).toBeDisabled();
      await expect(again).toHaveText(new RegExp(`^${words.newCode} \\(\\d+\\ss\\)$`));
      const first = await left();
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThanOrEqual(60);
      await expect.poll(left).toBeLessThan(first);
      await expect(page.getByText(words.minutes(30))).toBeVisible();
      await page.clock.fastForward(61_000);
      await expect(again).toBeEnabled();
      await expect(again).toHaveText(words.newCode);
      await expect(page.getByText(words.minutes(29))).toBeVisible();
      await page.clock.fastForward('30:00');
      await expect(page.getByText(words.expired)).toBeVisible();
    });

    test(`a form pressed twice is sent once (${lang})`, async ({ page, visitor }) => {
      const ada = new Member(visitor, lang);
      const sent: string[] = [];
      page.on('request', (request) => request.method() === 'POST' && sent.push(new URL(request.url()).pathname));
      await visitor.opens(ada.path('register'));
      await ada.field('email').fill(ada.email);
      await ada.field('password').fill(PASSWORD);
      await page.getByRole('checkbox').check();
      await ada.goes(ada.path('verify'), () => ada.button(ada.words.register).dblclick());
      await ada.field('code').fill(await ada.newestCode());
      await ada.goes(ada.path('welcome'), () => ada.button(ada.words.verify).dblclick());
      await ada.isSignedIn();
      expect(sent.filter((path) => !path.endsWith('/strength'))).toEqual(['/api/account/register', '/api/account/verify']);
      expect(await ada.letters()).toHaveLength(1);
    });
  });
}

test('a new code is sent once its time has come, and the one before is worth nothing', { tag: '@phone' }, async ({ page, visitor }) => {
  // The minute is the server's: it is not to be hurried.
  test.setTimeout(240_000);
  const ada = new Member(visitor, 'fr');
  const before = await ada.begins('/plan/m4.2');
  await visitor.opens(ada.path('verify'));
  const again = ada.button(ada.words.newCode);
  await expect(again).toBeEnabled({ timeout: 120_000 });
  await again.click();
  await ada.hears(ada.words.newCodeSent);
  await expect(page.locator('form[action$="send-code"] button')).toBeDisabled();
  const fresh = await ada.newestCode(2);
  if (fresh !== before) {
    await ada.field('code').fill(before);
    await ada.button(ada.words.verify).click();
    await ada.isRefused(['code', ada.words.codeWrong(4)]);
  }
  await ada.field('code').fill(fresh);
  await ada.goes(`${ada.path('welcome')}?return_to=%2Fplan%2Fm4.2`, () => ada.button(ada.words.verify).click());
});

test('what has become of the letter is told without a new page', async ({ page, visitor }) => {
  const ada = new Member(visitor, 'fr');
  await ada.begins();
  // As it is while the letter waits to be sent.
  let kept = '';
  await page.route('**/account/verify', async (route) => {
    const answer = await route.fetch();
    const html = await answer.text();
    kept = /<p( data-poll)?>Le message.*?<\/p>/.exec(html)![0];
    await route.fulfill({ response: answer, body: html.replace(kept, '<p data-poll>Le message est en attente d’envoi…</p>') });
  });
  await visitor.opens(ada.path('verify'));
  await ada.field('code').fill('12');
  await expect(page.locator('#letter')).toContainText(ada.words.letterKept);
  await expect(page.locator('#letter')).toHaveRole('status');
  await expect(ada.field('code')).toHaveValue('12');
});

test('blanks and letters do not get into the code', async ({ visitor }) => {
  const ada = new Member(visitor, 'fr');
  await ada.begins();
  await visitor.opens(ada.path('verify'));
  await ada.field('code').pressSequentially('12 3-4a5');
  await expect(ada.field('code')).toHaveValue('12345');
});

test('a form whose quick way fails is sent as without scripts', async ({ page, trouble, visitor }) => {
  trouble.expect(/^failed: POST .*\/api\/account\/sign-in/, /^console error: Failed to load resource/);
  const ada = new Member(visitor, 'fr');
  await ada.joins();
  await ada.sends('sign-out', {});
  await visitor.opens(`${ada.path('sign-in')}?return_to=%2Fplan%2Fm4.2`);
  await page.route('**/api/account/sign-in', (route) =>
    route.request().isNavigationRequest() ? route.continue() : route.abort('connectionrefused'),
  );
  await ada.signsIn(PASSWORD, '/fr/plan/m4.2');
  await ada.isSignedIn();
});

test('after signing in the way back shows who is signed in', async ({ page, visitor }) => {
  const ada = new Member(visitor, 'fr');
  await ada.joins();
  await ada.sends('sign-out', {});
  await visitor.opens('/fr/plan');
  await ada.isSignedOut();
  await visitor.opens(ada.path('sign-in'));
  await ada.signsIn(PASSWORD, '/fr');
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL('/fr/plan');
  await ada.isSignedIn();
});

test('after signing out the way back shows nobody', async ({ page, visitor }) => {
  const ada = new Member(visitor, 'fr');
  await ada.joins();
  await visitor.opens('/fr/plan');
  await ada.isSignedIn();
  await ada.goes(ada.path(''), () => ada.link.click());
  await ada.goes(ada.path('sign-in'), () => ada.button(ada.words.signOut).click());
  // The account’s own page is shown to nobody any more.
  await page.goBack();
  await expect(page).toHaveURL(`${ada.path('sign-in')}?return_to=%2Faccount`);
  await page.goBack();
  await expect(page).toHaveURL('/fr/plan');
  await ada.isSignedOut();
});

test('a dialog one goes back to stands as it was', async ({ page, visitor }) => {
  const ada = new Member(visitor, 'fr');
  await visitor.opens(ada.path('sign-in'));
  await page.locator('.bar__brand').click();
  await expect(page).toHaveURL('/fr');
  await page.goBack();
  await expect(page).toHaveURL(ada.path('sign-in'));
  await expect(ada.heading).toHaveText(ada.words.signIn);
  await expect(ada.field('email')).toBeVisible();
});

test('going back after the password was changed gives no password away', async ({ page, visitor }) => {
  const ada = new Member(visitor, 'fr');
  await ada.joins();
  await visitor.opens(ada.path(''));
  await page.locator('#current').fill(PASSWORD);
  await ada.field('newPassword').fill(ANOTHER);
  await ada.button(ada.words.changePassword).click();
  await ada.hears(ada.words.passwordChanged);
  await visitor.opens('/fr/plan');
  await page.goBack();
  await expect(ada.heading).toHaveText(ada.words.account);
  await expect(page.locator('#current')).toHaveValue('');
  await expect(ada.field('newPassword')).toHaveValue('');
});
