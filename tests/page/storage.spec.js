// @ts-check
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, sameBytes } from './data.js';
import { NOTHING, onDisk, test } from './disk.js';
import {
  choose,
  download,
  finish,
  newest,
  processButton,
  reaches,
  start,
} from './page.js';
/** @import { Page, TestInfo } from '@playwright/test' */

/** Small enough that every worker spills again and again. */
const LITTLE_MEMORY = { memoryBytes: 8e6 };

test('runs and results are on disk until the job is removed', async ({
  page,
}, testInfo) => {
  const file = generated('high', 20);
  await choose(page, file);
  const job = await finish(page);
  await expect.poll(() => onDisk(page)).not.toEqual(NOTHING);
  const csv = await download(job, 'Download CSV', testInfo);
  sameBytes(csv, expected(file));
  await job.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
});

test('only the result stays on disk', async ({ page }, testInfo) => {
  const file = generated('high', 20);
  const api = await Api.open(page);
  const { csv } = await api.tally([file], LITTLE_MEMORY, testInfo);
  sameBytes(csv, expected(file));
  // One for each range of the merge.
  await expect.poll(async () => (await onDisk(page)).length).toBeLessThan(10);
});

test('more runs than can be open at once', async ({ page }, testInfo) => {
  const file = generated('typical', 20);
  const api = await Api.open(page);
  const options = { memoryBytes: 2e6, chunkBytes: 1e5 };
  const { csv, report } = await api.tally([file], options, testInfo);
  sameBytes(csv, expected(file));
  expect(report.passes).toBeGreaterThan(1);
  await expect.poll(async () => (await onDisk(page)).length).toBeLessThan(10);
});

test('a cancelled job leaves nothing on disk', async ({ page }) => {
  const file = generated('high', 200);
  const api = await Api.open(page);
  const { name } = await api.failure([file], LITTLE_MEMORY, 100e6);
  expect(name).toBe('AbortError');
  expect(await onDisk(page)).toEqual(NOTHING);
});

test('what a page that was left had on disk is cleared', async ({ page }) => {
  const api = await Api.open(page);
  await api.start([generated('high', 200)], LITTLE_MEMORY, 'reading');
  const files = async () => (await onDisk(page)).length;
  await expect.poll(files, { timeout: 0 }).toBeGreaterThan(2);
  await page.reload();
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
});

test('a page doesn’t clear what another one has on disk', async ({
  context,
  page,
}, testInfo) => {
  const file = generated('high', 20);
  await choose(page, file);
  const job = await finish(page);
  const other = await context.newPage();
  await choose(other, generated('plain', 5));
  const otherJob = await finish(other);
  await otherJob.getByRole('button', { name: 'Delete' }).click();
  await expect(otherJob).toHaveCount(0);
  const csv = await download(job, 'Download CSV', testInfo);
  sameBytes(csv, expected(file));
});

test('a job begins before its folder is made', async ({ page }, testInfo) => {
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    /** @type {Promise<void>} */
    const parsing = new Promise((resolve) => {
      Worker.prototype.postMessage = function (/** @type {any} */ message) {
        if (message.method === 'parse') resolve();
        postMessage.call(this, message);
      };
    });
    const { getDirectoryHandle } = FileSystemDirectoryHandle.prototype;
    FileSystemDirectoryHandle.prototype.getDirectoryHandle = async function (
      name,
      options,
    ) {
      if (options?.create && name !== 'playtally') {
        await parsing;
        // Workers must write meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return getDirectoryHandle.call(this, name, options);
    };
  });
  await checkSpills(page, testInfo);
});

test('a worker hears of its folder before its job', async ({
  page,
}, testInfo) => {
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    /** @type {WeakMap<Worker, unknown[]>} */
    const held = new WeakMap();
    Worker.prototype.postMessage = function (/** @type {any} */ message) {
      if (message.method === 'open') held.set(this, []);
      const waiting = held.get(this);
      if (waiting && message.method !== 'folder') {
        waiting.push(message);
        return;
      }
      postMessage.call(this, message);
      held.delete(this);
      for (const later of waiting ?? []) postMessage.call(this, later);
    };
  });
  await checkSpills(page, testInfo);
});

