// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import webdriver from '../../webdriver.json' with { type: 'json' };
import { MemoryWatch } from './memory.js';
/** @import { Browser, BrowserContext, Page } from '@playwright/test' */
/** @import { Measurement, Task } from './contenders.js' */

/**
 * Measures a page in a browser of its own. The page has a file input; its
 * `window.measured` resolves, with seconds, once the file that is chosen there
 * was totalled, and then there is a link to the answer, if there is one.
 *
 * @param {string} url
 * @param {Task} task
 * @param {string} [script] the path of one to run before the page's own
 * @returns {Promise<Measurement>}
 */
export async function measurePage(url, { file, answer, limit }, script) {
  return inBrowser(async (page, pid) => {
    if (script) await page.addInitScript({ path: script });
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.waitForFunction(() => 'measured' in window);
    const memory = new MemoryWatch(pid);
    const result = await measured(page, file, limit).finally(() => {
      memory.end();
    });
    const { base, peak } = memory;
    if (result.problem !== undefined) return { ...result, base, peak };
    await download(page, answer);
    return { ...result, base, peak, groupBytes: await groupBytes(page) };
  });
}

/**
 * Where profiles are. They are removed when all is measured: some file systems
 * look at each file deleted of late whenever a file is made, which then costs
 * the next browser tens of milliseconds.
 */
const profiles = mkdtempSync(join(tmpdir(), 'playtally-bench-'));
process.once('exit', () => {
  rmSync(profiles, { recursive: true, maxRetries: 5 });
});

/**
 * Does something in a fresh browser, with the settings of all the project's
 * tests, but as a person's in what they would slow down. Its profile is on the
 * disk: in one that leaves no traces, Playwright's usual way, all that a page
 * stores stays in memory. And the memory that its processes share is memory,
 * which Playwright has in files.
 *
 * @template T
 * @param {(page: Page, pid: number) => Promise<T>} act gets a page, and the
 *   id of the browser's first process
 * @returns {Promise<T>}
 */
export async function inBrowser(act) {
  const profile = mkdtempSync(join(profiles, 'profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: webdriver['goog:chromeOptions'].args,
    ignoreDefaultArgs: ['--disable-dev-shm-usage'],
  });
  try {
    const pid = await processOf(browserOf(context));
    return await act(await context.newPage(), pid);
  } finally {
    await context.close();
  }
}

/** @param {BrowserContext} context */
function browserOf(context) {
  const browser = context.browser();
  if (!browser) throw new Error('The context has no browser.');
  return browser;
}

/**
 * @param {Browser} browser
 * @returns {Promise<number>} the id of its first process
 */
async function processOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const first = processInfo.find(({ type }) => type === 'browser');
  if (!first) throw new Error('The browser has no process.');
  return first.id;
}

/**
 * Chooses the file and waits.
 *
 * @param {Page} page
 * @param {string} file
 * @param {number} limit
 * @returns {Promise<{ seconds?: number, problem?: string, stopped?: number }>}
 */
async function measured(page, file, limit) {
  let timer;
  const answers = [
    page.evaluate(async () => {
      return { seconds: await /** @type {any} */ (window).measured };
    }),
    new Promise((_, reject) => {
      page.once('crash', () => reject(new Error('the tab crashed')));
    }),
    new Promise((resolve) => {
      const late = { problem: `over ${limit} s`, stopped: limit };
      timer = setTimeout(() => resolve(late), limit * 1000);
    }),
  ];
  try {
    await choose(page, file);
    return await Promise.race(answers);
  } catch (error) {
    return { problem: firstLine(error) };
  } finally {
    clearTimeout(timer);
    // Those that lost may still reject.
    for (const answer of answers) answer.catch(() => {});
  }
}

/**
 * Chooses a file where it lies; Playwright's own way has a limit of size.
 *
 * @param {Page} page
 * @param {string} file
 */
async function choose(page, file) {
  const session = await page.context().newCDPSession(page);
  const { root } = await session.send('DOM.getDocument');
  const { nodeId } = await session.send('DOM.querySelector', {
    nodeId: root.nodeId,
    selector: 'input[type=file]',
  });
  await session.send('DOM.setFileInputFiles', { files: [file], nodeId });
}

/**
 * Writes the answer to a file, if there is one.
 *
 * @param {Page} page
 * @param {string} path
 */
async function download(page, path) {
  const link = page.locator('a[download]').first();
  if ((await link.count()) === 0) return;
  const downloads = page.waitForEvent('download', { timeout: 0 });
  await link.click();
  await (await downloads).saveAs(path);
}

/**
 * Asks a page how many bytes each group took, if it can tell.
 *
 * @param {Page} page
 * @returns {Promise<number | undefined>}
 */
function groupBytes(page) {
  return page.evaluate(() => /** @type {any} */ (window).groupBytes?.());
}

/** @param {unknown} error */
function firstLine(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? '';
}
