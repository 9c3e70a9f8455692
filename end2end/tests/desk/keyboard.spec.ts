// Everything by keyboard, and nothing that holds it.
import { expect, PAGES, test, type Visitor } from '../../site.ts';
import { PARAGRAPHS } from '../../source.ts';

test('the first Tab offers to skip to the content, and Enter does', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.presses('Tab');
  const skip = page.getByRole('link', { name: 'Aller au contenu' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await visitor.presses('Enter');
  await expect(page.locator('#content')).toBeFocused();
  await visitor.presses('Tab');
  expect(await page.evaluate(() => !!document.activeElement?.closest('#content'))).toBe(true);
});

for (const key of ['/', 'Control+k', 'Meta+k']) {
  test(`${key} opens the search, ready to type, and types nothing itself`, async ({ visitor }) => {
    await visitor.opens('/fr/plan');
    await visitor.presses(key);
    const field = visitor.searchDialog.getByRole('searchbox');
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('');
    await visitor.presses('Escape');
    await expect(visitor.searchDialog).toBeHidden();
  });
}

test('the search opens on every page', async ({ page, visitor }) => {
  for (const path of ['/fr', '/en/about', '/fr/accessibility', '/en/legal', '/en/plan/search']) {
    await visitor.opens(path);
    await visitor.presses('Control+k');
    await expect(visitor.searchDialog.getByRole('searchbox')).toBeFocused();
    await visitor.searchDialog.getByRole('searchbox').fill('DIPB');
    await expect(visitor.searchDialog.locator('ol > li').first()).toBeVisible();
    await visitor.presses('Enter');
    await expect(page).toHaveURL(/\/(fr|en)\/plan\/m\d/);
    await expect(visitor.lit).toHaveCount(1);
  }
});

test('j leads through every paragraph in order, and k back', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  const all = await visitor.page.locator('.para').evaluateAll((paras) => paras.map((para) => para.id));
  expect(all).toHaveLength(PARAGRAPHS);
  const walk = async (key: string) => {
    await visitor.presses(key);
    await visitor.isStill();
    const slug = await visitor.current.getAttribute('id');
    await expect(visitor.spot(slug!)).toBeFocused();
    await visitor.seesTheBeginningOf(visitor.spot(slug!));
    return slug;
  };
  const forth = [];
  for (let i = 1; i < PARAGRAPHS; i++) forth.push(await walk('j'));
  expect(forth).toEqual(all.slice(1));
  expect(await walk('j'), 'the last stays the last').toBe(all.at(-1));
  const back = [];
  for (let i = 1; i < PARAGRAPHS; i++) back.push(await walk('k'));
  expect(back).toEqual(all.slice(0, -1).reverse());
});

test('b puts both languages side by side and takes them apart again', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await visitor.presses('b');
  await expect(page).toHaveURL('/fr/plan/m4.2?side=1');
  await expect(page.locator('.para__pair')).toHaveCount(PARAGRAPHS);
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
  await visitor.presses('b');
  await expect(page).toHaveURL('/fr/plan/m4.2');
  await expect(page.locator('.para__pair')).toHaveCount(0);
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
});

test('? shows the keys, Escape hides them and gives the focus back', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const link = page.getByRole('navigation', { name: 'Navigation principale' }).getByRole('link', { name: 'À propos' });
  await link.focus();
  await visitor.presses('?');
  await expect(visitor.helpDialog).toBeVisible();
  await expect(visitor.helpDialog.locator('kbd')).toHaveText(['/', 'j', 'k', 'c', 'b', '?', 'Esc']);
  await visitor.presses('Escape');
  await expect(visitor.helpDialog).toBeHidden();
  await expect(link).toBeFocused();
  await visitor.presses('?');
  await visitor.helpDialog.getByRole('button', { name: 'Fermer' }).click();
  await expect(visitor.helpDialog).toBeHidden();
});

test('letters typed into a field are letters', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/search');
  const field = page.getByRole('main').getByRole('searchbox');
  await field.click();
  await field.pressSequentially('jkbc?/');
  await expect(field).toHaveValue('jkbc?/');
  await expect(visitor.searchDialog).toBeHidden();
  await expect(visitor.helpDialog).toBeHidden();
});

test('keys with modifiers are left to the browser', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.presses('Control+b', 'Alt+j', 'Control+j', 'Alt+k');
  await visitor.isStill();
  await expect(page).toHaveURL('/fr/plan');
  await expect(visitor.searchDialog).toBeHidden();
  await expect(visitor.spot('intro.1')).toHaveClass(/is-current/);
});

