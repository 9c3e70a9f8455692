// The search: as one types, over the page and on a page of its own.
import { expect, test, type Visitor } from '../../site.ts';

const hits = (visitor: Visitor) => visitor.searchDialog.locator('ol > li');

/** Opens the search from the bar, as a mouse or a thumb does. */
async function opens(visitor: Visitor, path = '/fr/plan') {
  await visitor.opens(path);
  await visitor.page.locator('.bar__search').click();
  const field = visitor.searchDialog.getByRole('searchbox');
  await expect(field).toBeFocused();
  return field;
}

test('the search answers each letter over the page', async ({ page, visitor }) => {
  const field = await opens(visitor);
  for (const letter of 'munitions') {
    await field.press(letter);
    const typed = await field.inputValue();
    if (typed.length >= 3) await expect(hits(visitor).first(), `after ${typed}`).toBeVisible();
  }
  expect(await hits(visitor).count()).toBeGreaterThanOrEqual(4);
  await expect(visitor.searchDialog.getByRole('status')).toHaveText(/^\d+ résultats/);
  await expect(page).toHaveURL('/fr/plan');
});

test('what matched is highlighted and named as the reason', async ({ visitor }) => {
  const field = await opens(visitor);
  await field.fill('approvisionnement');
  await expect(hits(visitor).first()).toBeVisible();
  const marks = await visitor.searchDialog.locator('mark').allTextContents();
  expect(marks.length).toBeGreaterThan(0);
  for (const mark of marks) expect(mark.toLowerCase()).toContain('approvisionnement');
  await expect(hits(visitor).first().locator('.hit__why')).toHaveText(/correspond à .*approvisionnement/);
  await expect(hits(visitor).first().locator('.hit__place')).not.toBeEmpty();
});

test('each hit leads to its address, where what was sought stands lit up', async ({ page, visitor }) => {
  const field = await opens(visitor);
  await field.fill('friendshoring');
  await expect(hits(visitor)).toHaveCount(1);
  await expect(hits(visitor).locator('a')).toHaveAttribute('href', '/fr/plan/m3.2');
  await hits(visitor).locator('a').click();
  await expect(page).toHaveURL('/fr/plan/m3.2');
  await expect(visitor.searchDialog).toBeHidden();
  await visitor.seesTheBeginningOf(visitor.spot('m3.2'));
  await expect(visitor.lit).toHaveCount(1);
  await expect(visitor.spot('m3.2')).toContainText('friendshoring');
});

test('arrows walk from the field through the hits and back', async ({ page, visitor }) => {
  const field = await opens(visitor);
  await field.fill('munitions');
  await expect(hits(visitor).nth(1)).toBeVisible();
  await visitor.presses('ArrowDown');
  await expect(hits(visitor).nth(0).locator('a')).toBeFocused();
  await visitor.presses('ArrowDown');
  await expect(hits(visitor).nth(1).locator('a')).toBeFocused();
  await visitor.presses('ArrowUp', 'ArrowUp');
  await expect(field).toBeFocused();
  await visitor.presses('ArrowDown', 'ArrowDown');
  const second = await hits(visitor).nth(1).locator('a').getAttribute('href');
  await visitor.presses('Enter');
  await expect(page).toHaveURL(second!);
  await expect(visitor.searchDialog).toBeHidden();
});

test('the last hit can be reached and seen with arrows alone', async ({ visitor }) => {
  const field = await opens(visitor);
  await field.fill('alliés');
  await expect(hits(visitor).nth(5)).toBeAttached();
  const last = hits(visitor).last().locator('a');
  for (let i = await hits(visitor).count(); i > 0; i--) await visitor.presses('ArrowDown');
  await expect(last).toBeFocused();
  await expect(last).toBeInViewport();
  await visitor.presses('ArrowDown');
  await expect(last).toBeFocused();
});

