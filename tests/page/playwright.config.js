// @ts-check
import { defineConfig } from '@playwright/test';
import webdriver from '../../webdriver.json' with { type: 'json' };

const largeFiles = '**/*.large.spec.js';

/** `make test-page` runs one project, `make test-large` the other. */
const page = { name: 'page', testIgnore: largeFiles };
const large = {
  name: 'large',
  testMatch: largeFiles,
  // A file of several gigabytes is written, read and downloaded.
  timeout: 30 * 60 * 1000,
};

/**
 * Features of Chromium that are off. The first two would load a page for the
 * address bar of each test's window, in a process of its own, which takes
 * longer than to load ours. The others are those of Playwright's own list
 * that could matter here: only one list counts.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

export default defineConfig({
  testDir: '.',
  globalSetup: './build.js',
  outputDir: '../../target/page',
  projects: process.env.LARGE ? [page, large] : [page],
  // The machine's cores are for the page's own workers. And no retries: a
  // test that sometimes fails is a failure to look into.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${process.env.PLAYTALLY_PORT}/`,
    // Pictures of every step would take a fifth of the time.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    launchOptions: {
      // As in the crate's tests: Chromium refuses its sandbox to root, and is
      // to be quiet on the network.
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        ...webdriver['goog:chromeOptions'].args,
        `--disable-features=${disabledFeatures.join()}`,
      ],
    },
  },
  webServer: {
    command: 'node ../../tools/serve.js',
    // Any free port; the server's first line says which.
    env: { PORT: '0' },
    wait: { stdout: /127\.0\.0\.1:(?<playtally_port>\d+)/ },
  },
});
