// What every test has: a browser in which anything unusual is a failure, and a visitor whose verbs are the user's.
import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Lang } from './source.ts';

export { expect };

/**
 * Everything a browser complains of. Whatever is there at the end of a test and was not asked for fails it, and so
 * does what was asked for and did not come.
 */
export class Trouble {
  private seen: string[] = [];
  private asked: RegExp[] = [];

  /** The one way to allow a complaint: to name it. */
  expect(...patterns: RegExp[]) {
    this.asked.push(...patterns);
  }

  constructor(private readonly scripts: boolean) {}

  watch(page: Page) {
    page.on('console', (message) => {
      this.seen.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.seen.push(`page error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'unknown';
      // What is still under way when the visitor leaves the page is given up by the browser, not refused by us.
      if (why === 'net::ERR_ABORTED' || why === 'NS_BINDING_ABORTED') return;
      // So Chromium words it that a script is not fetched because scripts are off.
      if (!this.scripts && why === 'csp' && request.url().endsWith('.js')) return;
      this.seen.push(`failed: ${request.method()} ${request.url()} ${why}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.seen.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
    });
  }

  verdict() {
    const unasked = this.seen.filter((line) => !this.asked.some((pattern) => pattern.test(line)));
    const absent = this.asked.filter((pattern) => !this.seen.some((line) => pattern.test(line))).map(String);
    expect({ unasked, absent }, 'what the browser complained of').toEqual({ unasked: [], absent: [] });
  }
}

/** A 404 of a document as the browser tells of it. */
export const NOT_FOUND = [/^404: GET /, /^console error: Failed to load resource: .* 404 /];

/** Someone who reads. */
export class Visitor {
  constructor(
    readonly page: Page,
    private readonly scripts: boolean,
  ) {}

  /** Opens an address and waits until the page does all it can. */
  async opens(path: string) {
    const answer = await this.page.goto(path);
    await this.isAtHome();
    return answer!;
  }

  /** Waits until this page has its fonts and, where scripts run, listens to every click. */
  async isAtHome() {
    if (this.scripts) {
      // The choices of the display are ticked by the first effect after hydration; what else waits for the text
      // follows before the browser turns to its next task.
      await this.page.locator('input[name="size"]:checked').waitFor({ state: 'attached' });
      await this.page.evaluate(() => new Promise((done) => setTimeout(done)));
    }
    await this.page.evaluate(() => document.fonts.ready.then(() => undefined));
    await this.isStill();
  }

  /** Waits until what the page does with each frame (scrolling, observers, animations) is done. */
  async isStill() {
    await this.page.evaluate(async () => {
      if (document.documentElement.dataset.js !== '1') return;
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
    });
  }

  /** What has that address, in the text. */
  spot(slug: string): Locator {
    return this.page.locator(`[id="${slug}"]`);
  }

  /** The paragraph the page takes for the one being read. */
  get current(): Locator {
    return this.page.locator('.para.is-current');
  }

  /** What the address has lit up. */
  get lit(): Locator {
    return this.page.locator('.is-target');
  }

  get searchDialog(): Locator {
    return this.page.locator('dialog.search');
  }

  get helpDialog(): Locator {
    return this.page.locator('dialog.help');
  }

  get contents(): Locator {
    return this.page.locator('#contents');
  }

  get passage(): Locator {
    return this.page.locator('#passage');
  }

  get toast(): Locator {
    return this.page.locator('.toast');
  }

  /** Presses keys, one after the other. */
  async presses(...keys: string[]) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Opens the search over the page and types. */
  async searches(query: string) {
    await this.presses('/');
    const field = this.searchDialog.getByRole('searchbox');
    await expect(field).toBeFocused();
    await field.pressSequentially(query);
    return field;
  }

  /** Chooses of the display's settings. */
  async chooses(setting: 'size' | 'width' | 'theme', value: string) {
    const choice = this.page.locator(`#display input[name="${setting}"][value="${value}"]`);
    if (!(await choice.isVisible())) await this.page.locator('[popovertarget="display"]:visible').click();
    await choice.check();
  }

