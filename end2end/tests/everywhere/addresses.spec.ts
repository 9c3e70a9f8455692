// Every spot of the text has an address; who opens one is there.
import { expect, NOT_FOUND, NOWHERE, test } from '../../site.ts';

const SPOTS = [
  { what: 'a paragraph', slug: 'm4.2', fr: 'Mesure 4, § 2', en: 'Measure 4, § 2' },
  { what: 'a sentence', slug: 'm4.2.s3', fr: 'Mesure 4, § 2, phrase 3', en: 'Measure 4, § 2, sentence 3' },
  { what: 'an objective', slug: 'p1.obj.2', fr: 'Pilier 1, objectif 2', en: 'Pillar 1, objective 2' },
  { what: 'a list of objectives', slug: 'p3.obj', fr: 'Pilier 3, objectifs', en: 'Pillar 3, objectives' },
  { what: 'a measure', slug: 'm7', fr: 'Mesure 7', en: 'Measure 7' },
  { what: 'a pillar', slug: 'p2', fr: 'Pilier 2', en: 'Pillar 2' },
  { what: 'the first paragraph', slug: 'intro.1', fr: 'Introduction, § 1', en: 'Introduction, § 1' },
  {
    what: 'the last sentence',
    slug: 'adopt.2.s1',
    fr: 'Adoption rapide des nouvelles technologies, § 2, phrase 1',
    en: /§ 2, sentence 1/,
  },
];

for (const { what, slug, fr, en } of SPOTS) {
  test(`the address of ${what} opens there, lit up, below the bar`, async ({ page, visitor }) => {
    await visitor.opens(`/fr/plan/${slug}`);
    await visitor.seesTheBeginningOf(visitor.spot(slug));
    await expect(visitor.lit).toHaveCount(1);
    const itself = await visitor.lit.evaluate((lit, slug) => lit.closest('[id]')?.id === slug, slug);
    expect(itself, 'what is lit is what the address names').toBe(true);
    await expect(visitor.spot(slug)).toBeFocused();
    await expect(page).toHaveTitle(`${fr} – Le plan – Estafette`);
  });

  test(`the address of ${what} has its name in English`, { tag: '@phone' }, async ({ page, visitor }) => {
    await visitor.opens(`/en/plan/${slug}`);
    await visitor.seesTheBeginningOf(visitor.spot(slug));
    await expect(page).toHaveTitle(typeof en === 'string' ? `${en} – The plan – Estafette` : en);
  });
}

test('what is lit can be told from the rest', async ({ visitor }) => {
  await visitor.opens('/fr/plan/m4.2.s3');
  const looks = (slug: string) =>
    visitor.spot(slug).evaluate((element) => {
      const { backgroundColor, backgroundImage, textDecorationLine, boxShadow, fontWeight } = getComputedStyle(element);
      return { backgroundColor, backgroundImage, textDecorationLine, boxShadow, fontWeight };
    });
  expect(await looks('m4.2.s3')).not.toEqual(await looks('m4.2.s2'));
});

for (const [asked, canonical] of [
  ['¶20', 'm4.2'],
  ['%C2%B637', 'adopt.2'],
  ['M4.2', 'm4.2'],
  ['M4.2.S3', 'm4.2.s3'],
  ['INTRO.1', 'intro.1'],
]) {
  test(`${asked} leads to ${canonical}`, { tag: '@desktop' }, async ({ page, visitor }) => {
    await visitor.opens(`/fr/plan/${asked}`);
    await expect(page).toHaveURL(`/fr/plan/${canonical}`);
    await visitor.seesTheBeginningOf(visitor.spot(canonical!));
  });
}

test('another name of a spot keeps both languages side by side', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/M4.2?side=1');
  await expect(page).toHaveURL('/fr/plan/m4.2?side=1');
});

for (const path of NOWHERE) {
  test(`${path} is told not to exist, in the site's look`, { tag: path.startsWith('/en') ? '@desktop' : '@phone' }, async ({ page, trouble, visitor }) => {
    trouble.expect(...NOT_FOUND);
    const answer = await page.goto(path);
    expect(answer!.status()).toBe(404);
    const lang = path.startsWith('/en') ? 'en' : 'fr';
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    const title = { fr: 'Cette page n’existe pas', en: 'This page does not exist' }[lang];
    await expect(page).toHaveTitle(`${title} – Estafette`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.getByRole('banner')).toBeVisible();
    await expect(page.getByRole('contentinfo')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: { fr: 'Lire le plan', en: 'Read the plan' }[lang] }).click();
    await expect(page).toHaveURL(`/${lang}/plan`);
    await visitor.isAtHome();
    await expect(page.locator('.para')).not.toHaveCount(0);
  });
}
