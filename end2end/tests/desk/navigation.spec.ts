// Where one is, how far one has come, and how one goes on.
import { expect, test } from '../../site.ts';
import { PARAGRAPHS } from '../../source.ts';

test('the contents name every section, measure and paragraph and lead there', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const inContents = await visitor.contents.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')!.split('/').at(-1)));
  const inText = await page.locator('.part__title, .measure__title, .para').evaluateAll((all) => all.map((element) => element.id));
  expect(inContents).toEqual(inText);
  await visitor.contents.getByRole('link', { name: 'Mesure 4 : faire avancer' }).click();
  await expect(page).toHaveURL('/fr/plan/m4');
  await visitor.seesTheBeginningOf(visitor.spot('m4'));
  await expect(page).toHaveTitle('Mesure 4 – Le plan – Estafette');
});

test('the contents mark where one reads', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  const here = () => visitor.contents.locator('[aria-current]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  for (const [slug, marked] of [
    ['m4.2', ['p2', 'm4', 'm4.2']],
    ['intro.3', ['intro', 'intro.3']],
    ['p3.obj', ['p3', 'p3.obj']],
    ['m1.1', ['p1', 'm1', 'm1.1']],
  ] as const) {
    await visitor.scrollsTo(slug);
    await expect.poll(here, `reading ${slug}`).toEqual(marked.map((slug) => `/fr/plan/${slug}`));
    await expect(visitor.contents.locator(`a[href="/fr/plan/${slug}"]`)).toBeInViewport();
  }
});

test('who scrolls through the whole text passes every paragraph', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const passed = new Set<string>();
  const all = await page.locator('.para').evaluateAll((paras) => paras.map((para) => para.id));
  for (;;) {
    passed.add((await visitor.current.getAttribute('id'))!);
    const end = await page.evaluate(() => {
      const before = scrollY;
      scrollBy({ top: 60, behavior: 'instant' });
      return scrollY === before;
    });
    await visitor.isStill();
    if (end) break;
  }
  passed.add((await visitor.current.getAttribute('id'))!);
  expect(all.filter((slug) => !passed.has(slug))).toEqual([]);
});

test('progress begins at nothing and ends at all', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const progress = visitor.contents.getByRole('progressbar', { name: 'Avancement de la lecture' });
  const now = async () => Number(await progress.getAttribute('aria-valuenow'));
  expect(await now()).toBeLessThanOrEqual(5);
  await visitor.scrollsTo('m4.2');
  await expect.poll(now).toBeGreaterThan(40);
  expect(await now()).toBeLessThan(65);
  await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }));
  await expect.poll(now).toBe(100);
});

test('previous and next lead through the paragraphs', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  const pager = visitor.passage.getByRole('navigation');
  await expect(pager.getByRole('link')).toHaveText(['Précédent Mesure 4, § 1', 'Suivant Mesure 4, § 3']);
  await pager.getByRole('link', { name: 'Suivant' }).click();
  await expect(page).toHaveURL('/fr/plan/m4.3');
  await visitor.seesTheBeginningOf(visitor.spot('m4.3'));
  await expect(visitor.passage.getByRole('heading', { level: 2 })).toHaveText('Mesure 4, § 3');
  await pager.getByRole('link', { name: 'Précédent' }).click();
  await expect(page).toHaveURL('/fr/plan/m4.2');
});

test('the first paragraph has none before it and the last none behind', async ({ visitor }) => {
  await visitor.opens('/fr/plan/intro.1');
  await expect(visitor.passage.getByRole('navigation').getByRole('link')).toHaveText([/^Suivant/]);
  await visitor.opens('/fr/plan/adopt.2');
  await expect(visitor.passage.getByRole('navigation').getByRole('link')).toHaveText([/^Précédent/]);
});

test('next leads from the first paragraph to the last', async ({ page, visitor }) => {
  await visitor.opens('/en/plan/intro.1');
  for (let i = 2; i <= PARAGRAPHS; i++) {
    const next = visitor.passage.locator('.pager__next');
    const href = await next.getAttribute('href');
    await next.click();
    await expect(page).toHaveURL(href!);
    await expect(visitor.lit).toHaveAttribute('id', href!.split('/').at(-1)!);
    await visitor.isStill();
    await expect(visitor.passage.locator('.context__address')).toHaveText(href!);
  }
  await expect(page).toHaveURL('/en/plan/adopt.2');
});

test('the panel follows the reading', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.scrollsTo('m4.1');
  await expect(visitor.passage.getByRole('heading', { level: 2 })).toHaveText('Mesure 4, § 1');
  await expect(visitor.passage.getByText('Conférence des directeurs nationaux des armements')).toBeVisible();
  await expect(visitor.passage.locator('.context__list').first().getByRole('link')).toHaveCount(5);
  await visitor.scrollsTo('p1.obj');
  await expect(visitor.passage.getByRole('heading', { level: 2 })).toHaveText('Pilier 1, objectifs');
  await expect(visitor.passage.getByRole('heading', { name: 'Objectif par objectif' })).toBeVisible();
  await expect(visitor.passage.locator('.context__list').first().getByRole('link')).toHaveCount(3);
});

test('a sentence is reached from the panel', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.1');
  await visitor.passage.locator('a[href="/fr/plan/m4.1.s4"]').click();
  await expect(page).toHaveURL('/fr/plan/m4.1.s4');
  await expect(visitor.lit).toHaveAttribute('id', 'm4.1.s4');
  await expect(visitor.spot('m4.1.s4')).toBeFocused();
});

test('reading is resumed where one left', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(page.locator('.text__resume')).toHaveCount(0);
  await visitor.scrollsTo('m4.2');
  await expect(visitor.spot('m4.2')).toHaveClass(/is-current/);
  await visitor.opens('/fr');
  await visitor.opens('/fr/plan');
  const offer = page.getByRole('link', { name: 'Reprendre la lecture : Mesure 4, § 2' });
  await expect(offer).toBeInViewport();
  await offer.click();
  await expect(page).toHaveURL('/fr/plan/m4.2');
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
  await expect(offer).toHaveCount(0);
});

test('the place is kept in the other language too, and the offer can be put away', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.scrollsTo('m5.1');
  await expect(visitor.spot('m5.1')).toHaveClass(/is-current/);
  await visitor.opens('/en/plan');
  await expect(page.getByRole('link', { name: 'Resume reading: Measure 5, § 1' })).toBeVisible();
  await page.locator('.text__resume').getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('.text__resume')).toHaveCount(0);
});

test('the bar says where one is', async ({ page, visitor }) => {
  const current = page.getByRole('navigation', { name: 'Navigation principale' }).locator('[aria-current]');
  await visitor.opens('/fr/plan');
  await expect(current).toHaveText(['Le plan']);
  await visitor.opens('/fr/plan/m4.2');
  await expect(current).toHaveText(['Le plan']);
  await visitor.opens('/fr/about');
  await expect(current).toHaveText(['À propos']);
  await visitor.opens('/fr');
  await expect(current).toHaveCount(0);
});
