// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import {
  add,
  choose,
  download,
  figure,
  finish,
  remove,
  unfold,
} from './page.js';

const HEADER = 'Song,Date,Plays\n';
const REJECTS_HEADER =
  'File,Record,Line,Byte,Reason,Column,Value,Raw record,Encoding,Cut\n' +
  'plays.csv,,1,,header,,delimiter=comma,"Song,Date,Plays",,\n';

/**
 * Records of which the second can't be used.
 *
 * @type {{ name: string, record: string, reason: string, about: string, raw: string, marks?: string }[]}
 */
const BAD_RECORDS = [
  {
    name: 'too few fields',
    record: 'b,2020-01-01',
    reason: 'too_few_fields',
    about: ',',
    raw: '"b,2020-01-01"',
  },
  {
    name: 'too many fields',
    record: 'b,2020-01-01,2,x',
    reason: 'too_many_fields',
    about: ',',
    raw: '"b,2020-01-01,2,x"',
  },
  {
    name: 'a number with decimal places',
    record: 'b,2020-01-01,"1,20"',
    reason: 'too_many_places',
    about: 'Plays,"1,20"',
    marks: ' decimalMark=comma',
    raw: '"b,2020-01-01,""1,20"""',
  },
  {
    name: 'no number',
    record: 'b,2020-01-01,',
    reason: 'bad_number',
    about: 'Plays,',
    raw: '"b,2020-01-01,"',
  },
  {
    name: 'an unclosed quote',
    record: '"b,2020-01-01,2',
    reason: 'unclosed_quote',
    about: ',',
    raw: '"""b,2020-01-01,2"',
  },
];

for (const { name, record, reason, about, raw, marks } of BAD_RECORDS) {
  test(name, async ({ page }, testInfo) => {
    const file = `${HEADER}a,2020-01-01,1\n${record}\nc,2020-01-01,3\n`;
    await choose(page, written(testInfo, 'plays.csv', file));
    const job = await finish(page);
    expect(await figure(job, 'records')).toBe('3');
    expect(await figure(job, 'added')).toBe('2');
    expect(await figure(job, 'rejected')).toBe('1');
    const shown = job.getByRole('table', { name: '1 rejected record' });
    await expect(shown.locator('code').last()).toHaveText(record);
    const rejects = await download(job, 'Download rejects', testInfo);
    const line = `plays.csv,2,3,31,${reason},${about},${raw},,\n`;
    const header = REJECTS_HEADER.replace('=comma', `=comma${marks ?? ''}`);
    expect(readFileSync(rejects, 'utf8')).toBe(header + line);
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(
      'Song,Date,Total Number of Plays for Date\n' +
        'a,2020-01-01,1\nc,2020-01-01,3\n',
    );
  });
}

test('a record that is longer than the limit', async ({ page }, testInfo) => {
  const long = `b,${'x'.repeat(3 * 2 ** 20)},2`;
  const file = `${HEADER}a,2020-01-01,1\n${long}\nc,2020-01-01,3\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  expect(await figure(job, 'added')).toBe('2');
  expect(await figure(job, 'rejected')).toBe('1');
  const rejects = await download(job, 'Download rejects', testInfo);
  const [names, header, line, end] = readFileSync(rejects, 'utf8').split('\n');
  expect(`${names}\n${header}\n`).toBe(REJECTS_HEADER);
  expect(line.slice(0, 60)).toMatch(
    /^plays\.csv,2,3,31,record_too_long,,,"b,x{10,}/,
  );
  expect(line.slice(-11)).toBe('xxxxx",,yes');
  expect(line.length).toBeLessThan(long.length);
  expect(end).toBe('');
});

test('a quote that does not close within the limit', async ({
  page,
}, testInfo) => {
  const good = 'a,2020-01-01,1\n';
  const count = 100_000;
  const file = `${HEADER}"b,2020-01-01,2\n${good.repeat(count)}`;
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  expect(await figure(job, 'added')).toBe(String(count));
  expect(await figure(job, 'rejected')).toBe('1');
  const notice = job.locator('.problems li[data-code="quote_limit"]');
  await expect(notice).toContainText(
    'plays.csv: a quote that opened on line 2',
  );
});

