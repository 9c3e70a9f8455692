// What search engines, previews and citation tools read: in the HTML the server sends, for they run no script.
import { expect, PAGES, test } from '../../site.ts';
import { LANGUAGES, SECTIONS } from '../../source.ts';

test.use({ javaScriptEnabled: false });

const SPOTS = [
  ['m4.2', 'Mesure 4, § 2', 'Measure 4, § 2', 'CreativeWork'],
  ['m4.2.s3', 'Mesure 4, § 2, phrase 3', 'Measure 4, § 2, sentence 3', 'CreativeWork'],
  ['p1.obj.2', 'Pilier 1, objectif 2', 'Pillar 1, objective 2', 'CreativeWork'],
  ['m4', 'Mesure 4', 'Measure 4', 'CreativeWork'],
  ['p2', 'Pilier 2', 'Pillar 2', 'CreativeWork'],
] as const;

for (const [slug, fr, en, type] of SPOTS) {
  for (const lang of LANGUAGES) {
    test(`${slug} is named, described and cited as itself (${lang})`, async ({ baseURL, page, visitor }) => {
      await visitor.opens(`/${lang}/plan/${slug}`);
      const meta = (name: string) => page.locator(`meta[name="${name}"]`).getAttribute('content');
      const property = (name: string) => page.locator(`meta[property="${name}"]`).getAttribute('content');
      const address = (lang: string) => `${baseURL}/${lang}/plan/${slug}`;
      const label = { fr, en }[lang];
      const words = (await visitor.spot(slug).evaluate((spot) => (spot.querySelector('.para__text') ?? spot.querySelector('.heading-link') ?? spot).textContent))!;

      await expect(page).toHaveTitle(`${label} – ${{ fr: 'Le plan', en: 'The plan' }[lang]} – Estafette`);
      await expect(page.locator('link[rel="canonical"]')).toHaveAttribute('href', address(lang));
      await expect(page.locator('link[rel="alternate"][hreflang="fr"]')).toHaveAttribute('href', address('fr'));
      await expect(page.locator('link[rel="alternate"][hreflang="en"]')).toHaveAttribute('href', address('en'));
      await expect(page.locator('link[rel="alternate"][hreflang="x-default"]')).toHaveAttribute('href', address('fr'));
      await expect(page.locator('meta[name="robots"]')).toHaveCount(0);

      const description = (await meta('description'))!;
      expect(description.length).toBeLessThanOrEqual(165);
      const beginning = description.replace(/\s*…$/, '');
      expect(words.replace(/\s+/g, ' ').trim().startsWith(beginning.replace(/\s+/g, ' ').slice(0, 60))).toBe(true);

      expect(await property('og:title')).toContain(label);
      expect(await property('og:description')).toBe(description);
      expect(await property('og:url')).toBe(address(lang));
      expect(await property('og:locale')).toBe({ fr: 'fr_FR', en: 'en_GB' }[lang]);
      expect(await property('og:image')).toBe(`${baseURL}/og-image.png`);

      expect(await meta('citation_title')).toContain(label);
      expect(await meta('citation_public_url')).toBe(address(lang));
      expect(await meta('citation_language')).toBe(lang);
      expect(await meta('citation_publication_date')).toBe('2025/02/13');
      expect(await meta('citation_author')).toBe({ fr: 'OTAN', en: 'NATO' }[lang]);

      const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!);
      expect(data).toMatchObject({
        '@context': 'https://schema.org',
        '@type': type,
        '@id': address(lang),
        url: address(lang),
        inLanguage: lang,
        datePublished: '2025-02-13',
        isPartOf: { '@id': `${baseURL}/${lang}/plan` },
      });
      const bare = (text: string) => text.replace(/\s+/g, '');
      expect(bare(data.text)).toBe(bare(words));
      // The translation is the site's work, and says of what.
      if (lang === 'fr') {
        expect(data.author).toMatchObject({ '@type': 'Organization', name: 'OTAN' });
      } else {
        expect(data.author).toBeUndefined();
        expect(data.translationOfWork).toMatchObject({ '@id': address('fr'), inLanguage: 'fr' });
      }
    });
  }
}

for (const lang of LANGUAGES) {
  test(`the whole plan is described as a document of parts (${lang})`, async ({ baseURL, page, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!);
    expect(data).toMatchObject({ '@type': 'DigitalDocument', '@id': `${baseURL}/${lang}/plan`, inLanguage: lang });
    expect(data.hasPart).toHaveLength(SECTIONS);
    expect(data.identifier.value).toBe((await page.locator('.text__foot code').textContent())!);
  });

  test(`every page says what it is, in which language, and whether it is to be found (${lang})`, async ({ page, visitor }) => {
    const other = { fr: 'en', en: 'fr' }[lang];
    const titles: string[] = [];
    for (const [name, path] of PAGES) {
      await visitor.opens(path(lang));
      const title = await page.title();
      // Every state of a page is that page.
      if (!path(lang).includes('?')) titles.push(title);
      expect(title, name).toMatch(/Estafette$/);
      expect((await page.locator('meta[name="description"]').getAttribute('content'))!.length, name).toBeGreaterThan(20);
      await expect(page.locator('h1'), name).toHaveCount(1);

      const hidden = name.includes('search');
      await expect(page.locator('meta[name="robots"][content="noindex"]'), name).toHaveCount(hidden ? 1 : 0);
      await expect(page.locator('link[rel="canonical"]'), name).toHaveCount(hidden ? 0 : 1);

      await expect(page.locator('html'), name).toHaveAttribute('lang', lang);
      const change = page.locator('.bar__lang');
      await expect(change, name).toHaveText({ fr: 'English', en: 'Français' }[lang]);
      await expect(change, name).toHaveAttribute('lang', other);
      await expect(change, name).toHaveAttribute('hreflang', other);
      await expect(page.locator('[lang=""]'), name).toHaveCount(0);
    }
    expect(new Set(titles).size).toBe(titles.length);
  });
}

test('both languages side by side are the same page to search engines', async ({ baseURL, page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2?side=1');
  await expect(page.locator('link[rel="canonical"]')).toHaveAttribute('href', `${baseURL}/fr/plan/m4.2`);
});

test('what previews and browsers are pointed to is there', async ({ page, request, visitor }) => {
  await visitor.opens('/fr');
  const pointed = await page
    .locator('link[rel~="icon"], link[rel="apple-touch-icon"], link[rel="manifest"], link[rel="preload"], link[rel="stylesheet"], link[rel="modulepreload"]')
    .evaluateAll((all) => all.map((link) => (link as HTMLLinkElement).href));
  const image = await page.locator('meta[property="og:image"]').getAttribute('content');
  const manifest = await (await request.get('/manifest.webmanifest')).json();
  const icons = manifest.icons.map((icon: { src: string }) => icon.src);
  expect(icons.length).toBeGreaterThan(1);
  for (const address of [...pointed, image!, ...icons, manifest.start_url]) {
    const answer = await request.get(address);
    expect(answer.status(), address).toBe(200);
    expect((await answer.body()).length, address).toBeGreaterThan(0);
  }
});