test('Enter opens the best hit', async ({ page, visitor }) => {
  const field = await opens(visitor);
  await field.fill('homeshoring');
  await expect(hits(visitor)).toHaveCount(1);
  await visitor.presses('Enter');
  await expect(page).toHaveURL('/fr/plan/m3.2');
  await expect(visitor.searchDialog).toBeHidden();
  await expect(visitor.spot('m3.2')).toBeFocused();
});

test('Enter opens a hit on the very page one is on', async ({ page, visitor }) => {
  const field = await opens(visitor, '/fr/plan/m3.2');
  await field.fill('homeshoring');
  await expect(hits(visitor)).toHaveCount(1);
  await visitor.presses('Enter');
  await expect(visitor.searchDialog).toBeHidden();
  await expect(page).toHaveURL('/fr/plan/m3.2');
});

test('Escape closes the search and gives the focus back', async ({ page, visitor }) => {
  await opens(visitor);
  await visitor.presses('Escape');
  await expect(visitor.searchDialog).toBeHidden();
  await expect(page.locator('.bar__search')).toBeFocused();
});

test('what was typed is still there when the search is opened again', async ({ page, visitor }) => {
  const field = await opens(visitor);
  await field.fill('Ukraine');
  await expect(hits(visitor).first()).toBeVisible();
  await visitor.presses('Escape');
  await page.locator('.bar__search').click();
  await expect(field).toHaveValue('Ukraine');
  await expect(hits(visitor).first()).toBeVisible();
});

