// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { choose, download, figure, finish, processButton } from './page.js';

const PREAMBLE = 'Report: Streams 2024\nGenerated on 1 May\n\n';
const HEADER = 'Song,Date,Plays\n';
const TOTALS_HEADER = 'Song,Date,Total Number of Plays for Date\n';

test('lines before the header are left out, and counted', async ({
  page,
}, testInfo) => {
  const file = `${PREAMBLE}${HEADER}a,2020-01-01,1\nb,2020-01-01,x\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  const notice = page.locator('.problems li[data-code="preamble"]');
  await expect(notice).toContainText(
    'Header on line 4; the 3 lines before it are left out.',
  );
  await expect(notice).toContainText('Generated on 1 May');
  const job = await finish(page);
  expect(await figure(job, 'records')).toBe('2');
  expect(await figure(job, 'left-out')).toBe('3');
  await expect(job.locator('.problems')).toContainText('Header on line 4');
  const rejects = await download(job, 'Download rejects', testInfo);
  const [, header, reject] = readFileSync(rejects, 'utf8').split('\n');
  expect(header).toBe(
    'plays.csv,,4,,header,,delimiter=comma,"Song,Date,Plays",,',
  );
  const byte = file.indexOf('b,2020');
  expect(reject).toBe(
    `plays.csv,2,6,${byte},bad_number,Plays,x,"b,2020-01-01,x",,`,
  );
});

test('the person says on which line the table begins', async ({
  page,
}, testInfo) => {
  const file = `Song,Date,Plays\nold,2020-01-01,5\n\n${HEADER}a,2020-01-01,1\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  await expect(processButton(page)).toBeEnabled();
  const notice = page.locator('.problems li[data-code="preamble"]');
  await expect(notice).toHaveCount(0);
  const format = page.locator('#preview summary', { hasText: 'Format' });
  await format.click();
  const line = page.getByLabel('Table begins on line');
  await expect(line).toHaveValue('1');
  await line.fill('9');
  await line.blur();
  const problem = page.locator('.problems li[data-severity="error"]');
  await expect(problem).toHaveAttribute('data-code', 'no_such_line');
  await line.fill('4');
  await line.blur();
  await expect(notice).toContainText('the 3 lines before it are left out');
  await format.click();
  await notice.getByRole('button', { name: 'Change the line' }).click();
  await expect(line).toBeFocused();
  const job = await finish(page);
  expect(await figure(job, 'left-out')).toBe('3');
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(`${TOTALS_HEADER}a,2020-01-01,1\n`);
});

test('columns are chosen below lines that are left out', async ({
  page,
}, testInfo) => {
  const padded = 'Streams,,\nof:,Label,\n';
  const file = `${padded}Titel,Tag,Abrufe\na,2020-01-01,1\nb,2020-01-01,2\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  const notice = page.locator('.problems li[data-code="preamble"]');
  await expect(notice).toContainText('Header on line 3');
  await page.getByLabel('Song', { exact: true }).selectOption('Titel');
  await page.getByLabel('Date', { exact: true }).selectOption('Tag');
  await page.getByLabel('Plays', { exact: true }).selectOption('Abrufe');
  await expect(notice).toContainText('Header on line 3');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Titel,Tag,Total Abrufe\na,2020-01-01,1\nb,2020-01-01,2\n',
  );
});

test('what each of several files leaves out', async ({ page }, testInfo) => {
  const records = `${HEADER}a,2020-01-01,1\n`;
  await choose(
    page,
    written(testInfo, 'one.csv', PREAMBLE + records),
    written(testInfo, 'two.csv', records),
  );
  const job = await finish(page);
  expect(await figure(job, 'left-out')).toBe('3');
  const table = job.getByRole('table', { name: 'What each file gave' });
  await expect(table).toContainText('Left-out lines');
  await expect(table.getByRole('row').nth(1)).toContainText('3');
});
