// @ts-check
import { expect } from '@playwright/test';
import { expected, generated, sameBytes } from './data.js';
import { NOTHING, onDisk, test } from './disk.js';
import { download, finish } from './page.js';
/** @import { Page } from '@playwright/test' */

/**
 * Notes what each worker of a page does in its rehearsal, and returns what
 * says for each worker what it has done so far, in order.
 *
 * @param {Page} page not opened yet
 */
async function watchRehearsals(page) {
  await page.addInitScript(() => {
    /** @type {string[][]} */
    const rehearsals = [];
    Object.assign(globalThis, { rehearsals });
    globalThis.Worker = class extends Worker {
      /** @type {Map<number, string>} */
      #asked = new Map();

      /**
       * @param {string | URL} url
       * @param {WorkerOptions} [options]
       */
      constructor(url, options) {
        super(url, options);
        /** @type {string[]} */
        const done = [];
        rehearsals.push(done);
        this.addEventListener('message', ({ data: { id, error } }) => {
          const method = this.#asked.get(id);
          if (method) done.push(error ? error.message : method);
        });
      }

      /** @param {any} message */
      postMessage({ id, method, args }) {
        if (method === 'rehearse') this.#asked.set(id, args[0]);
        super.postMessage({ id, method, args });
      }
    };
  });
  /** @type {() => Promise<string[][]>} */
  return () => page.evaluate(() => /** @type {any} */ (window).rehearsals);
}

test('each worker rehearses a job to its end', async ({ page }) => {
  const rehearsals = await watchRehearsals(page);
  await page.goto('/');
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const whole = 'open folder parse parse commit merge end'.split(' ');
  await expect.poll(rehearsals).toEqual(Array(cores).fill(whole));
  expect(await onDisk(page)).toEqual(NOTHING);
});

test('a job that comes during a rehearsal', async ({ page }, testInfo) => {
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    /** @type {(() => void)[]} */
    const held = [];
    Object.assign(globalThis, { held });
    Worker.prototype.postMessage = function (/** @type {any} */ message) {
      const { method, args } = message;
      // The rehearsal goes on once there is something of the job to commit.
      if (method === 'rehearse' && args[0] === 'commit') {
        held.push(() => postMessage.call(this, message));
        return;
      }
      if (method === 'commit') held.splice(0).forEach((post) => post());
      postMessage.call(this, message);
    };
  });
  const held = () =>
    page.evaluate(() => /** @type {any} */ (window).held.length);
  const file = generated('typical', 20);
  await page.goto('/');
  await expect.poll(held).toBeGreaterThan(0);
  await page.getByLabel('CSV files').setInputFiles(file);
  const job = await finish(page);
  expect(await held()).toBe(0);
  sameBytes(await download(job, 'Download CSV', testInfo), expected(file));
});
