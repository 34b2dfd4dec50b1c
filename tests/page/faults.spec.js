// @ts-check
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, sameBytes } from './data.js';
import { NOTHING, damage, nothingUnlisted, onDisk, test } from './disk.js';
import { survive } from './ended.js';
import { choose, download, finish, processButton } from './page.js';
import { boundMemory, endWorkersAt } from './workers.js';
/** @import { Page } from '@playwright/test' */
/** @import { Phase } from './api.js' */

/** Small enough that every worker spills again and again. */
const LITTLE_MEMORY = { memoryBytes: 8e6 };

/** Takes some seconds. */
const long = () => generated('high', 200);

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

test('workers that are ended at random moments are replaced', async ({
  page,
}) => {
  const deaths = await survive(page, 5);
  expect(deaths).toBeGreaterThan(0);
});

test('three deaths over one split end the job', async ({ page }) => {
  await endWorkersAt(page, 'parse');
  const api = await Api.open(page);
  const file = generated('typical', 20);
  const failure = await api.failure([file], { workers: 1 });
  expect(failure.code).toBe('workers_died');
  expect(failure.file).toBe('typical-20-1.csv');
  expect(failure.message).toContain('3 times');
  expect(failure.message).toContain('bytes 26 to');
  expect(await onDisk(page)).toEqual(NOTHING);
});

test('twenty deaths in all end the job', async ({ page }) => {
  await endWorkersAt(page, 'merge');
  const api = await Api.open(page);
  const { code, message } = await api.failure([generated('high', 20)], {});
  expect(code).toBe('workers_died');
  expect(message).toContain('20 times');
  expect(await onDisk(page)).toEqual(NOTHING);
});

test('workers without memory get by with less', async ({ page }, testInfo) => {
  await boundMemory(page, 20 * 2 ** 20);
  const api = await Api.open(page);
  const file = generated('high', 20);
  const options = { workers: 2, memoryBytes: 400e6 };
  const { csv, report } = await api.tally([file], options, testInfo);
  expect(report.deaths).toBeGreaterThan(1);
  sameBytes(csv, expected(file));
});

test('a run that is damaged on disk ends the job', async ({ page }) => {
  const api = await Api.open(page);
  const failing = api.failure([long()], LITTLE_MEMORY);
  await expect.poll(() => damageAny(page)).toBe(true);
  expect((await failing).code).toBe('damaged_run');
  expect(await onDisk(page)).toEqual(NOTHING);
});

test('a job that is out of room says how much it needs', async ({
  page,
}, testInfo) => {
  const api = await Api.open(page);
  await allowRoom(page, 40e6);
  const failure = await api.failure([long()], LITTLE_MEMORY);
  expect(failure.code).toBe('no_space');
  expect(failure.message).toMatch(/needs about [1-9]\d+ MB/);
  expect(await onDisk(page)).toEqual(NOTHING);

  await allowRoom(page, undefined);
  const file = generated('high', 20);
  const { csv } = await api.tally([file], LITTLE_MEMORY, testInfo);
  sameBytes(csv, expected(file));
});

test('a job without any room says so too', async ({ page }) => {
  const api = await Api.open(page);
  await allowRoom(page, 10_000);
  const { code, message } = await api.failure([long()], LITTLE_MEMORY);
  expect(code).toBe('no_space');
  expect(message).toMatch(/refused any when \d+ % of its input was read/);
  expect(await onDisk(page)).toEqual(NOTHING);
});

test('a job for which there is certainly no room doesn’t begin', async ({
  page,
}) => {
  // What is overridden shows in what can be written, not in the estimate.
  await page.addInitScript(() => {
    StorageManager.prototype.estimate = async () => {
      return { quota: 5e6, usage: 4.5e6 };
    };
  });
  const api = await Api.open(page);
  const { code, message } = await api.failure([long()], {});
  expect(code).toBe('no_space');
  expect(message).toContain('It needs 1 MB or more, and 1 MB are left');
  expect(await onDisk(page)).toEqual(NOTHING);
});

for (const phase of /** @type {Phase[]} */ ([
  'queued',
  'reading',
  'merging',
  'finishing',
])) {
  test(`a job cancelled while ${phase} leaves nothing`, async ({ page }) => {
    const api = await Api.open(page);
    const file = generated('high', 20);
    const { name } = await api.failure([file], LITTLE_MEMORY, phase);
    expect(name).toBe('AbortError');
    expect(await onDisk(page)).toEqual(NOTHING);
  });

  test(`a page reloaded while ${phase} leaves nothing`, async ({ page }) => {
    const api = await Api.open(page);
    await api.start([long()], LITTLE_MEMORY, phase);
    await page.reload();
    await nothingUnlisted(page);
    // Once all is done, it may have come to its end.
    if (phase !== 'finishing') expect(await onDisk(page)).toEqual(NOTHING);
  });
}

test('two pages run jobs at once', async ({ context, page }, testInfo) => {
  const file = generated('high', 20);
  const api = await Api.open(page);
  const failing = api.failure([long()], LITTLE_MEMORY, 'finishing');
  const other = await Api.open(await context.newPage());
  const { csv } = await other.tally([file], LITTLE_MEMORY, testInfo);
  sameBytes(csv, expected(file));
  // It came that far, with nothing missing.
  expect((await failing).name).toBe('AbortError');
  await nothingUnlisted(page);
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
  let others = 0;
  page.on('worker', () => (others += 1));
  const job = await finish(page);
  expect(others).toBeGreaterThan(0);
  const csv = await download(job, 'Download CSV', testInfo);
  sameBytes(csv, expected(file));
}

/**
 * Changes a byte in one of the files on disk, if none is being written.
 *
 * @param {Page} page
 * @returns {Promise<boolean>} whether it could
 */
async function damageAny(page) {
  for (const path of await onDisk(page)) {
    try {
      await damage(page, path, { flip: 100 });
      return true;
    } catch {
      // It is open, or no file.
    }
  }
  return false;
}

/**
 * @param {Page} page
 * @param {number | undefined} quotaSize the bytes that the browser lets it
 *   keep on disk; undefined for as many as usual
 */
async function allowRoom(page, quotaSize) {
  const { origin } = new URL(page.url());
  const tools = await page.context().newCDPSession(page);
  await tools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
}
