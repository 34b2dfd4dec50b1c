// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { choose, download, finish, processButton, unfold } from './page.js';

const PROBLEMS = '#preview .problems li';

for (const { name, way, records } of [
  { name: 'as it stands', way: null, records: 'a,2024-01-31,1 a,2024-02-01,2' },
  {
    name: 'by day',
    way: 'As a date, by day',
    records: 'a,2024-01-31,1 a,2024-02-01,2',
  },
  {
    name: 'by week',
    way: 'As a date, by week',
    records: 'a,2024-W05,3',
  },
  {
    name: 'by month',
    way: 'As a date, by month',
    records: 'a,2024-01,1 a,2024-02,2',
  },
  { name: 'by year', way: 'As a date, by year', records: 'a,2024,3' },
]) {
  test(`dates ${name}`, async ({ page }, testInfo) => {
    const file = 'Song,Date,Plays\na,2024-01-31,1\na,2024-02-01,2\n';
    await choose(page, written(testInfo, 'plays.csv', file));
    await unfold(page, 'What to total');
    if (way) await page.getByLabel('How Date is read').selectOption(way);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(
      `Song,Date,Total Number of Plays for Date\n${records.replaceAll(' ', '\n')}\n`,
    );
  });
}

for (const { answer, records } of [
  { answer: /day first/, records: 'a,2024-04,3 a,2024-05,4' },
  { answer: /month first/, records: 'a,2024-03,1 a,2024-04,6' },
]) {
  test(`dates in doubt: ${answer.source}`, async ({ page }, testInfo) => {
    const file =
      'Song,Date,Plays\na,03/04/2024,1\na,04/04/2024,2\na,04/05/2024,4\n';
    await choose(page, written(testInfo, 'plays.csv', file));
    await expect(processButton(page)).toBeEnabled();
    await unfold(page, 'What to total');
    await page.getByLabel('How Date is read').selectOption('month');
    const problem = page.locator(PROBLEMS);
    await expect(problem).toHaveAttribute('data-code', 'ambiguous_dates');
    await expect(problem).toContainText('What does 03/04/2024 mean?');
    await expect(processButton(page)).toBeDisabled();
    await problem.getByRole('button', { name: answer }).click();
    await expect(problem).toHaveCount(0);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(
      `Song,Date,Total Number of Plays for Date\n${records.replaceAll(' ', '\n')}\n`,
    );
  });
}

test('years of two digits', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,31/12/24,1\na,30/11/24,2\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'What to total');
  await page.getByLabel('How Date is read').selectOption('day');
  const problem = page.locator(PROBLEMS);
  await expect(problem).toHaveAttribute('data-code', 'ambiguous_dates');
  await expect(problem.getByRole('button')).toHaveText([
    '31 December 2024: day first',
    '24 December 2031: year first',
  ]);
  await problem.getByRole('button', { name: 'day first' }).click();
  await expect(problem).toHaveAttribute('data-code', 'short_years');
  await expect(problem).toContainText(
    '“31/12/24” is read as 31 December 2024. 00 to 68 are 2000 to 2068, and ' +
      '69 to 99 are 1969 to 1999.',
  );
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain(
    'a,2024-11-30,2\na,2024-12-31,1\n',
  );
});

test('dates in doubt are decided once for all files', async ({
  page,
}, testInfo) => {
  const record = 'a,03/04/2024,1\n';
  const files = ['one.csv', 'two.csv', 'three.csv'].map((name) => {
    return written(testInfo, name, `Song,Date,Plays\n${record}`);
  });
  await choose(page, ...files);
  await unfold(page, 'What to total');
  await page.getByLabel('How Date is read').selectOption('day');
  const card = page.locator('[data-file="one.csv"]');
  await card.getByLabel('The same in all files that ask').check();
  await card.getByRole('button', { name: '3 April 2024' }).click();
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,2024-04-03,3\n');
});

for (const { answer, total } of [
  { answer: /the comma marks thousands/, total: '1241' },
  { answer: /the comma marks decimals/, total: '8.234' },
]) {
  test(`numbers in doubt: ${answer.source}`, async ({ page }, testInfo) => {
    const file = 'Song,Date,Plays\na,2024-01-01,"1,234"\na,2024-01-01,7\n';
    await choose(page, written(testInfo, 'plays.csv', file));
    const problem = page.locator(PROBLEMS);
    await expect(problem).toHaveAttribute('data-code', 'ambiguous_numbers');
    await expect(problem).toContainText('What does 1,234 mean?');
    await problem.getByRole('button', { name: answer }).click();
    await expect(problem).toHaveCount(0);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toContain(`a,2024-01-01,${total}\n`);
  });
}