test('the first of many rejects are shown, and all downloaded', async ({
  page,
}, testInfo) => {
  const file = HEADER + 'a,2020-01-01,x\n'.repeat(250);
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  const name = 'The first 100 of 250 rejected records';
  await job.getByText(name, { exact: true }).first().click();
  const shown = job.getByRole('table', { name });
  await expect(shown.getByRole('row')).toHaveCount(1 + 100);
  const rejects = await download(job, 'Download rejects', testInfo);
  const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2 + 250);
  const byte = HEADER.length + 249 * 15;
  expect(lines[251]).toBe(
    `plays.csv,250,251,${byte},bad_number,Plays,x,"a,2020-01-01,x",,`,
  );
});

test('markup in a file stays text', async ({ page }, testInfo) => {
  const markup = '<img src=x onerror="document.title = 1"><script>1</script>';
  const song = `"${markup.replaceAll('"', '""')}"`;
  const file =
    `Song,Date,Plays,${song}\n` +
    `${song},2020-01-01,1,\n` +
    `${song},2020-01-01,x,\n`;
  await choose(page, written(testInfo, '<b>plays<b>.csv', file));
  const preview = page.getByRole('table', { name: 'First 2 records' });
  await expect(preview).toContainText(markup);
  const job = await finish(page);
  const result = job.getByRole('table', { name: 'of the result' });
  const results = job.getByRole('table', { name: '1 record of the result' });
  await expect(result.or(results).first()).toContainText(markup);
  const rejects = job.getByRole('table', { name: '1 rejected record' });
  await expect(rejects).toContainText(file.trimEnd().split('\n')[2]);
  await expect(page.locator('main img, main script, main b')).toHaveCount(0);
  await expect(page).toHaveTitle('Playtally');
});

test('mended rejects are read again', async ({ page }, testInfo) => {
  const plays =
    'Song,Date,Plays\na,2020-01-01,1\nb,2020-01-01,n/a\n' +
    '"c,2020-01-01,3\nd,2020-01-01,4\n';
  const titles =
    'Plays;Title;Day\r\n5;Déjà;2020-01-01\r\n?;Déjà;2020-01-02\r\n';
  await choose(
    page,
    written(testInfo, 'plays.csv', plays),
    written(testInfo, 'titles.csv', titles),
  );
  const first = await finish(page);
  expect(await figure(first, 'added')).toBe('3');
  const rejects = await download(first, 'Download rejects', testInfo);
  // As a spreadsheet saves it.
  const mended = readFileSync(rejects, 'utf8')
    .replace('b,2020-01-01,n/a', 'b,2020-01-01,2')
    .replace('"""c,2020-01-01,3"', '"c,2020-01-01,3"')
    .replace('?;Déjà', '6;Déjà')
    .replaceAll('\n', '\r\n');
  const saved = written(testInfo, 'mended.csv', `\uFEFF${mended}`);
  await choose(page, saved);
  const second = await finish(page);
  expect(await figure(second, 'added')).toBe('3');
  expect(await figure(second, 'rejected')).toBe('0');
  const csv = await download(second, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Song,Date,Total Number of Plays for Date\n' +
      'Déjà,2020-01-02,6\nb,2020-01-01,2\nc,2020-01-01,3\n',
  );
});

test('mended rejects are written as their file was', async ({
  page,
}, testInfo) => {
  const file =
    'Song;Date;Plays\na;2020-01-01;1.234.567\nb;2020-01-01;?\n' +
    'c;2020-01-01;?\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  const first = await finish(page);
  const rejects = await download(first, 'Download rejects', testInfo);
  const mended = readFileSync(rejects, 'utf8').replaceAll(';?', ';1.234');
  await choose(page, written(testInfo, 'mended.csv', mended));
  await expect(page.locator('#preview .problems li')).toHaveCount(0);
  const second = await finish(page);
  const csv = await download(second, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Song,Date,Total Number of Plays for Date\n' +
      'b,2020-01-01,1234\nc,2020-01-01,1234\n',
  );
});

