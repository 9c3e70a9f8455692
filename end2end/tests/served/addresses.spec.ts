// What the server sends for each address of the plan.
import { expect, test, VIEWS } from '../../site.ts';
import { LANGUAGES, MEASURES, OBJECTIVES, PARAGRAPHS, SECTIONS, SENTENCES } from '../../source.ts';

test.use({ javaScriptEnabled: false });

/** Home, the plan, its views, about, accessibility, the legal notice, the API. */
const FIXED = 7 + VIEWS.length;

const PLACES = SECTIONS + MEASURES + PARAGRAPHS + SENTENCES + OBJECTIVES;

for (const lang of LANGUAGES) {
  test(`every paragraph, sentence, objective, measure and section has an address with a name of its own (${lang})`, async ({ page, request, visitor }) => {
    test.setTimeout(600_000);
    await visitor.opens(`/${lang}/plan`);
    const slugs = await page
      .locator('.part__title, .measure__title, .para, .sentence, .para__item')
      .evaluateAll((all) => all.map((element) => element.id));
    expect(slugs).toHaveLength(PLACES);
    expect(new Set(slugs).size).toBe(PLACES);
    const titles = new Set<string>();
    for (const slug of slugs) {
      const answer = await request.get(`/${lang}/plan/${slug}`, { maxRedirects: 0 });
      expect(answer.status(), slug).toBe(200);
      const html = await answer.text();
      expect(html.match(/is-target/g), `${slug} alone is lit`).toHaveLength(1);
      expect(html, slug).toMatch(new RegExp(`<link rel="canonical" href="[^"]*/${lang}/plan/${slug.replaceAll('.', '\\.')}"`));
      titles.add(/<title>([^<]+)/.exec(html)![1]!);
    }
    expect(titles.size).toBe(PLACES);
  });

  test(`each paragraph is known by its number in the whole (${lang})`, async ({ page, request, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    const slugs = await page.locator('.para').evaluateAll((all) => all.map((element) => element.id));
    for (const [i, slug] of slugs.entries()) {
      const answer = await request.get(`/${lang}/plan/${encodeURIComponent(`¶${i + 1}`)}`, { maxRedirects: 0 });
      expect(answer.status()).toBe(301);
      expect(answer.headers().location).toBe(`/${lang}/plan/${slug}`);
    }
    expect((await request.get(`/${lang}/plan/${encodeURIComponent('¶38')}`)).status()).toBe(404);
    expect((await request.get(`/${lang}/plan/${encodeURIComponent('¶0')}`)).status()).toBe(404);
  });
}

test('every address of the site map is answered and says that it is the one', async ({ baseURL, request }) => {
  test.setTimeout(600_000);
  const xml = await (await request.get('/sitemap.xml')).text();
  const addresses = [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => match[1]!);
  expect(addresses.length).toBe(2 * (FIXED + SECTIONS + MEASURES + PARAGRAPHS));
  for (const address of addresses) {
    expect(address.startsWith(baseURL!)).toBe(true);
    const answer = await request.get(address, { maxRedirects: 0 });
    expect(answer.status(), address).toBe(200);
    expect(await answer.text(), address).toContain(`<link rel="canonical" href="${address}"`);
  }
});

test('robots are shown the site map', async ({ baseURL, request }) => {
  expect(await (await request.get('/robots.txt')).text()).toContain(`Sitemap: ${baseURL}/sitemap.xml`);
});

for (const path of ['/fr/', '/fr/plan/', '/fr/plan/m4.2/', '/en/about/']) {
  test(`${path} is the same page without its last stroke`, async ({ request }) => {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect([301, 308]).toContain(answer.status());
    expect(answer.headers().location).toBe(path.replace(/\/$/, ''));
  });
}

for (const path of ['//elsewhere.example/', '/\\elsewhere.example/', '/fr//elsewhere.example/', '/fr/plan/%2F%2Felsewhere.example']) {
  test(`${path} leads nobody elsewhere`, async ({ baseURL, request }) => {
    const answer = await request.get(baseURL + path, { maxRedirects: 0 });
    const location = answer.headers().location;
    expect(location === undefined || location.startsWith('/fr/')).toBe(true);
  });
}
