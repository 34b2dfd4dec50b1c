// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { written } from './data.js';
import { choose, finish, unfold } from './page.js';

/** @import { Options } from '../../www/types.d.ts' */

const FILE = `Song,Date,Plays,Revenue
a,2020-01-01,5,0.10
=b,2020-01-01,-7,1000000000000000000000.25
a,2020-01-01,2,0.2
c,2020-01-01,0,-3
=b,2020-01-01,1,
`;

/** @type {Options} */
const ALL = {
  keys: ['Song'],
  totals: ['Revenue'],
  places: 2,
  measures: ['count', 'min', 'max', 'mean'],
};

for (const { name, options, result } of [
  {
    name: 'sums with decimal places',
    options: { ...ALL, measures: [] },
    result: `Song,Total Revenue
=b,1000000000000000000000.25
a,0.3
c,-3
`,
  },
  {
    name: 'all measures',
    options: ALL,
    result: `Song,Total Revenue,Minimum Revenue,Maximum Revenue,Mean Revenue,Number of Records
=b,1000000000000000000000.25,1000000000000000000000.25,1000000000000000000000.25,1000000000000000000000.25,1
a,0.3,0.1,0.2,0.15,2
c,-3,-3,-3,-3,1
`,
  },
  {
    name: 'a mean alone, rounded away from zero, the largest first',
    options: { ...ALL, measures: ['mean'], meanPlaces: 1, order: 'total' },
    result: `Song,Total Revenue,Mean Revenue
=b,1000000000000000000000.25,1000000000000000000000.3
a,0.3,0.2
c,-3,-3
`,
  },
  {
    name: 'what opens in a European spreadsheet',
    options: {
      ...ALL,
      measures: ['count'],
      ...{ bom: true, outputDelimiter: ';', terminator: '\r\n' },
      ...{ outputDecimalMark: ',', neutralise: true },
    },
    result:
      '\uFEFFSong;Total Revenue;Number of Records\r\n' +
      "'=b;1000000000000000000000,25;1\r\na;0,3;2\r\nc;-3;1\r\n",
  },
]) {
  test(`a result with ${name}`, async ({ page }, testInfo) => {
    const file = written(testInfo, 'plays.csv', FILE);
    const api = await Api.open(page);
    for (const how of [{ workers: 1 }, { workers: 2, splitBytes: 9 }]) {
      const all = /** @type {Options} */ ({ ...options, ...how });
      const { csv, report } = await api.tally([file], all, testInfo);
      expect(readFileSync(csv, 'utf8')).toBe(result);
      expect(report.formulas).toBe(1);
      expect(report.rejected).toBe(1);
      const sum = '999999999999999999997.55';
      const total = { name: 'Revenue', read: sum, written: sum };
      expect(report.totals).toEqual([total]);
      expect(report.files[0]?.totals).toEqual([sum]);
    }
  });
}

test('what each file gave', async ({ page }, testInfo) => {
  const head = 'Song,Date,Plays\n';
  const files = ['a,d,5\nb,d,-7\nc,d,x\n', 'a,d,9223372036854775807\n', ''];
  const paths = files.map((file, place) => {
    return written(testInfo, `${place}.csv`, head + file);
  });
  const api = await Api.open(page);
  const { report } = await api.tally(paths, { splitBytes: 4 }, testInfo);
  const totals = report.files.map((file) => file.totals);
  expect(totals).toEqual([['-2'], ['9223372036854775807'], ['0']]);
  expect(report.groupBytes).toBe(null);
});

test('the memory of a group', async ({ page }, testInfo) => {
  const lines = Array.from({ length: 50_000 }, (_, n) => {
    return `Song ${n % 900},${n % 70},1\n`;
  });
  const file = written(
    testInfo,
    'plays.csv',
    `Song,Date,Plays\n${lines.join('')}`,
  );
  const api = await Api.open(page);
  const { report } = await api.tally([file], { workers: 1 }, testInfo);
  expect(report.groupBytes).toBeGreaterThan(15);
  expect(report.groupBytes).toBeLessThan(200);
});

test('the columns of numbers are shown as such, and no other', async ({
  page,
}, testInfo) => {
  const file = 'Song,Total Plays,Plays\na,1234,5678\na,1234,1234\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await page.getByLabel('Date', { exact: true }).selectOption('Total Plays');
  await unfold(page, 'What to total');
  await page.getByLabel('Largest').check();
  await page.getByLabel('Number of records').check();
  const job = await finish(page);
  const fields = job.locator('.result-records tbody td');
  await expect(fields).toHaveText(['a', '1234', '6,912', '5,678', '2']);
  const numbers = job.locator('.result-records tbody td.number');
  await expect(numbers).toHaveText(['6,912', '5,678', '2']);
});
