// The views without a script: links, forms, and what opens by itself.
import { expect, test } from '../../site.ts';

test.use({ javaScriptEnabled: false });

test('the register is filtered by its form', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/register');
  const open = page.locator('.register__open');
  if (await open.isVisible()) await open.click();
  const form = page.locator('#filters');
  await form.locator('#word').fill('production');
  await form.locator('#strength-explores').check();
  await form.getByRole('button', { name: 'Filtrer' }).click();
  await expect(page).toHaveURL('/fr/plan/register?q=production&strength=explores');
  for (const row of await page.locator('.row').all()) await expect(row).toHaveClass(/strength--explores/);
  await expect(page.locator('#strength-explores')).toBeChecked();
});

test('a path is followed by its links', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/paths?for=research&stop=1');
  await page.locator('.pager__next').click();
  await expect(page.locator('.stop__nth')).toContainText('Étape 2');
});

test('nothing in the views is offered that needs a script', async ({ page, visitor }) => {
  for (const path of ['register', 'matrix', 'network', 'timeline', 'silences', 'paths?for=press']) {
    await visitor.opens(`/fr/plan/${path}`);
    await expect(page.locator('.needs-js:visible')).toHaveCount(0);
  }
});

test('a quotation is checked by its form, and a short one has an address', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/quote');
  await page.locator('#quotation').fill('les Alliés s’engagent à faire plus ensemble');
  await page.getByRole('button', { name: 'Vérifier' }).click();
  await expect(page).toHaveURL(/\/fr\/plan\/quote\?q=les\+Alli/);
  await expect(page.locator('.verdict')).toHaveAttribute('data-verdict', 'exact');
  await page.locator('#quotation').fill('les Alliés s’engagent à faire plus ensemble. '.repeat(60));
  await page.getByRole('button', { name: 'Vérifier' }).click();
  await expect(page).toHaveURL('/fr/plan/quote');
  await expect(page.locator('.verdict')).toBeVisible();
});
