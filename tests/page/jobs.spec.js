// @ts-check
import { expect, test } from '@playwright/test';
import { expected, generated, sameBytes, written } from './data.js';
import { choose, download, newest, reaches, start } from './page.js';
/** @import { Locator, Page } from '@playwright/test' */

/** Takes a second or more, so that it is still running when it is cancelled. */
const long = () => generated('high', 200);

const SMALL = 'Song,Date,Plays\na,2020-01-01,1\n';

test('two jobs run one after the other', async ({ page }, testInfo) => {
  const files = [generated('typical', 20), generated('quoted', 20)];
  await choose(page, files[0]);
  const first = await start(page);
  await page.getByLabel('CSV files').setInputFiles(files[1]);
  const second = await start(page);
  await reaches(first, 'done');
  await reaches(second, 'done');
  for (const [n, job] of [first, second].entries()) {
    const csv = await download(job, 'Download CSV', testInfo);
    sameBytes(csv, expected(files[n]));
  }
});

test('a running job is cancelled', async ({ page }) => {
  await choose(page, long());
  const job = await start(page);
  await reaches(job, 'processing');
  await expect.poll(() => page.workers().length).toBeGreaterThan(0);
  await job.getByRole('button', { name: 'Cancel' }).click();
  await reaches(job, 'cancelled');
  await expect(job.getByRole('heading')).toBeFocused();
  await expect.poll(() => page.workers().length).toBe(0);
  await expect(job).toContainText('There is no result');
  await expect(job.getByRole('link')).toHaveCount(0);
  await job.getByRole('button', { name: 'Remove' }).click();
  await expect(newest(page)).toHaveCount(0);
  await expect(page.getByLabel('CSV files')).toBeFocused();
});

test('the next job runs once the one before is cancelled', async ({
  page,
}, testInfo) => {
  await choose(page, long());
  await noteEnds(page);
  const first = await start(page);
  await reaches(first, 'processing');
  const small = written(testInfo, 'plays.csv', SMALL);
  await page.getByLabel('CSV files').setInputFiles(small);
  const second = await start(page);
  await first.getByRole('button', { name: 'Cancel' }).click();
  await reaches(first, 'cancelled');
  await reaches(second, 'done');
  expect(await ends(page)).toEqual([await id(first), await id(second)]);
});

test('a waiting job is cancelled and lets none overtake', async ({
  page,
}, testInfo) => {
  await choose(page, long());
  await noteEnds(page);
  const first = await start(page);
  await reaches(first, 'processing');
  const small = written(testInfo, 'plays.csv', SMALL);
  await page.getByLabel('CSV files').setInputFiles(small);
  const second = await start(page);
  await page.getByLabel('CSV files').setInputFiles(small);
  const third = await start(page);
  await second.getByRole('button', { name: 'Cancel' }).click();
  for (const job of [second, first, third]) {
    await reaches(job, job === second ? 'cancelled' : 'done');
  }
  const order = await Promise.all([second, first, third].map(id));
  expect(await ends(page)).toEqual(order);
});

test('closing the page while a job runs asks first', async ({ page }) => {
  await choose(page, long());
  const job = await start(page);
  await reaches(job, 'processing');
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
});

/**
 * Notes from now on which jobs end.
 *
 * @param {Page} page
 */
function noteEnds(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const ended = [];
    const look = (/** @type {MutationRecord[]} */ changes) => {
      for (const { target } of changes) {
        const { job = '', status = '' } = /** @type {any} */ (target).dataset;
        if (/done|failed|cancelled/.test(status)) ended.push(job);
      }
    };
    const what = { subtree: true, attributeFilter: ['data-status'] };
    new MutationObserver(look).observe(document, what);
    Object.assign(window, { ended });
  });
}

/**
 * The jobs that ended, in their order.
 *
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
function ends(page) {
  return page.evaluate(() => /** @type {any} */ (window).ended);
}

/** @param {Locator} job */
function id(job) {
  return job.getAttribute('data-job');
}
