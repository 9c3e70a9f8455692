// When something does not work: it is said, nothing is lost, and there is a way on.
import { expect, test } from '../../site.ts';

const REFUSED = [/^failed: GET .*\/api\/plan/, /^console error: Failed to load resource/];

test('a search whose text cannot be had says so, keeps the words and asks the server', async ({ context, page, trouble, visitor }) => {
  trouble.expect(...REFUSED);
  await visitor.opens('/fr/plan');
  await context.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.locator('.bar__search').click();
  const field = visitor.searchDialog.getByRole('searchbox');
  await field.fill('munitions');
  await expect(visitor.searchDialog.getByRole('status')).toContainText('n’a pas pu être chargé');
  await expect(field).toHaveValue('munitions');
  await field.press('Enter');
  await expect(page).toHaveURL('/fr/plan/search?q=munitions');
  await expect(page.locator('ol#results > li').first()).toBeVisible();
});

test('a search that failed once works when the line is back', async ({ context, page, trouble, visitor }) => {
  trouble.expect(...REFUSED);
  await visitor.opens('/fr/plan');
  await context.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.locator('.bar__search').click();
  const field = visitor.searchDialog.getByRole('searchbox');
  await field.fill('munitions');
  await expect(visitor.searchDialog.getByRole('status')).toContainText('n’a pas pu être chargé');
  await context.unroute('**/api/**');
  await field.press('Escape');
  await page.locator('.bar__search').click();
  await expect(field).toHaveValue('munitions');
  await expect(visitor.searchDialog.locator('ol > li').first()).toBeVisible();
});

test('going on to the plan without a line says so and offers to try again', async ({ context, page, trouble, visitor }) => {
  trouble.expect(...REFUSED);
  await visitor.opens('/fr');
  await context.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.getByRole('main').getByRole('link', { name: 'Lire le plan' }).click();
  await expect(page.getByRole('alert')).toContainText('n’a pas pu être chargé');
  await context.unroute('**/api/**');
  await page.getByRole('link', { name: 'Recharger la page' }).click();
  await visitor.isAtHome();
  await expect(page).toHaveURL('/fr/plan');
  await expect(page.locator('.para').first()).toBeVisible();
});

test('without its Wasm the page is what it is without scripts', async ({ context, page, trouble }) => {
  trouble.expect(/^failed: GET .*\.wasm/, /^console error: Failed to load resource/, /^page error: Failed to fetch/);
  await context.route('**/*.wasm', (route) => route.abort('connectionrefused'));
  await page.goto('/fr/plan/m4.2');
  await expect(page.locator('[id="m4.2"]')).toBeInViewport();
  await page.locator('.bar__search').click();
  await expect(page).toHaveURL('/fr/plan/search');
  await page.getByRole('main').getByRole('searchbox').fill('munitions');
  await page.getByRole('main').getByRole('searchbox').press('Enter');
  await expect(page.locator('ol#results > li').first()).toBeVisible();
});

test('the way back works through everything', async ({ page, visitor }) => {
  await visitor.opens('/fr');
  await page.getByRole('main').getByRole('link', { name: 'Lire le plan' }).click();
  await expect(page).toHaveURL('/fr/plan');
  await visitor.spot('intro.2').locator('.para__num').click();
  await expect(page).toHaveURL('/fr/plan/intro.2');
  await visitor.spot('intro.3').locator('.para__num').click();
  await expect(page).toHaveURL('/fr/plan/intro.3');
  await page.getByRole('contentinfo').getByRole('link', { name: 'À propos' }).click();
  await expect(page).toHaveURL('/fr/about');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveTitle('À propos – Estafette');
  await page.goBack();
  await expect(page).toHaveURL('/fr/plan/intro.3');
  await visitor.seesTheBeginningOf(visitor.spot('intro.3'));
  await page.goBack();
  await expect(page).toHaveURL('/fr/plan/intro.2');
  await expect(visitor.lit).toHaveAttribute('id', 'intro.2');
  await visitor.seesTheBeginningOf(visitor.spot('intro.2'));
  await page.goBack();
  await expect(page).toHaveURL('/fr/plan');
  await expect(visitor.lit).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL('/fr');
  await page.goForward();
  await expect(page).toHaveURL('/fr/plan');
  await expect(page.locator('.para').first()).toBeVisible();
});

test('a page one goes to begins at its top', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.scrollsTo('adopt.2');
  await page.getByRole('contentinfo').getByRole('link', { name: 'Mentions légales' }).click();
  await expect(page).toHaveURL('/fr/legal');
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
});

test('the way back leads to where one was in the text', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.scrollsTo('m4.2');
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(1000);
  // Not by the mouse of the test, which scrolls the page before it presses what stands in the fixed bar.
  await page.locator('.bar__brand').evaluate((brand: HTMLElement) => brand.click());
  await expect(page).toHaveURL('/fr');
  await expect(page.locator('.hero__title')).toBeVisible();
  await page.goBack();
  await expect(page.locator('.para').first()).toBeAttached();
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before - 300);
});
