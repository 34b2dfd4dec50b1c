// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import {
  choose,
  download,
  finish,
  newest,
  reaches,
  start,
  unfold,
} from './page.js';
/** @import { Page } from '@playwright/test' */

const FILE = `Song,Date,Plays
=a,2020-01-01,1
=a,2020-01-01,2.5
b,2020-01-01,4
`;

const HEADER = ['Song', 'Date', 'Total Number of Plays for Date'];

for (const { name, set, result } of [
  {
    name: 'for any program',
    set: async () => {},
    result: lines(',', '\n', HEADER, ['=a', '3.5'], ['b', '4']),
  },
  {
    name: 'for Excel',
    set: async (/** @type {Page} */ page) => {
      await page.getByLabel('Result for').selectOption('Excel');
    },
    result: '\uFEFF' + lines(',', '\r\n', HEADER, ['=a', '3.5'], ['b', '4']),
  },
  {
    name: 'for Excel in Europe',
    set: async (/** @type {Page} */ page) => {
      await page.getByLabel('Result for').selectOption('europe');
    },
    result: '\uFEFF' + lines(';', '\r\n', HEADER, ['=a', '3,5'], ['b', '4']),
  },
  {
    name: 'as set',
    set: async (/** @type {Page} */ page) => {
      await page.getByLabel('Between fields').selectOption('Tab');
      await page.getByLabel('Decimal mark of the result').selectOption(',');
      await page.getByLabel('Lines end in CR LF').check();
      await page.getByLabel('An apostrophe before keys').check();
    },
    result: lines('\t', '\r\n', HEADER, ["'=a", '3,5'], ['b', '4']),
  },
]) {
  test(`a result ${name}`, async ({ page }, testInfo) => {
    await choose(page, written(testInfo, 'plays.csv', FILE));
    await unfold(page, 'What to total');
    await page.getByLabel('Numbers').selectOption('2 decimal places');
    await unfold(page, 'The result');
    await set(page);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(result);
    await expect(job.locator('.result-records tbody tr')).toHaveCount(2);
  });
}

test('keys that are formulas are shown and made harmless', async ({
  page,
}, testInfo) => {
  const file = 'Song,Date,Plays\n=a,2020-01-01,1\nb,2020-01-01,4\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  await expect(job).toContainText('1 key begins as a formula does');
  await job.getByRole('button', { name: 'with apostrophes' }).click();
  const again = newest(page);
  await reaches(again, 'done');
  const csv = await download(again, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain("\n'=a,2020-01-01,1\n");
});

test('records, smallest, largest and mean', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,2020-01-01,1\na,2020-01-01,4\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'What to total');
  for (const name of ['Number of records', 'Smallest', 'Largest', 'Mean']) {
    await page.getByRole('checkbox', { name, exact: true }).check();
  }
  const places = page.getByLabel('Decimal places of the mean');
  await places.selectOption('2 decimal places');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  const [, record] = readFileSync(csv, 'utf8').split('\n');
  expect(record).toBe('a,2020-01-01,5,1,4,2.5,2');
});

test('a job stops at the first reject', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,2020-01-01,1\na,2020-01-01,x\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'The result');
  await page.getByLabel('Stop at the first record').check();
  const job = await start(page);
  await reaches(job, 'failed');
  await expect(job.locator('.failure')).toContainText('record 2');
});

test('what several files gave', async ({ page }, testInfo) => {
  const header = 'Song,Date,Plays\n';
  const one = written(testInfo, 'one.csv', `${header}a,2020-01-01,1000\n`);
  const record = 'a,2020-01-01,30\na,2020-01-01,x\n\n';
  const two = written(testInfo, 'two.csv', `${header}${record}`);
  await choose(page, one, two);
  const job = await finish(page);
  const table = job.getByRole('region', { name: 'What each file gave' });
  await expect(table.getByRole('row')).toHaveText([
    'FileRecordsAddedRejectedBlank linesPlaysSize',
    'one.csv11001,00034 bytes',
    'two.csv21113048 bytes',
  ]);
});

/**
 * @param {string} delimiter
 * @param {string} terminator
 * @param {string[]} header
 * @param {...string[]} records songs and totals
 */
function lines(delimiter, terminator, header, ...records) {
  const all = records.map(([song, total]) => [song, '2020-01-01', total]);
  return [header, ...all]
    .map((fields) => fields.join(delimiter) + terminator)
    .join('');
}
