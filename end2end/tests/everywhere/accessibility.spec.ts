// axe on every page and in every state, in light and in dark: nothing.
import { hasNoBarrier } from '../../barriers.ts';
import { expect, NOT_FOUND, NOWHERE, PAGES, test, type Visitor } from '../../site.ts';
import { LANGUAGES } from '../../source.ts';

/** States that only someone at the page brings about. */
const STATES: [name: string, path: string, reach: (visitor: Visitor) => Promise<void>][] = [
  ['the search over the page, empty', '/fr/plan', async (visitor) => visitor.page.locator('.bar__search').click()],
  [
    'the search over the page, with hits',
    '/en/plan',
    async (visitor) => {
      await visitor.page.locator('.bar__search').click();
      await visitor.searchDialog.getByRole('searchbox').fill('supply chains');
      await expect(visitor.searchDialog.locator('ol > li').first()).toBeVisible();
      await visitor.presses('ArrowDown');
    },
  ],
  [
    'the search over the page, without hits',
    '/fr/plan',
    async (visitor) => {
      await visitor.page.locator('.bar__search').click();
      await visitor.searchDialog.getByRole('searchbox').fill('xyzzyx');
      await expect(visitor.searchDialog.getByRole('status')).toContainText('xyzzyx');
    },
  ],
  [
    'the list of keys',
    '/fr/plan',
    async (visitor) => {
      await visitor.presses('?');
      await expect(visitor.helpDialog).toBeVisible();
    },
  ],
  [
    'the settings of the display',
    '/fr/plan',
    async (visitor) => {
      await visitor.page.locator('[popovertarget="display"]:visible').click();
      await expect(visitor.page.locator('#display')).toBeVisible();
    },
  ],
  [
    'an offer to resume',
    '/fr/plan/m4.2',
    async (visitor) => {
      await visitor.scrollsTo('m4.2');
      await visitor.opens('/fr/plan');
      await expect(visitor.page.locator('.text__resume')).toBeVisible();
    },
  ],
];

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });
    const what = colorScheme === 'light' ? 'all' : 'colours';

    for (const lang of LANGUAGES) {
      // Each pair of colours, language and device, not each three of them.
      const tag = (colorScheme === 'light') === (lang === 'fr') ? '@desktop' : '@phone';
      // Opened at a paragraph or at objectives, the plan is what it is opened at a sentence.
      for (const [name, path] of PAGES.filter(([name]) => !/^(a paragraph|a list)/.test(name))) {
        test(`${name} has no barrier (${lang})`, { tag }, async ({ visitor }) => {
          await visitor.opens(path(lang));
          await hasNoBarrier(visitor, what);
        });
      }
    }

    // One page says of all of them that they are not there: in the dark one will do.
    for (const path of colorScheme === 'light' ? [...NOWHERE.slice(0, 3), '/nowhere'] : ['/nowhere']) {
      test(`${path}, which does not exist, has no barrier`, async ({ page, trouble, visitor }) => {
        trouble.expect(...NOT_FOUND);
        await page.goto(path);
        await hasNoBarrier(visitor, what);
      });
    }

    for (const [name, path, reach] of STATES) {
      test(`${name} has no barrier`, async ({ visitor }) => {
        await visitor.opens(path);
        await reach(visitor);
        await hasNoBarrier(visitor, what);
      });
    }

    test('very large text has no barrier', async ({ page, visitor }) => {
      await page.addInitScript(() => localStorage.setItem('size', 'xl'));
      await visitor.opens('/fr/plan/m4.2');
      await hasNoBarrier(visitor, what);
    });
  });
}

test.describe('in forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });
  test('the plan has no barrier', async ({ visitor }) => {
    await visitor.opens('/fr/plan/m4.2');
    await hasNoBarrier(visitor);
  });
});

test('the plan has no barrier without motion', async ({ page, visitor }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.opens('/fr/plan/m4.2');
  await hasNoBarrier(visitor);
  const moving = await page.evaluate(() => {
    const seconds = (value: string) => Math.max(...value.split(',').map(parseFloat));
    return [...document.querySelectorAll('*')].filter((element) => {
      const style = getComputedStyle(element);
      return seconds(style.animationDuration) > 0.02 || seconds(style.transitionDuration) > 0.02;
    }).length;
  });
  expect(moving).toBe(0);
});

test('the head of the reader is what a screen reader meets', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(page.getByRole('banner')).toMatchAriaSnapshot({ name: `bar-${test.info().project.name}.aria.yml` });
  await expect(page.locator('.text__head')).toMatchAriaSnapshot({ name: `reader-head-${test.info().project.name}.aria.yml` });
});

test('the first paragraph is what a screen reader meets', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(visitor.spot('intro.1')).toMatchAriaSnapshot({ name: 'paragraph.aria.yml' });
});
