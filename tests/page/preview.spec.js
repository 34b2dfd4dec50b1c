// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import {
  choose,
  download,
  figure,
  finish,
  processButton,
  unfold,
} from './page.js';

const TOTALS_HEADER = 'Song,Date,Total Number of Plays for Date\n';

for (const { name, file, code } of [
  { name: 'an empty file', file: '', code: 'empty' },
  { name: 'blank lines only', file: '\n\r\n\n', code: 'empty' },
  { name: 'a header only', file: 'Song,Date,Plays\n', code: 'header_only' },
]) {
  test(`${name} gives a result without records`, async ({ page }, testInfo) => {
    await choose(page, written(testInfo, 'plays.csv', file));
    const problems = page.locator('#preview .problems li');
    await expect(problems).toHaveCount(1);
    await expect(problems).toHaveAttribute('data-code', code);
    const job = await finish(page);
    await expect(job).toContainText('There was no record to add.');
    expect(await figure(job, 'records')).toBe('0');
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(TOTALS_HEADER);
  });
}

test('the first bytes of a file are read once', async ({ page }, testInfo) => {
  await page.addInitScript(() => {
    const { slice } = Blob.prototype;
    let heads = 0;
    Blob.prototype.slice = function (start, ...rest) {
      if (this instanceof File && start === 0) heads += 1;
      return slice.call(this, start, ...rest);
    };
    Object.defineProperty(window, 'headsRead', { get: () => heads });
  });
  await choose(
    page,
    written(testInfo, 'one.csv', 'Song;Date;Plays\na;2020-01-01;1\n'),
    written(testInfo, 'two.csv', 'Song,Date,Plays\na,2020-01-01,2\n'),
  );
  const job = await finish(page);
  const read = await page.evaluate(() => /** @type {any} */ (window).headsRead);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(`${TOTALS_HEADER}a,2020-01-01,3\n`);
  expect(read).toBe(2);
});

test('a file is shown as it is read only if that takes long', async ({
  page,
}, testInfo) => {
  await page.addInitScript(() => {
    const { arrayBuffer } = Blob.prototype;
    /** @type {(value?: unknown) => void} */
    let goOn = () => {};
    const held = new Promise((resolve) => (goOn = resolve));
    Blob.prototype.arrayBuffer = async function () {
      if (this.size > 100) await held;
      return arrayBuffer.call(this);
    };
    /** @type {string[]} */
    const seen = [];
    Object.assign(window, { goOn, seen });
    addEventListener('DOMContentLoaded', () => {
      const preview = document.querySelector('#preview');
      if (!(preview instanceof HTMLElement)) return;
      const note = () => {
        const flag = preview.querySelector('.flag')?.textContent;
        if (!preview.hidden && flag) seen.push(flag);
      };
      const watched = { subtree: true, childList: true, attributes: true };
      new MutationObserver(note).observe(preview, watched);
    });
  });
  const seen = () => page.evaluate(() => /** @type {any} */ (window).seen);
  await choose(page, written(testInfo, 'quick.csv', 'Song,Date,Plays\n'));
  const flag = page.locator('#preview .flag');
  await expect(flag).toHaveText('Ready');
  expect(await seen()).not.toContain('Reading…');
  const rows = 'a,2020-01-01,1\n'.repeat(10);
  await choose(page, written(testInfo, 'slow.csv', `Song,Date,Plays\n${rows}`));
  await expect(flag).toHaveText('Reading…');
  await expect(processButton(page)).toBeDisabled();
  await page.evaluate(() => /** @type {any} */ (window).goOn());
  await expect(flag).toHaveText('Ready');
  const job = await finish(page);
  expect(await figure(job, 'records')).toBe('10');
});

