// All of it works without a script.
import { expect, NOT_FOUND, test } from '../../site.ts';
import { LANGUAGES, PARAGRAPHS, SENTENCES, sourceLines } from '../../source.ts';

test.use({ javaScriptEnabled: false });

for (const lang of LANGUAGES) {
  test(`the plan is read whole without a script (${lang})`, async ({ page, visitor }) => {
    await visitor.opens(`/${lang}/plan`);
    await expect(page.locator('.para')).toHaveCount(PARAGRAPHS);
    await expect(page.locator('.sentence')).toHaveCount(SENTENCES);
    const text = page.locator('.text__meta, .heading-link, p.para__text, .para__text > p, .para__item');
    expect((await text.allTextContents()).map((line) => line.replace(/^[ \u00a0]+|[ \u00a0]+$/g, ''))).toEqual(sourceLines(lang));
  });
}

for (const slug of ['m4.2', 'm4.2.s3', 'p1.obj.2', 'm7', 'p2', 'adopt.2']) {
  test(`the address of ${slug} opens there, lit up, without a script`, async ({ visitor }) => {
    await visitor.opens(`/fr/plan/${slug}`);
    await visitor.seesTheBeginningOf(visitor.spot(slug));
    await expect(visitor.lit).toHaveCount(1);
  });
}

test('nothing is offered that needs a script', async ({ page, visitor }) => {
  for (const path of ['/fr', '/fr/plan', '/fr/plan/m4.2', '/fr/plan/search', '/fr/about']) {
    await visitor.opens(path);
    await expect(page.locator('.needs-js:visible')).toHaveCount(0);
    // Each button that is shown submits a form or opens something by itself.
    const idle = page.locator('button:visible:not([popovertarget]):not([type="submit"])');
    await expect(idle).toHaveCount(0);
    await expect(page.locator('.loading:visible')).toHaveCount(0);
  }
});

test('a click on a paragraph’s number leads to its address without a script', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.spot('intro.2').locator('.para__num').click();
  await expect(page).toHaveURL('/fr/plan/intro.2');
  await visitor.seesTheBeginningOf(visitor.spot('intro.2'));
});

test('both languages are read side by side without a script', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await page.getByRole('link', { name: 'Côte à côte' }).first().click();
  await expect(page).toHaveURL('/fr/plan/m4.2?side=1');
  await expect(page.locator('.para__pair')).toHaveCount(PARAGRAPHS);
});

test('the search answers without a script', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await page.locator('.bar__search').click();
  await expect(page).toHaveURL('/fr/plan/search');
  await page.getByRole('searchbox').fill('munitions');
  await page.getByRole('button', { name: 'Chercher' }).click();
  await expect(page).toHaveURL('/fr/plan/search?q=munitions');
  await expect(page.getByRole('searchbox')).toHaveValue('munitions');
  const hits = page.locator('ol#results > li');
  expect(await hits.count()).toBeGreaterThanOrEqual(4);
  for (const href of await hits.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))) {
    expect(href).toMatch(/^\/fr\/plan\/[a-z0-9.]+$/);
  }
  await expect(page.getByRole('main').getByRole('status')).toHaveText(/^\d+ résultats/);
  await expect(hits.locator('mark').first()).toHaveText(/munition/i);
  await hits.locator('a').first().click();
  await expect(page).toHaveURL(/\/fr\/plan\/[a-z0-9.]+$/);
  await expect(visitor.lit).toHaveCount(1);
});

test('a search without a hit helps without a script', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search?q=xyzzyx');
  await expect(page.locator('ol#results > li')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('status')).toContainText('xyzzyx');
  const tries = page.locator('.empty a');
  expect(await tries.count()).toBeGreaterThan(0);
  await tries.first().click();
  await expect(page).toHaveURL(/\/fr\/plan\/search\?q=./);
  expect(await page.locator('ol#results > li').count()).toBeGreaterThan(0);
});

test('the language changes and keeps the place without a script', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page).toHaveURL('/en/plan/m4.2');
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
});

test('the way back works without a script', async ({ page, visitor }) => {
  await visitor.opens('/fr');
  await page.getByRole('main').getByRole('link', { name: 'Lire le plan' }).click();
  await expect(page).toHaveURL('/fr/plan');
  await page.goBack();
  await expect(page).toHaveURL('/fr');
});

test('a wrong address is told of without a script', async ({ page, trouble, visitor }) => {
  trouble.expect(...NOT_FOUND);
  const answer = await visitor.opens('/en/plan/m9.9');
  expect(answer.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page does not exist');
});
