// @ts-check
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, sameBytes, written } from './data.js';
import { NOTHING, damage, onDisk, test } from './disk.js';
import { choose, download, figure, finish, newest, unfold } from './page.js';
/** @import { Page, TestInfo } from '@playwright/test' */

const SMALL = 'Song,Date,Plays\na,2020-01-01,1\nb,2020-01-01,x\n';
const TOTALS = 'Song,Date,Total Number of Plays for Date\na,2020-01-01,1\n';

test('a finished job is there after a reload', async ({ page }, testInfo) => {
  const file = generated('typical', 20);
  await choose(page, file);
  const job = await finish(page);
  const id = (await job.getAttribute('data-job')) ?? '';
  await expect(job).toContainText(id.slice(0, 8));
  const groups = await figure(job, 'groups');

  await page.reload();
  const kept = newest(page);
  await expect(kept).toHaveAttribute('data-job', id);
  await expect(kept).toHaveAttribute('data-status', 'done');
  await expect(kept.getByRole('heading', { level: 3 })).toHaveText(
    'typical-20-1.csv',
  );
  await expect(kept).toContainText('on disk');
  expect(await figure(kept, 'groups')).toBe(groups);
  const csv = await download(kept, 'Download CSV', testInfo);
  sameBytes(csv, expected(file));

  await kept.getByRole('button', { name: 'Show details' }).click();
  await expect(kept.getByText('The balance')).toBeVisible();
  await expect(kept.locator('.result-records td').first()).toBeVisible();
  const again = await download(kept, 'Download CSV', testInfo);
  sameBytes(again, expected(file));

  await kept.getByRole('button', { name: 'Delete' }).click();
  await expect(kept).toHaveCount(0);
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
  await page.reload();
  await expect(page.locator('body')).toHaveAttribute('data-view', 'empty');
});

test('a job is kept if the site’s data were removed before it', async ({
  page,
}, testInfo) => {
  await choose(page, written(testInfo, 'plays.csv', SMALL));
  await page.evaluate(async () => {
    const origin = await navigator.storage.getDirectory();
    for await (const name of origin.keys()) {
      await origin.removeEntry(name, { recursive: true });
    }
  });
  await finish(page);
  await page.reload();
  await expect(newest(page)).toHaveAttribute('data-status', 'done');
});

test('rejects are kept too', async ({ page }, testInfo) => {
  await choose(page, written(testInfo, 'plays.csv', SMALL));
  await finish(page);
  await page.reload();
  const rejects = await download(newest(page), 'Download rejects', testInfo);
  sameBytes(
    rejects,
    written(
      testInfo,
      'wanted.csv',
      'File,Record,Line,Byte,Reason,Column,Value,Raw record,Encoding,Cut\n' +
        'plays.csv,,1,,header,,delimiter=comma,"Song,Date,Plays",,\n' +
        'plays.csv,2,3,31,bad_number,Plays,x,"b,2020-01-01,x",,\n',
    ),
  );
});

test('a kept result is shown as it was written', async ({ page }, testInfo) => {
  // With commas in all songs, which look like delimiters more than any other.
  const song = '"x,y,z,w"';
  const file = `Song,Date,Plays\n${song},2020-01-01,1\n${song},2020-01-02,2\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'The result');
  await page.getByLabel('Result for').selectOption('europe');
  const fields = ['x,y,z,w', '2020-01-01', '1'];
  const first = '.result-records tbody tr:first-child td';
  const job = await finish(page);
  await expect(job.locator(first)).toHaveText(fields);
  await page.reload();
  const kept = newest(page);
  await kept.getByRole('button', { name: 'Show details' }).click();
  await expect(kept.locator(first)).toHaveText(fields);
});

test('all finished jobs are deleted at once', async ({ page }, testInfo) => {
  await choose(page, generated('high', 20));
  const deleteAll = page.getByRole('button', { name: 'Delete all' });
  await finish(page);
  await expect(deleteAll).toBeHidden();
  const small = written(testInfo, 'plays.csv', SMALL);
  await page.getByLabel('CSV files').setInputFiles(small);
  await finish(page);
  await page.reload();
  await expect(page.locator('article[data-job]')).toHaveCount(2);
  await expect(newest(page)).toContainText('plays.csv');
  expect(await usage(page)).toBeGreaterThan(10e6);

  await deleteAll.click();
  await page.getByRole('button', { name: 'Keep them' }).click();
  await expect(page.locator('article[data-job]')).toHaveCount(2);

  await deleteAll.click();
  await page
    .getByRole('dialog')
    .getByText('Delete all', { exact: true })
    .click();
  await expect(page.locator('article[data-job]')).toHaveCount(0);
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
  await expect.poll(() => usage(page)).toBeLessThan(1e6);
});

test('jobs are listed and opened', async ({ page }, testInfo) => {
  const file = written(testInfo, 'plays.csv', SMALL);
  const api = await Api.open(page);
  await api.tally([file], {}, testInfo);
  const { report } = await api.tally([file, file], {}, testInfo);
  const jobs = (await api.jobs()) ?? [];
  expect(jobs.map(({ files }) => files.length)).toEqual([2, 1]);
  const { files, status, bytes, report: stored } = jobs[0] ?? {};
  expect(files?.[0]).toEqual({ name: 'plays.csv', size: SMALL.length });
  expect(status).toBe('done');
  expect(bytes).toBeGreaterThan(100);
  expect(stored).toEqual(report);
  const opened = await api.openNewest();
  expect(opened).toMatchObject({ csv: TOTALS.replace(',1\n', ',2\n') });
});

test('a result that was cut short on disk is not given out', async ({
  page,
}, testInfo) => {
  const file = written(testInfo, 'plays.csv', SMALL);
  const api = await Api.open(page);
  await api.tally([file], {}, testInfo);
  const parts = (await onDisk(page)).filter((path) => !path.endsWith('.json'));
  expect(parts.length).toBe(2);
  await damage(page, parts[0] ?? '', { length: 10 });
  expect((await api.jobs())?.[0]?.status).toBe('damaged');
  expect(await api.openNewest()).toMatchObject({ code: 'damaged_result' });

  await page.reload();
  const job = newest(page);
  await expect(job).toHaveAttribute('data-status', 'damaged');
  await expect(job.getByRole('link')).toHaveCount(0);
  await job.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
});

test('a job that was not written to its end is cleared', async ({
  page,
}, testInfo) => {
  const api = await Api.open(page);
  await api.tally([written(testInfo, 'plays.csv', SMALL)], {}, testInfo);
  const found = await onDisk(page);
  const manifest = found.find((path) => path.endsWith('.json')) ?? '';
  await damage(page, manifest, { length: 50 });
  await page.reload();
  await expect.poll(() => onDisk(page)).toEqual(NOTHING);
  await expect(newest(page)).toHaveCount(0);
});

test('without a place on disk the page says how long results last', async ({
  page,
}, testInfo) => {
  await page.addInitScript(() => {
    StorageManager.prototype.getDirectory = async () => {
      throw new DOMException('It is a private window.', 'SecurityError');
    };
  });
  await choose(page, written(testInfo, 'plays.csv', SMALL));
  const job = await finish(page);
  await expect(page.getByText('only as long as this tab')).toHaveCount(1);
  await download(job, 'Download CSV', testInfo);
});

/**
 * The bytes that the browser says the page uses.
 *
 * @param {Page} page
 */
function usage(page) {
  return page.evaluate(async () => {
    return (await navigator.storage.estimate()).usage ?? 0;
  });
}
