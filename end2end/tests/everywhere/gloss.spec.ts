// The editors' reading within the reader: what words mean, where they point, how firm a promise is.
import { expect, test, type Visitor } from '../../site.ts';

const card = (visitor: Visitor) => visitor.page.locator('#card');
const term = (visitor: Visitor) => visitor.spot('m4.2').getByRole('link', { name: 'modulation des échelles de production' });
const DIPB = '[data-card="term-dipb"]';

/** Brings a word's card by the means of the device: the pointer comes to it, or a finger. */
async function reaches(visitor: Visitor) {
  await visitor.opens('/fr/plan/m4.2');
  await term(visitor).scrollIntoViewIfNeeded();
  await (test.info().project.name === 'phone' ? term(visitor).tap() : term(visitor).hover());
  await expect(card(visitor)).toBeVisible();
}

test('a term explains itself where it stands, and the address stays', async ({ page, visitor }) => {
  await reaches(visitor);
  await expect(card(visitor).getByRole('heading')).not.toBeEmpty();
  await expect(term(visitor)).toHaveAccessibleDescription(/\w+ \w+ \w+/);
  await expect(card(visitor)).toBeInViewport({ ratio: 1 });
  await expect(page).toHaveURL('/fr/plan/m4.2');
});

test('the explanation can be put away without moving, and does not come back by itself', async ({ visitor }) => {
  await reaches(visitor);
  await visitor.presses('Escape');
  await expect(card(visitor)).toBeHidden();
  await visitor.isStill();
  await expect(card(visitor)).toBeHidden();
});

test('the pointer can go to the explanation and stay there', { tag: '@desktop' }, async ({ page, visitor }) => {
  await reaches(visitor);
  await card(visitor).hover();
  await visitor.isStill();
  await expect(card(visitor)).toBeVisible();
  await page.mouse.move(720, 120);
  await expect(card(visitor)).toBeHidden();
});

test('a term explains itself to who comes by keyboard', { tag: '@desktop' }, async ({ visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await visitor.spot('m4.2').locator('.para__num').focus();
  await visitor.presses('Tab');
  await expect(card(visitor)).toBeVisible();
  await visitor.presses('Tab');
  await expect(visitor.spot('m4.2').locator('[data-card="term-capability"]')).toBeFocused();
  await expect(card(visitor), 'the next word, the next explanation').toHaveCount(1);
  await visitor.presses('Enter');
  await expect(visitor.spot('term-capability'), 'Enter goes to the note').toBeInViewport();
});

test('a second touch goes to the note below the text', { tag: '@phone' }, async ({ visitor }) => {
  await reaches(visitor);
  await term(visitor).tap();
  await expect(visitor.spot('term-scale-of-production')).toBeInViewport();
});

test('a term is a link once in a paragraph', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  const twice = await visitor.page.evaluate(() =>
    [...document.querySelectorAll('.para')].flatMap((para) => {
      const meant = [...para.querySelectorAll('.term')].map((link) => `${para.id} ${link.getAttribute('data-card')}`);
      return meant.filter((one, at) => meant.indexOf(one) !== at);
    }),
  );
  expect(twice).toEqual([]);
});

test('one switch marks how firm each commitment is, another what softens it', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  const phrase = visitor.spot('m4.2').locator('.shown--continues');
  const caveat = page.locator('.para .shown--caveat').first();
  const look = (shown: typeof phrase) =>
    shown.evaluate((element) => {
      const [own, before] = [getComputedStyle(element), getComputedStyle(element, '::before')];
      return [own.backgroundColor, own.textDecorationLine, before.content].join(' ');
    });
  const [plainPhrase, plainCaveat] = [await look(phrase), await look(caveat)];
  await page.locator('label.lens', { hasText: 'Force des engagements' }).click();
  await expect.poll(() => look(phrase)).not.toBe(plainPhrase);
  expect(await look(caveat), 'the other lens is off').toBe(plainCaveat);
  await expect(page.locator('.lenses__key--strength')).toBeVisible();
  await page.locator('label.lens', { hasText: 'Réserves et conditions' }).click();
  await expect.poll(() => look(caveat)).not.toBe(plainCaveat);
  await page.locator('label.lens', { hasText: 'Force des engagements' }).click();
  await expect.poll(() => look(phrase)).toBe(plainPhrase);
});

test('the passage tells who promises what, how firmly, and how to cite it', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  if (test.info().project.name === 'phone') await page.locator('.thumb-bar').getByRole('button', { name: 'Ce passage' }).tap();
  const promises = visitor.passage.locator('.context__promises > li');
  await expect(promises).toHaveCount(2);
  await expect(promises.first()).toContainText('Continue');
  await expect(promises.first().getByRole('link')).toHaveAttribute('href', '/fr/plan/m4.2.s1');
  await visitor.passage.locator('summary', { hasText: 'Citer' }).click();
  const bib = visitor.passage.getByRole('link', { name: 'BibTeX' });
  const [download] = await Promise.all([page.waitForEvent('download'), bib.click()]);
  expect(download.suggestedFilename()).toMatch(/\.bib$/);
});

test('a citation is copied in one click', { tag: '@desktop' }, async ({ context, page, visitor }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visitor.opens('/fr/plan/m4.2');
  await visitor.passage.locator('summary', { hasText: 'Citer' }).click();
  await visitor.passage.getByRole('button', { name: 'Copier : BibTeX' }).click();
  await expect(visitor.toast).toContainText('Citation copiée');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('@');
  expect(copied).toContain('/fr/plan/m4.2');
  expect(copied).toMatch(/[0-9a-f]{64}/);
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('a term leads to its note, and the lenses work', async ({ page, visitor }) => {
    await visitor.opens('/fr/plan/m4.2');
    await page.locator('label.lens', { hasText: 'Force des engagements' }).click();
    await expect(page.locator('.lenses__key--strength')).toBeVisible();
    await visitor.spot('m4.2').locator(DIPB).click();
    await expect(page).toHaveURL(/#term-dipb$/);
    await expect(visitor.spot('term-dipb')).toBeInViewport();
  });
});
