// The product's binary on a free port, a real Chromium, for playback a real Firefox, and what a visitor does with them.
//
//   npx playwright test                      everything
//   npx playwright test --project=phone      one kind of visitor
//   npx playwright test -g "back button"     the tests of that name
//
// BINARY_UNDER_TEST names the binary (else the release build, else the debug build); CHROMIUM and FIREFOX other browsers;
// SITE_UNDER_TEST an address already served, to which nothing is started.
import { defineConfig, devices } from '@playwright/test';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? here('../target');
const built = ['release', 'debug'].map((mode) => `${target}/${mode}/estafette`);
const binary = process.env.BINARY_UNDER_TEST ?? built.find((path) => existsSync(path)) ?? built[0];
mkdirSync(here('results'), { recursive: true });

// Nobody has an account at the beginning, and the library holds two short films.
const data = here('results/data');
const serve = `rm -rf "${data}"; "${here('footage.sh')}" "${binary}" && exec "${binary}" serve 2>"${here('results/server.log')}"`;

export const FIREFOX = { executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', args: [] };

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/traces',
  snapshotPathTemplate: '{testDir}/{testFileDir}/snapshots/{arg}{ext}',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  updateSnapshots: process.env.CI ? 'none' : 'missing',
  // Generous: a limit is there to end what hangs, no result hangs on it.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: here('results/report.json') }]],
  webServer: process.env.SITE_UNDER_TEST
    ? undefined
    : {
        command: serve,
        cwd: here('..'),
        env: { ESTAFETTE_ADDR: '127.0.0.1:0', METRICS_ADDR: 'off', ESTAFETTE_DATA: data, PUBLIC_URL: '', NETWORK_BUDGET: '1000000', API_LIMIT: '1000000', LOG_FORMAT: 'text', LOG_LEVEL: 'info' },
        // The films are encoded first.
        timeout: 240_000,
        wait: { stdout: /(?<site_under_test>http:\/\/127\.0\.0\.1:\d+)/ },
        gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
      },
  use: {
    locale: 'fr-FR',
    timezoneId: 'Europe/Brussels',
    // Recording each test is work; where one wants a trace, one test is run alone.
    trace: process.env.CI ? 'off' : 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      // Chromium without its windows: the same engine, which leaves the machine three quarters of its time.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // No page stays open long enough for a second, better compilation of the Wasm to pay.
        '--js-flags=--no-wasm-tier-up',
      ],
    },
  },
  projects: [
    { name: 'served', testDir: 'tests/served' },
    {
      name: 'desktop',
      testMatch: ['everywhere/**', 'desk/**'],
      grepInvert: /@phone\b/,
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'phone',
      testMatch: ['everywhere/**', 'phone/**'],
      grepInvert: /@desktop\b/,
      use: {
        ...devices['Pixel 7'],
        viewport: { width: 390, height: 844 },
        screen: { width: 390, height: 844 },
        // A third of the pixels of the real one are enough to see by, and are drawn without a graphics card.
        deviceScaleFactor: 1.5,
        isMobile: true,
        hasTouch: true,
      },
    },
    {
      name: 'firefox',
      testDir: 'tests/firefox',
      // It starts slowly on a machine that has other things to do.
      timeout: 240_000,
      use: {
        browserName: 'firefox',
        // Firefox as it is published, driven by WebDriver BiDi, not one patched for tests.
        channel: 'moz-firefox',
        launchOptions: FIREFOX,
        // Playwright's style for a screenshot would be refused by the page, which the test takes for a complaint.
        screenshot: 'off',
      },
    },
    // Last, when everything has been asked of the server: it has nothing to complain of.
    { name: 'afterwards', testDir: 'tests/afterwards', dependencies: ['served', 'desktop', 'phone', 'firefox'] },
  ],
});
