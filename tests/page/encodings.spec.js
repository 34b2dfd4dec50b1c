// @ts-check
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { choose, download, figure, finish, newest } from './page.js';

const HEADER = 'Song,Date,Plays\n';
const RESULT = 'Song,Date,Total Number of Plays for Date\n';

/** Text in an encoding of one byte a character, which is that of Unicode. */
const latin1 = (/** @type {string} */ text) => Buffer.from(text, 'latin1');

test('Windows-1252 is detected and read', async ({ page }, testInfo) => {
  const records = [
    'Déjà vu,2020-01-01,1',
    'L’été,2020-01-01,2',
    'Déjà vu,2020-01-01,4',
    'Für Elise,2020-01-02,8',
  ];
  const text = `${HEADER}${records.join('\r\n')}\r\n`.replaceAll('’', '\x92');
  await choose(page, written(testInfo, 'plays.csv', latin1(text)));
  await expect(page.getByLabel('Encoding')).toContainText(
    'windows-1252 (guessed)',
  );
  const job = await finish(page);
  expect(await figure(job, 'rejected')).toBe('0');
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    `${RESULT}Déjà vu,2020-01-01,5\nFür Elise,2020-01-02,8\nL’été,2020-01-01,2\n`,
  );
});

test('records that are not UTF-8 are refused, and read when asked', async ({
  page,
}, testInfo) => {
  const good = 'Plain,2020-01-01,1\n';
  const count = 200_000;
  const half = good.repeat(count / 2);
  const before = HEADER + half;
  const file = latin1(`${before}Caf\xe9,2020-01-01,7\n${half}`);
  expect(before.length).toBeGreaterThan(2 ** 20);
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  expect(await figure(job, 'added')).toBe(String(count));
  expect(await figure(job, 'rejected')).toBe('1');
  const rejects = await download(job, 'Download rejects', testInfo);
  const lines = readFileSync(rejects, 'utf8').split('\n');
  const place = `plays.csv,${count / 2 + 1},${count / 2 + 2},${before.length}`;
  expect(lines[2]).toContain(`${place},bad_encoding,Song,`);
  const notice = job.locator('.problems li[data-code="bad_encoding"]');
  await expect(notice).toContainText('plays.csv: 1 record has bytes');
  const other = job.getByLabel('Read the file as');
  await expect(other).toHaveValue('windows-1252');
  const run = job.getByRole('button', { name: 'Run again in this encoding' });
  await run.click();
  const again = newest(page);
  await expect(again).toHaveAttribute('data-status', 'done');
  expect(await figure(again, 'rejected')).toBe('0');
  const csv = await download(again, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    `${RESULT}Café,2020-01-01,7\nPlain,2020-01-01,${count}\n`,
  );
});

test('records that are not UTF-8 are read in any encoding', async ({
  page,
}, testInfo) => {
  // Behind the first megabyte, so that nothing can be guessed.
  const good = 'Plain,2020-01-01,1\n'.repeat(100_000);
  const file = latin1(`${HEADER}${good}\xbb,2020-01-01,7\n`);
  await choose(page, written(testInfo, 'plays.csv', file));
  const job = await finish(page);
  const notice = job.locator('.problems li[data-code="bad_encoding"]');
  await expect(notice).toContainText('If the file is in another encoding');
  const other = job.getByLabel('Read the file as');
  await other.selectOption('ISO-8859-7, Greek');
  await other.selectOption('ISO-8859-5, Cyrillic');
  await job.getByRole('button', { name: 'Run again in this' }).click();
  const again = newest(page);
  await expect(again).toHaveAttribute('data-status', 'done');
  const csv = await download(again, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    `${RESULT}Plain,2020-01-01,100000\nЛ,2020-01-01,7\n`,
  );
});

for (const [name, bom, swap] of /** @type {[string, string, boolean][]} */ ([
  ['UTF-16LE', '\uFEFF', false],
  ['UTF-16BE', '\uFEFF', true],
])) {
  test(`${name} with a byte order mark`, async ({ page }, testInfo) => {
    const records = 'Déjà vu,2020-01-01,1\r\n歌,2020-01-01,2\r\n';
    const text = `${bom}Song,Date,Plays\r\n${records.repeat(1000)}`;
    const bytes = Buffer.from(text, 'utf16le');
    const file = swap ? bytes.swap16() : bytes;
    await choose(page, written(testInfo, 'plays.csv', file));
    await expect(page.getByLabel('Encoding')).toContainText(name);
    const job = await finish(page);
    expect(await figure(job, 'records')).toBe('2000');
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(
      `${RESULT}Déjà vu,2020-01-01,1000\n歌,2020-01-01,2000\n`,
    );
  });
}

test('UTF-16 in a gzip archive', async ({ page }, testInfo) => {
  const text = '\uFEFFSong,Date,Plays\r\nÉté,2020-01-01,3\r\n';
  const file = gzipSync(Buffer.from(text, 'utf16le'));
  await choose(page, written(testInfo, 'plays.csv.gz', file));
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(`${RESULT}Été,2020-01-01,3\n`);
});