test('keys do nothing behind an open dialog', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.presses('?');
  await expect(visitor.helpDialog).toBeVisible();
  await visitor.presses('j', 'b', 'c');
  await visitor.isStill();
  await expect(page).toHaveURL('/fr/plan');
  await expect(visitor.spot('intro.1')).toHaveClass(/is-current/);
  await expect(visitor.toast).toBeEmpty();
});

/** Goes through a page by Tab (or Shift+Tab) until the focus leaves it or begins anew; tells what had it. */
async function tabsThrough(visitor: Visitor, key: 'Tab' | 'Shift+Tab') {
  const stops: { name: string; covered: string | false; marked: boolean }[] = [];
  const seen = new Set<string>();
  for (;;) {
    await visitor.presses(key);
    const stop = await visitor.page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const numbered = window as unknown as { stops?: Map<Element, number> };
      numbered.stops ??= new Map();
      if (!numbered.stops.has(element)) numbered.stops.set(element, numbered.stops.size);
      // A choice shows the focus itself, or what stands for it does.
      const shown = element.matches('input[type="radio"]') ? [element, element.nextElementSibling!] : [element];
      const style = shown.flatMap((shown) => [getComputedStyle(shown), getComputedStyle(shown, '::after')]);
      const marked = style.some(
        (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || (s.boxShadow !== 'none' && s.boxShadow !== ''),
      );
      const box = element.getClientRects()[0];
      let covered: string | false = box ? false : 'has no box';
      if (box) {
        // Of what is taller than a third of the view (a table that scrolls), the middle of what is in view.
        const visible = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const y = box.height > innerHeight / 3 ? visible : box.top + Math.min(box.height / 2, 8);
        const x = box.left + Math.min(box.width / 2, 40);
        const top = document.elementFromPoint(x, y);
        if (!top) covered = `is outside the view at ${Math.round(x)}, ${Math.round(y)}`;
        // Sliders of one line lie over each other; what can be seen of each is its thumb.
        else if (top.closest('.scrubber')?.contains(element)) covered = false;
        else if (top !== element && !element.contains(top) && !top.contains(element)) covered = `is under ${top.className || top.tagName}`;
      }
      return { id: String(numbered.stops.get(element)), name: element.getAttribute('aria-label') ?? element.textContent!.trim().slice(0, 60), covered, marked };
    });
    if (!stop || seen.has(stop.id)) return stops;
    seen.add(stop.id);
    stops.push(stop);
    expect(stops.length, 'Tab comes to an end').toBeLessThan(1000);
  }
}

// The plan opened at a spot has the same stops as the plan, and a view filtered has those of the view.
const SAME = /^(a paragraph|a sentence|a list|both languages|a search without|the register,|the register without|the network from|a stop)/;
for (const [name, path] of PAGES.filter(([name]) => !SAME.test(name))) {
  test(`Tab leads through ${name} and out of it; the focus is always to be seen`, async ({ visitor }) => {
    await visitor.opens(path('fr'));
    // From the top of the page, wherever its address has led.
    await visitor.page.evaluate(() => {
      (document.activeElement as HTMLElement).blur();
      getSelection()?.removeAllRanges();
      document.querySelector<HTMLElement>('.skip')!.focus();
      scrollTo(0, 0);
    });
    const forth = await tabsThrough(visitor, 'Tab');
    expect(forth.length).toBeGreaterThan(5);
    expect(forth.filter((stop) => stop.covered), 'what cannot be seen').toEqual([]);
    expect(forth.filter((stop) => !stop.marked), 'what has no visible focus').toEqual([]);
  });
}

test('Shift+Tab leads back through the plan, and nothing is covered', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.page.locator('.foot a').last().focus();
  const back = await tabsThrough(visitor, 'Shift+Tab');
  expect(back.length).toBeGreaterThan(PARAGRAPHS);
  expect(back.filter((stop) => stop.covered)).toEqual([]);
});

test('the display is set by keyboard alone', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const button = page.getByRole('button', { name: 'Affichage' }).first();
  await button.focus();
  await visitor.presses('Enter');
  await expect(page.locator('#display')).toBeVisible();
  await visitor.presses('Tab');
  await expect(page.locator('#display input[name="size"][value="m"]')).toBeFocused();
  await visitor.presses('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-size', 'l');
  await visitor.presses('Escape');
  await expect(page.locator('#display')).toBeHidden();
  await expect(button).toBeFocused();
});
