// French and English, paragraph beside paragraph.
import { expect, test } from '../../site.ts';
import { LANGUAGES, PARAGRAPHS } from '../../source.ts';

for (const lang of LANGUAGES) {
  const other = { fr: 'en', en: 'fr' }[lang];

  test(`each paragraph begins at the height of its translation (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan?side=1`);
    const pairs = await page.locator('.para__pair').evaluateAll((all) =>
      all.map((pair) => {
        const words = [...pair.querySelectorAll('.para__col .para__text')].map((text) => {
          const range = document.createRange();
          range.selectNodeContents(text);
          const { top, left, right } = range.getBoundingClientRect();
          return { top, left, right };
        });
        return words;
      }),
    );
    expect(pairs).toHaveLength(PARAGRAPHS);
    for (const [own, twin] of pairs) {
      expect(Math.abs(own!.top - twin!.top)).toBeLessThanOrEqual(1);
      expect(twin!.left, 'beside, not below').toBeGreaterThan(own!.right);
    }
  });

  test(`the two columns hold both texts, each in its language (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${other}/plan`);
    const alone = await page.locator('.para__text').allTextContents();
    await visitor.opens(`/${lang}/plan?side=1`);
    const columns = page.locator('.para__pair .para__col:last-child');
    expect(await columns.locator('.para__text').allTextContents()).toEqual(alone);
    expect(new Set(await columns.evaluateAll((all) => all.map((column) => column.getAttribute('lang'))))).toEqual(new Set([other]));
    expect(await page.locator('.heading-twin').evaluateAll((all) => all.every((twin) => twin.getAttribute('lang') !== document.documentElement.lang))).toBe(true);
    await expect(page.locator('.heading-twin')).toHaveCount(13);
  });

  test(`the translation is marked as unofficial beside the original (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan?side=1`);
    await expect(page.locator('.text__notice')).toContainText({ fr: 'Seul le texte français fait foi', en: 'only the French text is authentic' }[lang]);
  });
}

test('side by side is entered and left by its button, at the same place', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  const tools = page.locator('.text__tools');
  await tools.getByRole('link', { name: 'Côte à côte' }).click();
  await expect(page).toHaveURL('/fr/plan/m4.2?side=1');
  await expect(page.locator('.para__pair')).toHaveCount(PARAGRAPHS);
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
  await tools.getByRole('link', { name: 'Une seule langue' }).click();
  await expect(page).toHaveURL('/fr/plan/m4.2');
  await expect(page.locator('.para__pair')).toHaveCount(0);
});

test('side by side stays while one goes from paragraph to paragraph', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2.s2?side=1');
  await visitor.seesTheBeginningOf(visitor.spot('m4.2.s2'));
  await visitor.spot('m4.3').locator('.para__num').click();
  await expect(page).toHaveURL('/fr/plan/m4.3?side=1');
  await visitor.contents.getByRole('link', { name: 'Mesure 6' }).first().click();
  await expect(page).toHaveURL('/fr/plan/m6?side=1');
  await expect(page.locator('.para__pair')).toHaveCount(PARAGRAPHS);
});
