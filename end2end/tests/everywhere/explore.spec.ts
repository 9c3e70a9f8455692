// The plan as data: every view, its addresses, and the way back to the exact words.
import type { Page } from '@playwright/test';
import { expect, test, VIEWS, type Visitor } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';

const rows = (page: Page) => page.locator('.row');
const count = (page: Page) => page.locator('#count');

/** Shows the filters, which are a sheet on phones. */
async function filters(visitor: Visitor) {
  const open = visitor.page.locator('.register__open');
  if (await open.isVisible()) await open.click();
  return visitor.page.locator('#filters');
}

test('every view is reached from the text and from each other by one row', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  for (const view of VIEWS) {
    await page.locator(`.views a[href="/fr/plan/${view}"]`).click();
    await expect(page).toHaveURL(`/fr/plan/${view}`);
    await expect(page.locator(`.view--${view} h1`)).toBeVisible();
    await expect(page.locator('.views [aria-current="page"]')).toHaveAttribute('href', `/fr/plan/${view}`);
    await expect(page).toHaveTitle(new RegExp(await page.locator('h1').innerText()));
  }
  await page.locator('.views a[href="/fr/plan"]').click();
  await expect(visitor.spot('intro.1')).toBeVisible();
});

test('no view is wider than the screen', async ({ visitor }) => {
  for (const view of VIEWS) {
    await visitor.opens(`/fr/plan/${view}`);
    expect(await visitor.sideways(), view).toBe(0);
  }
});

test('a choice filters at once, is in the address, and keeps the focus', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register');
  const all = await rows(page).count();
  expect(all).toBe(41);
  const form = await filters(visitor);
  const expected = Number(await page.locator('#n-strength-must').innerText());
  await form.locator('#strength-must').check();
  await expect(rows(page)).toHaveCount(expected);
  await expect(page).toHaveURL('/fr/plan/register?strength=must');
  await expect(form.locator('#strength-must')).toBeFocused();
  await expect(count(page)).toHaveText(`${expected} engagements sur 41`);
  await page.reload();
  await visitor.isAtHome();
  await expect(rows(page)).toHaveCount(expected);
  await expect(page.locator('#strength-must')).toBeChecked();
});

test('each count says how many a choice leaves', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register?measure=m4');
  const numbers = await page.locator('[id^="n-actor-"]').evaluateAll((all) => all.map((n) => [n.id.slice(2), Number(n.textContent)] as const));
  const [id, expected] = numbers.find(([, n]) => n > 0)!;
  const form = await filters(visitor);
  await form.locator(`[id="${id}"]`).check();
  await expect(rows(page)).toHaveCount(expected);
});

test('words filter as one types, and the caret stays', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register');
  const form = await filters(visitor);
  const field = form.locator('#word');
  await field.fill('MUNITION');
  await expect(page).toHaveURL('/fr/plan/register?q=MUNITION');
  await expect(page.locator('.row mark', { hasText: /munitions/i }).first()).toBeAttached();
  await expect(field).toBeFocused();
  expect(await rows(page).count()).toBeLessThan(41);
  await field.press('Home');
  await field.pressSequentially('des ');
  await expect(page).toHaveURL('/fr/plan/register?q=des+MUNITION');
  expect(await field.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(4);
});

test('what is chosen is taken back one by one, and by the back button', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register?strength=must&actor=allies');
  const before = await rows(page).count();
  await page.locator('.chip', { hasText: 'Doit' }).click();
  await expect(page).toHaveURL('/fr/plan/register?actor=allies');
  await expect(rows(page)).not.toHaveCount(before);
  await expect(count(page)).toBeFocused();
  await page.goBack();
  await expect(rows(page)).toHaveCount(before);
  await expect(page.locator('#strength-must')).toBeChecked();
});

test('rows are sorted by their heads', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register');
  await page.locator('#by-strength').click();
  await expect(page).toHaveURL('/fr/plan/register?sort=strength');
  await expect(rows(page).first()).toHaveClass(/strength--must/);
  await expect(page.locator('#by-strength')).toBeFocused();
  await page.locator('#by-strength').click();
  await expect(page).toHaveURL('/fr/plan/register?sort=-strength');
  await expect(rows(page).first()).toHaveClass(/strength--encouraged/);
});

test('where nothing answers, the page helps', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register?q=licorne');
  await expect(rows(page)).toHaveCount(0);
  await page.locator('.empty').getByRole('link', { name: 'Tout afficher' }).click();
  await expect(rows(page)).toHaveCount(41);
});

