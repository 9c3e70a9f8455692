// Size, width and colours of the text: set once, kept by the browser, there before the first paint.
import { expect, test, type Visitor } from '../../site.ts';

const size = (visitor: Visitor) => visitor.page.locator('.para__text').first().evaluate((p) => parseFloat(getComputedStyle(p).fontSize));
const paper = (visitor: Visitor) => visitor.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test('the text grows and stays so', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const before = await size(visitor);
  await visitor.chooses('size', 'xl');
  const after = await size(visitor);
  expect(after).toBeGreaterThan(before * 1.2);
  await page.reload();
  await visitor.isAtHome();
  expect(await size(visitor)).toBe(after);
  await visitor.opens('/en/plan/m4.2');
  expect(await size(visitor)).toBe(after);
  await expect(page.locator('#display input[name="size"][value="xl"]')).toBeChecked();
});

for (const system of ['light', 'dark'] as const) {
  test(`colours follow a ${system} system until one chooses, and then oneself`, async ({ page, visitor }) => {
    await page.emulateMedia({ colorScheme: system });
    await visitor.opens('/fr/plan');
    const own = await paper(visitor);
    const other = { light: 'dark', dark: 'light' }[system];
    await visitor.chooses('theme', other);
    expect(await paper(visitor)).not.toBe(own);
    await page.reload();
    await visitor.isAtHome();
    expect(await paper(visitor)).not.toBe(own);
    await visitor.chooses('theme', 'auto');
    expect(await paper(visitor)).toBe(own);
  });
}

test('what was set is there before anything is painted', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  for (const [setting, value] of [['size', 'l'], ['width', 'wide'], ['theme', 'dark']] as const) await visitor.chooses(setting, value);
  // A body that exists may be painted: the settings must be on the root before there is one.
  await page.addInitScript(() => {
    const seen: Record<string, boolean> = {};
    Object.assign(window, { seen });
    new MutationObserver(() => {
      for (const key of ['size', 'width', 'theme']) {
        if (document.documentElement?.dataset[key] && !(key in seen)) seen[key] = document.body === null;
      }
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  await page.reload();
  await visitor.isAtHome();
  expect(await page.evaluate(() => (window as never as { seen: unknown }).seen)).toEqual({ size: true, width: true, theme: true });
});

test('a browser that keeps nothing shows the text all the same', async ({ page, visitor }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('no storage here', 'SecurityError');
      },
    });
  });
  await visitor.opens('/fr/plan/m4.2');
  await visitor.seesTheBeginningOf(visitor.spot('m4.2'));
  await visitor.chooses('theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('what someone else put into the store harms nothing', async ({ page, visitor }) => {
  await page.addInitScript(() => {
    localStorage.setItem('size', `"]'><script>alert(1)</script>`);
    localStorage.setItem('theme', 'purple');
    localStorage.setItem('place', '../../evil');
  });
  await page.goto('/fr/plan');
  await expect(page.locator('#display input[name="width"]:checked')).toHaveCount(1);
  await expect(page.locator('.para').first()).toBeVisible();
  await expect(page.locator('.text__resume')).toHaveCount(0);
});
