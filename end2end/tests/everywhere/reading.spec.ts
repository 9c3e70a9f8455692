// The text, whole and to the letter.
import { createHash } from 'node:crypto';
import { expect, test } from '../../site.ts';
import {
  LANGUAGES,
  MEASURES,
  OBJECTIVES,
  PARAGRAPHS,
  SECTIONS,
  SENTENCES,
  sourceBytes,
  sourceLines,
  sourceNumbers,
} from '../../source.ts';

for (const lang of LANGUAGES) {
  test(`the whole plan is there to the letter (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    const text = page.locator('.text__meta, .heading-link, p.para__text, .para__text > p, .para__item');
    expect((await text.allTextContents()).map((line) => line.replace(/^[ \u00a0]+|[ \u00a0]+$/g, ''))).toEqual(sourceLines(lang));
  });

  test(`nothing of it is hidden (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    const hidden = await page
      .locator('.heading-link, .para__num, .sentence, .para__item')
      .evaluateAll((all) => all.filter((element) => !element.checkVisibility({ opacityProperty: true })).length);
    expect(hidden).toBe(0);
  });

  test(`it has its paragraphs, sentences, objectives and measures, each once (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    await expect(page.locator('.para')).toHaveCount(PARAGRAPHS);
    await expect(page.locator('.sentence')).toHaveCount(SENTENCES);
    await expect(page.locator('.para__item')).toHaveCount(OBJECTIVES);
    await expect(page.locator('.measure')).toHaveCount(MEASURES);
    await expect(page.locator('.part')).toHaveCount(SECTIONS);
    const ids = await page.locator('[id]').evaluateAll((all) => all.map((element) => element.id));
    expect(ids).toEqual([...new Set(ids)]);
  });

  test(`each paragraph shows the number the source prints and its number in the whole (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    expect(await page.locator('.para__num > span').allTextContents()).toEqual(sourceNumbers(lang));
    const whole = Array.from({ length: PARAGRAPHS }, (_, i) => `¶ ${i + 1}`);
    expect((await page.locator('.para__num > small').allTextContents()).map((s) => s.replaceAll('\u00a0', ' '))).toEqual(whole);
  });
}

test('headings go down one step at a time', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(page.getByRole('main').locator('h1')).toHaveCount(1);
  const levels = await page.locator('article :is(h1, h2, h3, h4)').evaluateAll((all) => all.map((h) => Number(h.tagName[1])));
  expect(levels[0]).toBe(1);
  for (const [i, level] of levels.entries()) if (i > 0) expect(level - levels[i - 1]!).toBeLessThanOrEqual(1);
});

test('the original says that it is, with the fingerprint of its source', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(page.locator('.text__notice')).toContainText('Texte original en français, reproduit à la lettre.');
  const fingerprint = createHash('sha256').update(sourceBytes('fr')).digest('hex');
  await expect(page.locator('.text__foot')).toContainText(fingerprint);
  await expect(page.locator('.text__foot')).toContainText('13 février 2025');
});

test('the translation says that it is unofficial', async ({ page, visitor }) => {
  await visitor.opens('/en/plan');
  await expect(page.locator('.text__notice')).toContainText('Courtesy translation made by this site.');
  await expect(page.locator('.text__notice')).toContainText('unofficial');
  await expect(page.locator('.text__foot')).toContainText('13 February 2025');
});

test('the title is told to be the site’s own', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(page.locator('.text__notice')).toContainText('La source ne porte pas de titre');
});

test('words of another language carry it', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const foreign = page.locator('article [lang="en"]');
  expect(await foreign.allTextContents()).toEqual(expect.arrayContaining(['Innovation Hub', 'homeshoring', 'friendshoring']));
});

for (const lang of LANGUAGES) {
  test(`the home page leads to the plan and into its parts (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const figures = page.locator('.figure__number');
    await page.goto(`/${lang}/plan/register`);
    const commitments = await page.locator('.row').count();
    await page.goBack();
    expect(await figures.allTextContents()).toEqual([PARAGRAPHS, MEASURES, commitments].map(String));
    await expect(page.locator('.outline a')).toHaveCount(SECTIONS + MEASURES);
    await page.locator('.outline a', { hasText: lang === 'fr' ? 'Mesure 4' : 'Measure 4' }).click();
    await expect(page).toHaveURL(`/${lang}/plan/m4`);
    await visitor.seesTheBeginningOf(visitor.spot('m4'));
  });
}