test('the language changes and the filter stays', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register');
  const form = await filters(visitor);
  await form.locator('#strength-must').check();
  await expect(page).toHaveURL('/fr/plan/register?strength=must');
  await visitor.presses('Escape');
  await page.locator('.bar__lang').click();
  await expect(page).toHaveURL('/en/plan/register?strength=must');
});

test('a row leads to its sentence, and the trigger is lit in both', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register?strength=must');
  const row = rows(page).first();
  await expect(row.locator('.trigger')).toHaveText('doivent');
  const href = (await row.locator('.rows__text a').getAttribute('href'))!;
  await row.locator('.rows__text a').click();
  await expect(page).toHaveURL(href);
  await expect(visitor.lit).toContainText('doivent');
});

test('what is shown is taken away', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register?actor=nobody');
  const download = page.waitForEvent('download');
  await page.locator('#take').getByRole('link', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toBe('register-fr.csv');
});

test('a cell of the matrix leads to as many commitments as it says', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/matrix');
  const cell = page.locator('.matrix__cell:visible, .measures li li a:visible').first();
  const expected = Number(/(\d+) engagement/.exec(await cell.innerText())![1]);
  await cell.click();
  await expect(page).toHaveURL(/\/fr\/plan\/register\?actor=.*measure=/);
  await expect(rows(page)).toHaveCount(expected);
});

test('the network is looked at from one of its points', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/network?node=m4');
  await expect(page.locator('.ties__column')).toHaveCount(1);
  await expect(page.locator('.node[aria-current]')).toHaveCount(1);
  await page.getByRole('link', { name: 'Voir tout le réseau' }).click();
  await expect(page.locator('.ties__column')).toHaveCount(3);
  expect(await page.locator('.node').count()).toBe(await page.locator('.ties__column > ul > li').count());
});

test('each event leads to its words', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/timeline');
  await expect(page.locator('time').first()).toHaveText('2022');
  const said = page.locator('.moment .said-there');
  for (const one of await said.all()) {
    await expect(one.locator('mark')).not.toBeEmpty();
    await expect(one.locator('cite a')).toHaveAttribute('href', /^\/fr\/plan/);
  }
});

test('what the text does not say can be verified word by word', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/silences');
  await expect(page.locator('.silence__why', { hasText: 'pas encore lu' })).toHaveCount(0);
  const absent = page.locator('#deadlines .tried__none a').first();
  await absent.click();
  await expect(page.locator('.search-status').first()).toContainText('Rien ne correspond');
});

test('a path is read whole or stop by stop', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/paths');
  await page.locator('.path a').first().click();
  await expect(page).toHaveURL('/fr/plan/paths?for=press');
  await expect(page.locator('.stop').nth(1)).toBeVisible();
  const stops = await page.locator('.stop').count();
  await page.getByRole('link', { name: 'Une étape à la fois' }).click();
  await expect(page.locator('.stop')).toHaveCount(1);
  await page.locator('.pager__next').click();
  await expect(page).toHaveURL('/fr/plan/paths?for=press&stop=2');
  await expect(page.locator('.stop__nth')).toHaveText(`Étape 2 sur ${stops}`);
});

test('a quotation is checked as one types, in either language', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/quote');
  const field = page.locator('#quotation');
  const verdict = page.locator('.verdict');
  await field.fill("les Alliés s'engagent à faire plus ensemble");
  await expect(verdict).toHaveAttribute('data-verdict', 'typography');
  await expect(field).toBeFocused();
  await field.fill('les Alliés s’engagent à faire moins ensemble');
  await expect(verdict).toHaveAttribute('data-verdict', 'altered');
  await expect(page.locator('.comparison del')).toContainText('plus');
  await expect(page.locator('.comparison ins')).toContainText('moins');
  await field.fill('the Allies commit to doing more together');
  await expect(verdict).toHaveAttribute('data-verdict', 'exact');
  await expect(page.locator('.found__where a')).toHaveAttribute('href', /^\/en\/plan\/intro\.8/);
});

for (const lang of LANGUAGES) {
  test(`everything is marked as the editors’ reading (${lang})`, { tag: lang === 'fr' ? '@phone' : '@desktop' }, async ({ page, visitor }) => {
    for (const view of VIEWS) {
      await visitor.opens(`/${lang}/plan/${view}`);
      await expect(page.locator('.view__mark .editors')).toBeVisible();
      await expect(page.locator('.view__mark .unofficial')).toHaveCount(lang === 'en' ? 1 : 0);
    }
  });
}