test('decimal places are offered', async ({ page }, testInfo) => {
  const file = 'Song;Date;Plays\na;2024-01-01;1.234,505\na;2024-01-01;-0,5\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  const problem = page.locator(PROBLEMS);
  await expect(problem).toHaveAttribute('data-code', 'decimals');
  const places = page.getByRole('button', { name: '3 decimal places' });
  await places.click();
  await expect(problem).toHaveCount(0);
  await expect(page.locator('#preview')).toContainText('decimal comma');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,2024-01-01,1234.005\n');
});

test('decimal places and marks are set by hand', async ({ page }, testInfo) => {
  const file = 'Song;Date;Plays\na;2024-01-01;1 234,5\na;2024-01-01;1\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'What to total');
  await page.getByLabel('Numbers').selectOption('1 decimal place');
  await unfold(page, 'Format');
  await page.getByLabel('Decimal mark', { exact: true }).selectOption(',');
  await page.getByLabel('Thousands mark').selectOption(' ');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,2024-01-01,1235.5\n');
});

test('amounts in a currency', async ({ page }, testInfo) => {
  const file =
    'Song,Date,Plays\na,d,"$1,234.50"\na,d,-$3\na,d,($2.25)\na,d,1\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await page.getByRole('button', { name: '2 decimal places' }).click();
  await expect(page.locator('#preview')).toContainText('amounts in $');
  await expect(page.locator('#preview')).toContainText('(5) is −5');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,d,1230.25\n');
});

test('amounts in crowns as other systems write them', async ({
  page,
}, testInfo) => {
  const file =
    'Song;Date;Plays\na;d;1\u{A0}234,50 kr\na;d;200,25- kr\n' +
    'a;d;\u{2212}4 kr\na;d;5 %\na;d;5k\na;d;5 tkr\n' +
    'a;d;1,00 kr\n'.repeat(60);
  await choose(page, written(testInfo, 'plays.csv', file));
  await page.getByRole('button', { name: '2 decimal places' }).click();
  await expect(page.locator('#preview')).toContainText('amounts in kr');
  const job = await finish(page);
  const about = '“Plays” is “5 %”, a percentage, and those are not added up.';
  await expect(job).toContainText(about);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,d,1090.25\n');
  const rejects = await download(job, 'Download rejects', testInfo);
  const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => line.includes('bad_number'))).toHaveLength(3);
});

test('a currency is set by hand', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,d,$5\na,d,7\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'Format');
  const currency = page.getByLabel('Currency of Plays');
  await expect(currency).toContainText('As found: $');
  await currency.focus();
  await currency.selectOption('None');
  await expect(currency).toBeFocused();
  const job = await finish(page);
  await expect(job).toContainText('“Plays” is “$5”, not a number.');
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,d,7\n');
});

test('one of several currencies is totalled', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,d,$5\na,d,€7\na,d,$1\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  const problem = page.locator(PROBLEMS);
  await expect(problem).toHaveAttribute('data-code', 'mixed_currencies');
  await expect(problem).toContainText('“$5”, “€7”');
  await expect(processButton(page)).toBeDisabled();
  await problem.getByRole('button', { name: '€' }).click();
  await expect(problem).toHaveCount(0);
  const job = await finish(page);
  await expect(job).toContainText(
    '“Plays” is “$5”, in another currency than the column.',
  );
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,d,7\n');
});

test('files in two currencies are not added up', async ({ page }, testInfo) => {
  const files = ['$5', '6', '€7'].map((amount, index) => {
    const file = `Song,Date,Plays\na,d,${amount}\n`;
    return written(testInfo, `${index}.csv`, file);
  });
  await choose(page, ...files);
  const reason = page.locator('#process-reason');
  await expect(reason).toContainText(
    'Plays is in € in 2.csv and in $ in 0.csv.',
  );
  await expect(processButton(page)).toBeDisabled();
  await reason.getByRole('button', { name: 'Show' }).click();
  const card = page.locator('[data-file="2.csv"]');
  await card.getByRole('button', { name: 'Leave this file out' }).click();
  await expect(reason).toBeEmpty();
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,d,11\n');
});

test('keys are evened out', async ({ page }, testInfo) => {
  const songs = ['Beyoncé', ' BEYONCE\u0301', 'beyonce\u0301'];
  const records = songs.map((song, n) => `${song},2024-01-01,${10 ** n}\n`);
  const file = `Song,Date,Plays\n${records.join('')}`;
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'What to total');
  const way = page.getByLabel('How Song is read');
  await way.selectOption('Ignoring case and blanks');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('\nbeyoncé,2024-01-01,111\n');
});
