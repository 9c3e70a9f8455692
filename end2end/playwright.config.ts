// The product's binary on a free port, a real Chromium, and what a visitor does with both.
//
//   npx playwright test                      everything
//   npx playwright test --project=phone      one kind of visitor
//   npx playwright test -g "back button"     the tests of that name
//
// ESTAFETTE_BIN names the binary (else the release build, else the debug build); CHROMIUM another browser;
// SITE_UNDER_TEST an address already served, to which nothing is started.
import { defineConfig, devices } from '@playwright/test';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? here('../target');
const built = ['release', 'debug'].map((mode) => `${target}/${mode}/estafette`);
const binary = process.env.ESTAFETTE_BIN ?? built.find((path) => existsSync(path)) ?? built[0];
mkdirSync(here('results'), { recursive: true });

// Nobody has an account at the beginning.
const data = here('results/data');
// The product refuses variables of its prefix that it does not know: ours stay outside.
const serve = `rm -rf "${data}"; exec env -u ESTAFETTE_BIN "${binary}" serve 2>"${here('results/server.log')}"`;

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
        env: { ESTAFETTE_ADDR: '127.0.0.1:0', METRICS_ADDR: 'off', ESTAFETTE_DATA: data, PUBLIC_URL: '', NETWORK_BUDGET: '1000000', LOG_FORMAT: 'text', LOG_LEVEL: 'info' },
        wait: { stdout: /(?<site_under_test>http:\/\/127\.0\.0\.1:\d+)/ },
        gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
      },
  use: {
    locale: 'fr-FR',
    timezoneId: 'Europe/Brussels',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'served', testDir: 'tests/served' },
    {
      name: 'desktop',
      testMatch: ['everywhere/**', 'desk/**'],
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'phone',
      testMatch: ['everywhere/**', 'phone/**'],
      use: {
        ...devices['Pixel 7'],
        viewport: { width: 390, height: 844 },
        screen: { width: 390, height: 844 },
        deviceScaleFactor: 3,
        isMobile: true,
        hasTouch: true,
      },
    },
    // Last, when everything has been asked of the server: it has nothing to complain of.
    { name: 'afterwards', testDir: 'tests/afterwards', dependencies: ['served', 'desktop', 'phone'] },
  ],
});
