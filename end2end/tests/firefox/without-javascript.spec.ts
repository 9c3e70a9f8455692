// A film in Firefox with scripts turned off by its own setting, which stops Playwright's too: fields are filled by keys,
// and the page is asked again instead of waiting within it.
import { expect, test } from '../../site.ts';
import { FIREFOX } from '../../playwright.config.ts';

test.use({ javaScriptEnabled: false, launchOptions: { ...FIREFOX, firefoxUserPrefs: { 'javascript.enabled': false } } });

test('a part is marked by typed timecodes', async ({ page, visitor }) => {
  await page.goto('/fr/media/ESSAI-1');
  const film = () =>
    page.locator('#film').evaluate((film: HTMLVideoElement) => ({ controls: film.controls, ready: film.error?.message ?? film.readyState >= 2 }));
  await expect.poll(film).toEqual({ controls: true, ready: true });
  await page.locator('#in').evaluate((field) => field.focus());
  await page.keyboard.type('10:00:00:10');
  await visitor.presses('Tab');
  await page.keyboard.type('10:00:01:10');
  await visitor.presses('Enter');
  await expect.poll(() => page.url()).toMatch(/[?&]in=10%3A00%3A00%3A10&out=10%3A00%3A01%3A10/);
  await expect.poll(() => page.evaluate(() => document.querySelector('.cut__range')?.textContent)).toContain('25 images');
});
