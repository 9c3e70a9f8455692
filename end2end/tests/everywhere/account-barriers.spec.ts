// Every dialog of the account, as it is at first and after a refusal: no barrier, nothing that overflows, and fields
// that programs which keep passwords understand.
import { ANOTHER, Member, PASSWORD, wrongCode } from '../../account.ts';
import { hasNoBarrier } from '../../barriers.ts';
import { expect, test, type Visitor } from '../../site.ts';

/** What programs that keep passwords read, in order: name or id, type, what it is. */
const fields = (visitor: Visitor) =>
  visitor.page
    .locator('#account input:not([type="hidden"], [type="checkbox"], [type="radio"])')
    .evaluateAll((all) => (all as HTMLInputElement[]).map((input) => `${input.id || '(hidden)'} ${input.type} ${input.autocomplete}`));

const USER = '(hidden) email username';
const TRAP = 'website text off';
const CODE = 'code text one-time-code';
const MEND = ['email email username', 'password password new-password'];

// Each pair of colours, language and device, not each three of them.
for (const [colorScheme, lang, tag] of [
  ['light', 'fr', '@desktop'],
  ['dark', 'en', '@desktop'],
  ['dark', 'fr', '@phone'],
  ['light', 'en', '@phone'],
] as const) {
  test.describe(`in ${colorScheme} colours`, { tag }, () => {
    test.use({ colorScheme });

    test(`no dialog of the account has a barrier (${lang})`, async ({ page, visitor, another }) => {
      test.setTimeout(300_000);
      const ada = new Member(visitor, lang);
      const { words } = ada;
      const looks = (name: string, expected: string[]) =>
        test.step(name, async () => {
          // From the top: what lies half below the bar while one scrolls is no small target.
          await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
          await hasNoBarrier(visitor);
          expect(await visitor.sideways()).toBe(0);
          expect(await fields(visitor)).toEqual(expected);
          // Whatever can be pressed is large enough for a finger, unless it stands in a line of text.
          const small = await page
            .locator('#account :is(button, input:not([type="hidden"], [type="radio"], [type="checkbox"]), summary):visible')
            .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML));
          expect(small.filter((html) => !html.includes('website'))).toEqual([]);
        });

      await visitor.opens(ada.path('register'));
      await looks('registering', ['email email username', 'password password new-password', TRAP]);
      await ada.field('password').pressSequentially('Vent-du');
      await looks('a password half typed', ['email email username', 'password password new-password', TRAP]);
      await ada.field('email').fill('ada@gmial.com');
      await ada.button(words.register).click();
      await expect(ada.said).toBeFocused();
      await looks('a registration refused', ['email email username', 'password password new-password', TRAP]);
      await ada.field('email').fill(ada.email);
      await ada.field('password').fill(PASSWORD);
      await expect(page.getByRole('meter')).toBeVisible();
      await page.getByRole('checkbox').check();
      await looks('a good password', ['email email username', 'password password new-password', TRAP]);
      await ada.goes(ada.path('verify'), () => ada.button(words.register).click());
      const code = await ada.newestCode();
      await looks('the code', [CODE, ...MEND]);
      await ada.field('code').fill(wrongCode(code));
      await ada.button(words.verify).click();
      await expect(ada.said).toBeFocused();
      await page.getByText(words.mend, { exact: true }).click();
      await looks('a wrong code', [CODE, ...MEND]);
      await ada.field('code').fill(code);
      await ada.goes(ada.path('welcome'), () => ada.button(words.verify).click());
      await looks('welcome', []);
      await ada.button(words.subscribe).click();
      await ada.hears(words.subscribed);
      await looks('welcome, subscribed', []);

      await ada.at(await another()).sends('sign-in', { email: ada.email, password: PASSWORD });
      await visitor.opens(ada.path(''));
      const changing = [USER, 'current password current-password', 'password password new-password'];
      const making = [USER, 'name text off', 'proof password current-password'];
      const own = [...making, ...changing, USER, 'delete-password password current-password'];
      await looks('the account', own);
      await page.getByText(words.delete, { exact: true }).click();
      await ada.button(words.deleteGo).click();
      await expect(ada.said).toBeFocused();
      await looks('a deletion refused', own);
      await ada.button(words.changePassword).click();
      await expect(page.locator('#current-error')).toBeVisible();
      await looks('a change of password refused', own);
      await ada.goes(ada.path('sign-in'), () => ada.button(words.signOut).click());
      await looks('signed out', ['email email username', 'password password current-password']);
      await ada.button(words.signIn).click();
      await expect(page.locator('#email-error')).toBeVisible();
      await looks('signing in refused', ['email email username', 'password password current-password']);

      await ada.goes(ada.path('reset'), () => ada.way(words.forgotten).click());
      await looks('resetting', ['email email username']);
      await ada.button(words.reset).click();
      await expect(page.locator('#email-error')).toBeVisible();
      await looks('a reset refused', ['email email username']);
      await ada.field('email').fill(ada.email);
      await ada.goes(ada.path('reset/code'), () => ada.button(words.reset).click());
      await looks('the code of a reset', [CODE]);
      const letters = await ada.letters(2);
      await ada.field('code').fill(letters.find((letter) => letter.code && letter.code !== code)!.code!);
      await ada.goes(ada.path('reset/new-password'), () => ada.button(words.verify).click());
      await looks('the new password', [USER, 'password password new-password']);
      await ada.button(words.keepPassword).click();
      await expect(page.locator('#password-error')).toBeVisible();
      await looks('a new password refused', [USER, 'password password new-password']);
      await ada.field('newPassword').fill(ANOTHER);
      await ada.goes(ada.path('reset/done'), () => ada.button(words.keepPassword).click());
      await looks('the password renewed', []);

      await visitor.opens(ada.path('sign-in'));
      await ada.signsIn(ANOTHER, `/${lang}`);
      await visitor.opens(ada.path(''));
      await page.getByText(words.delete, { exact: true }).click();
      await page.locator('#delete-password').fill(ANOTHER);
      await ada.goes(ada.path('deleted'), () => ada.button(words.deleteGo).click());
      await looks('the account deleted', []);
    });
  });
}

test.describe('in forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });
  test('signing up and the code have no barrier', async ({ visitor }) => {
    const ada = new Member(visitor, 'fr');
    await visitor.opens(ada.path('register'));
    await hasNoBarrier(visitor);
    await ada.begins();
    await visitor.opens(ada.path('verify'));
    await hasNoBarrier(visitor);
  });
});

test('very large text leaves every field in view', async ({ page, visitor }) => {
  await page.addInitScript(() => localStorage.setItem('size', 'xl'));
  const ada = new Member(visitor, 'fr');
  await ada.begins();
  for (const step of ['register', 'verify', 'sign-in', 'reset']) {
    await visitor.opens(ada.path(step));
    expect(await visitor.sideways(), step).toBe(0);
  }
});
