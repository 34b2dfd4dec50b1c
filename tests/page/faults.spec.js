// @ts-check
import { expect, test } from '@playwright/test';
import { expected, generated, sameBytes } from './data.js';
import { choose, download, finish, processButton } from './page.js';
/** @import { Page } from '@playwright/test' */

test('workers that fail while they read are replaced', async ({
  page,
}, testInfo) => {
  await check(page, testInfo, () => {
    // It is asked for whenever a worker has read a chunk.
    let calls = 0;
    performance.now = () => {
      calls += 1;
      if (calls > 5) throw new Error('a fault in reading');
      return 0;
    };
  });
});

test('workers that can’t read a run back are replaced', async ({
  page,
}, testInfo) => {
  await check(page, testInfo, () => {
    FileSystemSyncAccessHandle.prototype.read = () => {
      throw new DOMException('a fault in merging', 'NotReadableError');
    };
  });
});

/**
 * Breaks the workers that are ready for a job, and expects that it is done
 * as it should be by others.
 *
 * @param {Page} page
 * @param {import('@playwright/test').TestInfo} testInfo
 * @param {() => void} breakIt run in each worker
 */
async function check(page, testInfo, breakIt) {
  const file = generated('typical', 20);
  await choose(page, file);
  await expect(processButton(page)).toBeEnabled();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect.poll(() => page.workers().length).toBe(cores);
  const workers = page.workers();
  await Promise.all(workers.map((worker) => worker.evaluate(breakIt)));
  const ended = workers.map((worker) => worker.waitForEvent('close'));
  const job = await finish(page);
  await Promise.all(ended);
  const csv = await download(job, 'Download CSV', testInfo);
  sameBytes(csv, expected(file));
}
