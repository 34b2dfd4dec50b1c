// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { expected, generated, sameBytes, written } from './data.js';
import { choose, download, figure, finish } from './page.js';

const EXAMPLE = `Song,Date,Number of Plays
Umbrella,2020-01-02,200
Umbrella,2020-01-01,100
In The End,2020-01-01,500
Umbrella,2020-01-01,50
In The End,2020-01-01,1000
Umbrella,2020-01-02,50
In The End,2020-01-02,500
`;

const TOTALS = `Song,Date,Total Number of Plays for Date
In The End,2020-01-01,1500
In The End,2020-01-02,500
Umbrella,2020-01-01,150
Umbrella,2020-01-02,250
`;

test('the example', async ({ page }, testInfo) => {
  await choose(page, written(testInfo, 'plays.csv', EXAMPLE));
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(TOTALS);
  expect(await figure(job, 'records')).toBe('7');
  expect(await figure(job, 'groups')).toBe('4');
  expect(await figure(job, 'total-read')).toBe('2400');
  expect(await figure(job, 'total-written')).toBe('2400');
  await expect(job.getByRole('link', { name: 'rejects' })).toHaveCount(0);
});

for (const kind of /** @type {const} */ (['typical', 'quoted', 'high'])) {
  test(`20 MB of ${kind} data`, async ({ page }, testInfo) => {
    const file = generated(kind, 20);
    await choose(page, file);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    sameBytes(csv, expected(file));
    expect(await figure(job, 'rejected')).toBe('0');
  });
}

test('many files in one job', async ({ page }, testInfo) => {
  const files = [
    generated('typical', 5, 2),
    generated('quoted', 5, 3),
    generated('plain', 5, 4),
    generated('typical', 5, 5),
  ];
  await choose(page, ...files);
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  sameBytes(csv, expected(...files));
  const names = job.getByRole('region', { name: 'What each file gave' });
  await expect(names.getByRole('row')).toHaveCount(1 + files.length);
});

test('totals beyond what a JavaScript number can hold', async ({
  page,
}, testInfo) => {
  const record = 'Umbrella,2020-01-01,9007199254740993\n';
  const file = `Song,Date,Plays\n${record.repeat(3)}`;
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  const total = '27021597764222979';
  expect(readFileSync(csv, 'utf8')).toContain(`Umbrella,2020-01-01,${total}`);
  expect(await figure(job, 'total-written')).toBe(total);
  const shown = job.locator('[data-figure="total-written"]');
  await expect(shown).toHaveText('27,021,597,764,222,979');
});