test('a browser without an origin private file system', async ({
  page,
}, testInfo) => {
  await page.addInitScript(() => {
    StorageManager.prototype.getDirectory = async () => {
      throw new DOMException('It is a private window.', 'SecurityError');
    };
  });
  await checkSpills(page, testInfo);
});

test('a browser that blocks cookies, and so locks too', async ({
  page,
}, testInfo) => {
  const deny = () => {
    const denied = async () => {
      throw new DOMException('It is blocked.', 'SecurityError');
    };
    StorageManager.prototype.getDirectory = denied;
    LockManager.prototype.request = denied;
  };
  await page.addInitScript(deny);
  await page.route('**/worker.js', async (route) => {
    const response = await route.fetch();
    const body = `(${deny})();\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
  const file = generated('high', 20);
  await choose(page, file);
  const job = await finish(page);
  sameBytes(await download(job, 'Download CSV', testInfo), expected(file));
});

test('a browser that opens a file for one reader at a time', async ({
  page,
}, testInfo) => {
  await check(page, testInfo, () => {
    Reflect.deleteProperty(FileSystemSyncAccessHandle.prototype, 'mode');
  });
});

test('a browser that writes the whole buffer behind a view', async ({
  page,
}, testInfo) => {
  await check(page, testInfo, () => {
    const { write } = FileSystemSyncAccessHandle.prototype;
    FileSystemSyncAccessHandle.prototype.write = function (data, options) {
      const whole = ArrayBuffer.isView(data) ? data.buffer : data;
      return write.call(this, whole, options);
    };
  });
});

for (const { how, written } of [
  { how: 'returns a huge number', written: 2 ** 64 },
  { how: 'writes fewer bytes', written: 1000 },
  { how: 'throws', written: null },
]) {
  test(`a disk without room, at which a write ${how}`, async ({ page }) => {
    const job = await startIn(page, refuse, written);
    await reaches(job, 'failed');
    await expect(job.locator('.failure')).toContainText('no room');
    expect(await onDisk(page)).toEqual(NOTHING);
  });
}

/**
 * Lets a worker write once, and then no more.
 *
 * @param {number | null} written what a write returns; null if it throws
 */
function refuse(written) {
  const { write } = FileSystemSyncAccessHandle.prototype;
  let writes = 0;
  FileSystemSyncAccessHandle.prototype.write = function (data, options) {
    writes += 1;
    // The first finds out how this browser writes, the second writes.
    if (writes <= 2) return write.call(this, data, options);
    if (written === null) {
      throw new DOMException('There is no room.', 'QuotaExceededError');
    }
    return written;
  };
}

/**
 * Changes the workers that are ready for a job, and expects that they do it
 * as they should.
 *
 * @param {Page} page
 * @param {TestInfo} testInfo
 * @param {() => void} change run in each worker
 */
async function check(page, testInfo, change) {
  const job = await startIn(page, change, undefined);
  await reaches(job, 'done');
  const csv = await download(job, 'Download CSV', testInfo);
  sameBytes(csv, expected(generated('high', 20)));
  await job.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
}

/**
 * Checks a job that doesn't fit its memory.
 *
 * @param {Page} page
 * @param {TestInfo} testInfo
 */
async function checkSpills(page, testInfo) {
  const file = generated('high', 20);
  const api = await Api.open(page);
  const { csv } = await api.tally([file], LITTLE_MEMORY, testInfo);
  sameBytes(csv, expected(file));
}

/**
 * Starts a job in workers that were changed.
 *
 * @template Argument
 * @param {Page} page
 * @param {(argument: Argument) => void} change run in each worker
 * @param {Argument} argument
 */
async function startIn(page, change, argument) {
  await choose(page, generated('high', 20));
  await expect(processButton(page)).toBeEnabled();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect.poll(() => page.workers().length).toBe(cores);
  const workers = page.workers();
  await Promise.all(
    workers.map((worker) => {
      return worker.evaluate(
        (/** @type {any} */ { source, argument }) => {
          new Function('argument', `(${source})(argument)`)(argument);
        },
        { source: String(change), argument },
      );
    }),
  );
  return start(page);
}
