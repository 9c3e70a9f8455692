// What one takes away on the clipboard.
import { expect, test } from '../../site.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('the link of the paragraph in view is copied and leads back to it', async ({ baseURL, page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.scrollsTo('m4.2');
  await visitor.passage.getByRole('button', { name: 'Copier le lien' }).click();
  await expect(visitor.toast).toHaveText('Lien copié');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${baseURL}/fr/plan/m4.2`);
  await visitor.opens(link);
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
});

test('c copies the link of the paragraph one has walked to', async ({ baseURL, page, visitor }) => {
  await visitor.opens('/en/plan');
  await visitor.presses('j', 'j');
  await expect(visitor.spot('intro.3')).toHaveClass(/is-current/);
  await visitor.presses('c');
  await expect(visitor.toast).toHaveText('Link copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}/en/plan/intro.3`);
});

for (const [lang, slug, button, opening, closing, place] of [
  ['fr', 'm1.2', 'Copier le texte', '« L’OTAN tirera parti', ' »', 'Mesure 1, § 2'],
  ['en', 'm1.2', 'Copy text', '“NATO will draw', '”', 'Measure 1, § 2'],
]) {
  test(`the text is copied to the letter in its language’s quotation marks, with its place and address (${lang})`, async ({ baseURL, page, visitor }) => {
    await visitor.opens(`/${lang}/plan/${slug}`);
    await visitor.passage.getByRole('button', { name: button! }).click();
    await expect(visitor.toast).not.toBeEmpty();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const words = await visitor.spot(slug!).locator('.para__text').textContent();
    expect(text.replaceAll('\u00a0', ' ')).toContain(opening!);
    expect(text).toContain(words!.trim());
    expect(text.split('\n')[0]!.replaceAll('\u00a0', ' ').endsWith(closing!)).toBe(true);
    expect(text).toContain(place!);
    expect(text.endsWith(`${baseURL}/${lang}/plan/${slug}`)).toBe(true);
  });
}

test('the word that something was copied goes by itself', async ({ page, visitor }) => {
  await page.clock.install();
  await visitor.opens('/fr/plan/m4.2');
  await visitor.passage.getByRole('button', { name: 'Copier le lien' }).click();
  await page.clock.runFor(100);
  await expect(visitor.toast).toHaveText('Lien copié');
  await page.clock.runFor(10_000);
  await expect(visitor.toast).toBeEmpty();
});

test.describe('where the browser refuses', () => {
  test.use({ permissions: [] });
  test('it says so, and where the address is', async ({ page, visitor }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } });
    });
    await visitor.opens('/fr/plan/m4.2');
    await visitor.presses('c');
    await expect(visitor.toast).toContainText('Le navigateur refuse de copier');
  });

  test('so it does where there is no clipboard at all', async ({ page, visitor }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await visitor.opens('/fr/plan/m4.2');
    await visitor.presses('c');
    await expect(visitor.toast).toContainText('Le navigateur refuse de copier');
  });
});