test('a missing column is chosen by hand', async ({ page }, testInfo) => {
  const file = 'Artist,Name,Date,Plays\nx,a,2020-01-01,1\nx,a,2020-01-01,2\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  const problem = page.locator('#preview .problems li');
  await expect(problem).toHaveAttribute('data-code', 'missing_column');
  await expect(problem).toContainText('There is no column “Song”');
  await expect(processButton(page)).toBeDisabled();
  await page.getByLabel('Song', { exact: true }).selectOption('Name');
  await expect(problem).toHaveCount(0);
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Name,Date,Total Plays\na,2020-01-01,3\n',
  );
});

test('one column chosen twice can’t be processed', async ({
  page,
}, testInfo) => {
  const file = 'Song,Date,Plays\na,2020-01-01,1\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await expect(processButton(page)).toBeEnabled();
  await page.getByLabel('Date', { exact: true }).selectOption('Song');
  const problem = page.locator('#preview .problems li');
  await expect(problem).toHaveAttribute('data-code', 'same_column');
  await expect(processButton(page)).toBeDisabled();
  await page.getByLabel('Date', { exact: true }).selectOption('Date');
  await expect(processButton(page)).toBeEnabled();
});

test('another delimiter', async ({ page }, testInfo) => {
  const file = 'Song|Date|Plays\na,b;c|2020-01-01|1\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await expect(page.locator('#preview')).toContainText('Pipe · UTF-8 · header');
  await unfold(page, 'Format');
  const delimiter = page.getByLabel('Delimiter');
  await expect(delimiter).toHaveValue('|');
  await delimiter.selectOption('Comma');
  await expect(processButton(page)).toBeDisabled();
  await delimiter.selectOption('Pipe');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  const record = '"a,b;c",2020-01-01,1\n';
  expect(readFileSync(csv, 'utf8')).toBe(TOTALS_HEADER + record);
});

test('no header', async ({ page }, testInfo) => {
  const file = 'a,2020-01-01,1\nb,2020-01-01,2\na,2020-01-01,3\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'Format');
  const header = page.getByLabel('First record is a header');
  await expect(header).not.toBeChecked();
  await page.getByLabel('Song', { exact: true }).selectOption('Column 1');
  await page.getByLabel('Date', { exact: true }).selectOption('Column 2');
  await page.getByLabel('Plays', { exact: true }).selectOption('Column 3');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Column 1,Column 2,Total Column 3\na,2020-01-01,4\nb,2020-01-01,2\n',
  );
});

test('a header that is said to be a record', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,2020-01-01,1\n';
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'Format');
  const header = page.getByLabel('First record is a header');
  await expect(header).toBeChecked();
  await header.uncheck();
  const shown = page.locator('#preview tbody tr');
  await expect(shown).toHaveCount(2);
});

const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0x2e, 0x37, 13, 10];
const PNG = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72];

for (const { name, bytes, looksLike } of [
  { name: 'plays.pdf.csv', bytes: PDF, looksLike: 'a PDF document' },
  { name: 'plays.csv', bytes: PNG, looksLike: 'a picture' },
]) {
  test(`${name} that is not text`, async ({ page }, testInfo) => {
    const content = new Uint8Array([...bytes, ...new Uint8Array(1000)]);
    await choose(page, written(testInfo, name, content));
    const problem = page.locator('#preview .problems li');
    await expect(problem).toHaveAttribute('data-code', 'not_text');
    await expect(problem).toContainText(looksLike);
    await expect(processButton(page)).toBeDisabled();
  });
}

test('one bad file among good ones is pointed out', async ({
  page,
}, testInfo) => {
  const good = written(testInfo, 'good.csv', 'Song,Date,Plays\na,b,1\n');
  const bad = written(testInfo, 'bad.csv', 'Song,Plays\na,1\n');
  await choose(page, good, bad);
  await expect(processButton(page)).toBeDisabled();
  const reason = page.locator('#process-reason');
  await expect(reason).toContainText('bad.csv');
  await reason.getByRole('button', { name: 'Show' }).click();
  const select = page
    .locator('[data-file="bad.csv"]')
    .getByLabel('Date', { exact: true });
  await expect(select).toBeFocused();
});