for (const [query, slug, why] of [
  ['m4.2', 'm4.2', 'an address'],
  ['¶20', 'm4.2', 'a paragraph’s number'],
  ['DIPB', 'm4.1', 'an acronym'],
  ['resilience', 'm3.1', 'a word without its accents'],
  ['munitons', 'm4.2', 'a word with a typing error'],
  ['l’interopérabilité', 'p3.obj', 'a word with its elision'],
  ["l'interopérabilité", 'p3.obj', 'a word with a typewriter’s apostrophe'],
  ['"exercices sur table"', 'm2.2', 'words in typewriter’s quotes'],
  ['« exercices sur table »', 'm2.2', 'words in French quotes'],
  ['start-ups', 'm6.4', 'a compound'],
  ['NOUVELLE-ZÉLANDE', 'm4.5', 'a name in capitals'],
]) {
  test(`${query} (${why}) is found`, async ({ page, visitor }) => {
    const field = await opens(visitor);
    await field.fill(query!);
    await expect(visitor.searchDialog.locator(`a[href="/fr/plan/${slug}"]`)).toHaveCount(1);
    // The server answers the same, in the same order.
    const here = await visitor.searchDialog.locator('ol a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    await visitor.opens(`/fr/plan/search?q=${encodeURIComponent(query!)}`);
    const there = await page.locator('ol#results a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(there).toEqual(here);
  });
}

test('English is searched in English', async ({ page, visitor }) => {
  const field = await opens(visitor, '/en/plan');
  await field.fill('supply chains');
  await expect(hits(visitor).first()).toBeVisible();
  await expect(visitor.searchDialog.getByRole('status')).toHaveText(/^\d+ results/);
  await expect(visitor.searchDialog.locator('mark').first()).toHaveText(/suppl/i);
  await visitor.presses('Enter');
  await expect(page).toHaveURL(/\/en\/plan\/[a-z0-9.]+$/);
});

test('before anything is typed, words to try are offered', async ({ visitor }) => {
  const field = await opens(visitor);
  await expect(hits(visitor)).toHaveCount(0);
  const tries = visitor.searchDialog.locator('.empty a');
  for (let i = 0; i < (await tries.count()); i++) {
    const word = await tries.nth(i).textContent();
    await tries.nth(i).click();
    await expect(field).toHaveValue(word!);
    await expect(hits(visitor).first(), `${word} has hits`).toBeVisible();
    await field.fill('');
  }
});

test('where nothing matches, it says so and offers what does', async ({ visitor }) => {
  const field = await opens(visitor);
  await field.fill('xyzzyx');
  await expect(visitor.searchDialog.getByRole('status')).toContainText('Rien ne correspond à « xyzzyx ».');
  await expect(hits(visitor)).toHaveCount(0);
  const suggestion = visitor.searchDialog.locator('.empty a').first();
  await expect(suggestion).toBeVisible();
  await suggestion.click();
  await expect(hits(visitor).first()).toBeVisible();
  await expect(field).not.toHaveValue('xyzzyx');
});

for (const [what, query] of [
  ['HTML', '<img src=x onerror=alert(1)><b>gras</b>'],
  ['a script’s end', '</script><script>alert(1)</script>'],
  ['signs that mean something elsewhere', `%00 %zz & ? # + ; = \\ / * [ ( { ^ $ | ' " \` ~`],
  ['lone quotes', '« " “ ” »'],
  ['other scripts and signs', 'العربية 日本語 🚀 e\u0301 ﬁ ½ \u200b\u202e'],
  ['very many letters', 'a'.repeat(5000)],
  ['very many words', 'munitions '.repeat(500)],
  ['nothing but blanks', '   \u00a0 '],
]) {
  test(`a query of ${what} is taken for words`, { tag: '@phone' }, async ({ page, visitor }) => {
    const answer = await visitor.opens(`/fr/plan/search?q=${encodeURIComponent(query!)}`);
    expect(answer.status()).toBe(200);
    const shown = await page.getByRole('main').getByRole('searchbox').inputValue();
    expect(shown.length > 0 && query!.startsWith(shown), 'the words are kept').toBe(true);
    expect(await visitor.sideways()).toBe(0);
    expect(await page.locator('main img, main b').count()).toBe(0);
    const field = await opens(visitor);
    await field.fill(query!);
    await expect(visitor.searchDialog.locator('img, b')).toHaveCount(0);
    await field.fill('munitions');
    await expect(hits(visitor).first()).toBeVisible();
  });
}

test('a word with a plus sign and an ampersand survives its address', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search');
  const field = page.getByRole('main').getByRole('searchbox');
  await field.fill('a+b & c=d #e 100%');
  await expect(page).toHaveURL(/q=a%2Bb/);
  await page.reload();
  await visitor.isAtHome();
  await expect(field).toHaveValue('a+b & c=d #e 100%');
});

test('the search page answers each letter and keeps the query in its address', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search');
  const field = page.getByRole('main').getByRole('searchbox');
  await field.pressSequentially('stocks');
  await expect(page.locator('ol#results > li').first()).toBeVisible();
  await expect(page).toHaveURL('/fr/plan/search?q=stocks');
  const before = await page.locator('ol#results').innerText();
  await page.reload();
  await visitor.isAtHome();
  await expect(field).toHaveValue('stocks');
  expect(await page.locator('ol#results').innerText()).toBe(before);
});

test('the way back from a hit leads to the hits', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search');
  const field = page.getByRole('main').getByRole('searchbox');
  await field.pressSequentially('stocks');
  const first = page.locator('ol#results a').first();
  await expect(first).toBeVisible();
  const href = await first.getAttribute('href');
  await first.click();
  await expect(page).toHaveURL(href!);
  await expect(visitor.lit).toHaveCount(1);
  await page.goBack();
  await expect(page).toHaveURL('/fr/plan/search?q=stocks');
  await expect(field).toHaveValue('stocks');
  await expect(page.locator(`ol#results a[href="${href}"]`)).toBeVisible();
});

test('a suggestion on the search page is kept in its address too', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search');
  await page.locator('.search-page .empty a').first().click();
  await expect(page.locator('ol#results > li').first()).toBeVisible();
  const word = await page.getByRole('main').getByRole('searchbox').inputValue();
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe(word);
});

test('the page and the search over it do not speak for each other', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search?q=stocks');
  await page.locator('.bar__search').click();
  await visitor.searchDialog.locator('.empty a').first().click();
  await expect(hits(visitor).first()).toBeVisible();
  await visitor.presses('Escape');
  await expect(page.getByRole('main').getByRole('searchbox')).toHaveValue('stocks');
});
