// Which language one is met in, and how one changes it.
import { expect, NOT_FOUND, NOWHERE, test } from '../../site.ts';

for (const [locale, lang] of [
  ['fr-FR', 'fr'],
  ['fr-CA', 'fr'],
  ['en-GB', 'en'],
  ['en-US', 'en'],
  ['de-DE', 'fr'],
]) {
  test.describe(`a visitor whose browser asks for ${locale}`, () => {
    test.use({ locale: locale! });
    test(`is met in ${lang} at the root`, { tag: '@desktop' }, async ({ page, visitor }) => {
      await visitor.opens('/');
      await expect(page).toHaveURL(`/${lang}`);
      await expect(page.locator('html')).toHaveAttribute('lang', lang!);
    });
  });
}

test('changing the language keeps the place', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2.s3');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page).toHaveURL('/en/plan/m4.2.s3');
  await visitor.isAtHome();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await visitor.seesTheBeginningOf(visitor.spot('m4.2.s3'));
  await expect(visitor.lit).toHaveCount(1);
  await page.getByRole('link', { name: 'Français' }).click();
  await expect(page).toHaveURL('/fr/plan/m4.2.s3');
});

test('changing the language after moving about keeps the new place', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await visitor.spot('m4.1').locator('.para__num').click();
  await expect(page).toHaveURL('/fr/plan/m4.1');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page).toHaveURL('/en/plan/m4.1');
});

test('changing the language keeps both languages side by side', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2?side=1');
  await page.getByRole('link', { name: 'English', exact: true }).click();
  await expect(page).toHaveURL('/en/plan/m4.2?side=1');
});

test('changing the language keeps the search', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search?q=NDPP');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page).toHaveURL('/en/plan/search?q=NDPP');
  await visitor.isAtHome();
  await expect(page.getByRole('searchbox')).toHaveValue('NDPP');
});

test('the language chosen is remembered at the root', async ({ page, visitor }) => {
  await visitor.opens('/fr');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page).toHaveURL('/en');
  await visitor.isAtHome();
  await visitor.opens('/');
  await expect(page).toHaveURL('/en');
  await page.getByRole('link', { name: 'Français' }).click();
  await expect(page).toHaveURL('/fr');
  await visitor.isAtHome();
  await visitor.opens('/');
  await expect(page).toHaveURL('/fr');
});

for (const path of NOWHERE.slice(0, 2)) {
  test(`${path} can be left for the other language`, async ({ page, trouble, visitor }) => {
    trouble.expect(...NOT_FOUND);
    await visitor.opens(path);
    await page.locator('.bar__lang').click();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', path.startsWith('/fr') ? 'en' : 'fr');
  });
}