test('mended rejects are asked what their job asked', async ({
  page,
}, testInfo) => {
  const name = 'Net; "USD" = 1+1';
  const title = `"${name.replaceAll('"', '""')}"`;
  const sales =
    `${title}\tDate\tSold\tArtist\n` +
    '1.50\tx\t31/01/2024\tAbba\n?\tx\t02/01/2024\t abba \n' +
    '2.25\tx\t-\tABBA\n4.00\tx\t05/02/2024\tAbba\n';
  const other = 'Artist,Amount,Sold\nAbba,1,2024-02-01\nAbba,!,2024-02-03\n';
  const files = { 'sales.txt': sales, 'other.csv': other };
  const paths = Object.entries(files).map(([name, content]) => {
    return written(testInfo, name, content);
  });
  await choose(page, ...paths);
  await unfold(page, 'What to total');
  for (const column of ['Artist', 'Sold']) await add(page, 'key', column);
  for (const role of ['Song', 'Date']) await remove(page, role);
  await page.getByLabel('How Sold is read').selectOption('month');
  const reading = page.getByLabel('How Artist is read');
  await reading.selectOption('Ignoring case and blanks');
  await page.getByLabel('Numbers').selectOption('2 decimal places');
  const cards = page.locator('[data-file]');
  await cards.nth(0).getByLabel('Plays').selectOption(name);
  await cards.nth(1).getByLabel('Plays').selectOption('Amount');
  const first = await finish(page);
  expect(await figure(first, 'added')).toBe('3');
  const header = `Artist,Sold,${title.replace('"', '"Total ')}\n`;
  const result = await download(first, 'Download CSV', testInfo);
  expect(readFileSync(result, 'utf8')).toBe(
    `${header}abba,2024-01,1.5\nabba,2024-02,5\n`,
  );
  const rejects = await download(first, 'Download rejects', testInfo);
  const mended = readFileSync(rejects, 'utf8')
    .replace('?\tx', '0.75\tx')
    .replace('x\t-', 'x\t03/02/2024')
    .replace('Abba,!', 'Abba,10');
  await choose(page, written(testInfo, 'mended.csv', mended));
  const notes = page.locator('#preview li[data-code="asked"]');
  await expect(notes.first()).toContainText(
    'for each Artist (ignoring blanks, case, forms of accents) and Sold (month)',
  );
  await expect(page.locator('#preview li[data-severity="error"]')).toHaveCount(
    0,
  );
  await unfold(page, 'What to total');
  await expect(reading).toHaveValue('text');
  const second = await finish(page);
  expect(await figure(second, 'rejected')).toBe('0');
  const csv = await download(second, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    `${header}abba,2024-01,0.75\nabba,2024-02,12.25\n`,
  );
});

test('what a person asks for goes before what rejects say', async ({
  page,
}, testInfo) => {
  const rejects =
    `${REJECTS_HEADER.split('\n', 1)[0]}\n` +
    'a.csv,,1,,header,,delimiter=comma formats=plain+month,' +
    '"Song,Date,Plays",,\n' +
    'a.csv,1,2,16,bad_number,,,"a,2024-03-05,7",,\n';
  const path = written(testInfo, 'rejects.csv', rejects);
  await choose(page, path);
  const way = page.getByLabel('How Date is read');
  await unfold(page, 'What to total');
  await expect(way).toHaveValue('month');
  await way.selectOption('year');
  const other = page.locator('#preview li[data-code="asked_otherwise"]');
  await expect(other).toContainText('Plays for each Song and Date (month)');
  await other.getByRole('button', { name: 'Ask for the same' }).click();
  await expect(way).toHaveValue('month');
  await expect(other).toHaveCount(0);
  await way.selectOption('As it stands');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toContain('a,2024-03-05,7\n');
});

test('words that are no currency in a file are none in its rejects', async ({
  page,
}, testInfo) => {
  const file = `${HEADER}${'a,2020-01-01,1\n'.repeat(9)}b,2020-01-01,TOP 40\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  const first = await finish(page);
  await choose(page, await download(first, 'Download rejects', testInfo));
  const second = await finish(page);
  expect(await figure(second, 'added')).toBe('0');
  expect(await figure(second, 'rejected')).toBe('1');
});

test('rejects without the names of columns are not read', async ({
  page,
}, testInfo) => {
  const rejects =
    `${REJECTS_HEADER.split('\n', 1)[0]}\n` +
    'a.csv,,1,,header,,delimiter=comma keys=1+2 totals=3,,,\n' +
    'a.csv,1,2,16,bad_number,,,"a,2024-03-05,7",,\n' +
    'a.csv,2,3,16,bad_number,,,"b,2024-03-05,8",,\n';
  await choose(page, written(testInfo, 'rejects.csv', rejects));
  const problem = page.locator('.problems li[data-code="damaged_rejects"]');
  await expect(problem).toContainText('in line 2, the raw record with');
});

test('rejects that can not be read again say where', async ({
  page,
}, testInfo) => {
  const columns = REJECTS_HEADER.split('\n', 1)[0];
  const file = `${columns}\nplays.csv,1,2,16,bad_number,Plays,x,a,,\n`;
  await choose(page, written(testInfo, 'rejects.csv', file));
  const problem = page.locator('.problems li[data-code="damaged_rejects"]');
  await expect(problem).toContainText('in line 2, there is a record of a file');
});