  /** Puts that spot at the top of the view, as a scroll wheel would. */
  async scrollsTo(slug: string) {
    await this.spot(slug).evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }));
    await this.isStill();
  }

  /** Checks that it can be seen whole or from its beginning, and that no bar covers it. */
  async seesTheBeginningOf(element: Locator) {
    await expect(element).toBeInViewport();
    await expect
      .poll(() =>
        element.evaluate((element) => {
          const first = element.getClientRects()[0]!;
          const bar = document.querySelector('.bar')!.getBoundingClientRect();
          const thumbs = document.querySelector('.thumb-bar')?.getBoundingClientRect();
          const end = thumbs?.height ? thumbs.top : innerHeight;
          return first.top >= bar.bottom - 1 && first.top < end;
        }),
      )
      .toBe(true);
  }

  /** How far the page can be scrolled sideways, in pixels. */
  async sideways(): Promise<number> {
    return this.page.evaluate(() => document.scrollingElement!.scrollWidth - document.documentElement.clientWidth);
  }
}

type Fixtures = { trouble: Trouble; visitor: Visitor; another: () => Promise<Visitor> };

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => {
    const address = process.env.SITE_UNDER_TEST;
    if (!address) throw new Error('the server has not said where it is');
    await use(address);
  },
  trouble: [
    async ({ context, javaScriptEnabled }, use) => {
      const trouble = new Trouble(javaScriptEnabled ?? true);
      context.on('page', (page) => trouble.watch(page));
      await use(trouble);
      trouble.verdict();
    },
    { auto: true },
  ],
  visitor: async ({ page, javaScriptEnabled, trouble }, use) => {
    void trouble;
    await use(new Visitor(page, javaScriptEnabled ?? true));
  },
  // Somebody at another browser of the same kind, who shares nothing with the visitor.
  another: async ({ browser, javaScriptEnabled, trouble }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      context.on('page', (page) => trouble.watch(page));
      return new Visitor(await context.newPage(), javaScriptEnabled ?? true);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** The ways to look at the plan beside reading it. */
export const VIEWS = ['register', 'matrix', 'network', 'timeline', 'silences', 'quote', 'paths'];

/** The plan's pages that differ in kind, for checks that go everywhere. */
export const PAGES: [name: string, path: (lang: Lang) => string][] = [
  ['home', (lang) => `/${lang}`],
  ['the plan', (lang) => `/${lang}/plan`],
  ['a paragraph', (lang) => `/${lang}/plan/m4.2`],
  ['a sentence', (lang) => `/${lang}/plan/m4.2.s3`],
  ['a list of objectives', (lang) => `/${lang}/plan/p1.obj`],
  ['both languages side by side', (lang) => `/${lang}/plan/m4.2?side=1`],
  ['the empty search', (lang) => `/${lang}/plan/search`],
  ['a search with hits', (lang) => `/${lang}/plan/search?q=munitions`],
  ['a search without hits', (lang) => `/${lang}/plan/search?q=xyzzyx`],
  ...VIEWS.map((view): [string, (lang: Lang) => string] => [`the view ${view}`, (lang) => `/${lang}/plan/${view}`]),
  ['the register, filtered', (lang) => `/${lang}/plan/register?strength=must&actor=allies&q=plan&sort=-strength`],
  ['the register without a commitment', (lang) => `/${lang}/plan/register?q=xyzzyx`],
  ['the network from a point', (lang) => `/${lang}/plan/network?node=m4`],
  ['a path', (lang) => `/${lang}/plan/paths?for=press`],
  ['a stop of a path', (lang) => `/${lang}/plan/paths?for=press&stop=2`],
  ['the library', (lang) => `/${lang}/media`],
  ['the library without a film', (lang) => `/${lang}/media?q=xyzzyx`],
  ['a film', (lang) => `/${lang}/media/ESSAI-1`],
  ['a part of a film', (lang) => `/${lang}/media/ESSAI-1?in=f10&out=f60`],
  ['a film with a passage held back', (lang) => `/${lang}/media/ESSAI-2?in=f50&out=f70`],
  ['about', (lang) => `/${lang}/about`],
  ['accessibility', (lang) => `/${lang}/accessibility`],
  ['the legal notice', (lang) => `/${lang}/legal`],
  ['the API explained', (lang) => `/${lang}/api`],
];

/** Addresses that lead nowhere: below the app's routes, below a language, and outside both. */
export const NOWHERE = ['/fr/plan/m9.9', '/en/plan/m9.9', '/fr/nowhere', '/en/nowhere', '/nowhere'];
