// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { written } from './data.js';

/**
 * @import { TestInfo } from '@playwright/test'
 * @import { Options, Report } from '../../www/types.d.ts'
 */

/**
 * Tallies one file.
 *
 * @param {Api} api
 * @param {string} path
 * @param {Options} options
 * @param {TestInfo} testInfo
 * @returns {Promise<{ lines: string[], report: Report }>} the result without
 *   its header, and the report
 */
async function tally(api, path, options, testInfo) {
  const { csv, report } = await api.tally([path], options, testInfo);
  const [, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n');
  return { lines, report };
}

test('revenue with six places is exact', async ({ page }, testInfo) => {
  let file = 'Song,Date,Revenue\n';
  let sum = 0n;
  for (let n = 0; n < 50_000; n++) {
    const millionths = BigInt((n * 7919) % 999_983);
    sum += millionths;
    file += `a,2024-01-01,0.${String(millionths).padStart(6, '0')}\n`;
  }
  const api = await Api.open(page);
  const path = written(testInfo, 'revenue.csv', file);
  const [found] = await api.inspect([path], { totals: ['Revenue'] });
  expect(found?.types).toEqual(['text', 'date', 'decimal']);
  expect(found?.problems).toEqual([]);
  const options = { totals: ['Revenue'], places: 6, splitBytes: 100_000 };
  const { lines, report } = await tally(api, path, options, testInfo);
  const [whole, rest] = [sum / 1_000_000n, sum % 1_000_000n];
  const digits = String(rest).padStart(6, '0').replace(/0+$/, '');
  const total = digits ? `${whole}.${digits}` : String(whole);
  expect(lines).toEqual([`a,2024-01-01,${total}`]);
  expect(report.totals[0]?.read).toBe(total);
  expect(report.totals[0]?.written).toBe(total);
});

test('decimals that nobody asked for are rejected', async ({
  page,
}, testInfo) => {
  const file = 'Song,Date,Plays\na,d,1.5\na,d,1.25\na,d,2\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  const options = { places: 1 };
  const { lines, report } = await tally(api, path, options, testInfo);
  expect(lines).toEqual(['a,d,3.5']);
  expect(report.reasons.map(({ reason, count }) => [reason, count])).toEqual([
    ['too_many_places', 1],
  ]);
});

test('European numbers are understood', async ({ page }, testInfo) => {
  const file =
    'Song;Date;Plays\na;d;1.234,50\na;d;12\na;d;-1.000.000,25\nb;d;7,5\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'umsatz.csv', file);
  const [found] = await api.inspect([path]);
  expect(found).toMatchObject({
    decimalMark: ',',
    thousandsMark: '.',
    problems: [],
  });
  const options = { places: 2 };
  const { lines } = await tally(api, path, options, testInfo);
  expect(lines).toEqual(['a,d,-998753.75', 'b,d,7.5']);
});

test('Indian numbers are understood', async ({ page }, testInfo) => {
  const file = 'Song;Date;Plays\na;d;₹ 12,34,56,789.50\na;d;1,23,456\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  const [found] = await api.inspect([path]);
  expect(found).toMatchObject({
    decimalMark: '.',
    thousandsMark: ',',
    currencies: ['₹'],
    problems: [],
  });
  const { lines } = await tally(api, path, { places: 2 }, testInfo);
  expect(lines).toEqual(['a,d,123580245.5']);
});

test('numbers that can be read in two ways are asked about', async ({
  page,
}, testInfo) => {
  const file = 'Song,Date,Plays\na,d,"1,234"\na,d,7\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  const [found] = await api.inspect([path]);
  expect(found?.examples).toMatchObject({ dates: [], numbers: ['1,234'] });
  expect(found?.problems).toMatchObject([
    { code: 'ambiguous_numbers', severity: 'error' },
  ]);
  const { code, message } = await api.failure([path], {});
  expect(code).toBe('ambiguous_numbers');
  expect(message).toContain('“1,234”');
  for (const [options, total] of /** @type {[Options, string][]} */ ([
    [{ thousandsMark: ',' }, '1241'],
    [{ decimalMark: '.' }, '1241'],
    [{ decimalMark: ',', places: 3 }, '8.234'],
  ])) {
    const { lines } = await tally(api, path, options, testInfo);
    expect(lines).toEqual([`a,d,${total}`]);
  }
});

test('dates that can be read in two ways are asked about', async ({
  page,
}, testInfo) => {
  const file =
    'Song,Date,Plays\na,03/04/2024,1\na,04/04/2024 10:15,2\na,04/05/2024,4\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  const [plain] = await api.inspect([path]);
  expect(plain).toMatchObject({ dateOrder: null, problems: [] });
  /** @type {Options} */
  const options = { keyFormats: [null, { date: 'month' }] };
  const [found] = await api.inspect([path], options);
  expect(found?.types).toEqual(['text', 'date', 'integer']);
  expect(found?.examples.dates).toEqual([
    '03/04/2024',
    '04/04/2024 10:15',
    '04/05/2024',
  ]);
  expect(found?.problems).toMatchObject([
    { code: 'ambiguous_dates', severity: 'error' },
  ]);
  expect((await api.failure([path], options)).code).toBe('ambiguous_dates');
  for (const [dateOrder, expected] of /** @type {const} */ ([
    ['dmy', ['a,2024-04,3', 'a,2024-05,4']],
    ['mdy', ['a,2024-03,1', 'a,2024-04,6']],
  ])) {
    const given = { ...options, dateOrder };
    const { lines } = await tally(api, path, given, testInfo);
    expect(lines).toEqual(expected);
  }
});

test('years of two digits are understood', async ({ page }, testInfo) => {
  const file = 'Song,Date,Plays\na,31/12/24,1\na,30/12/24,2\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  /** @type {Options} */
  const options = { keyFormats: [null, { date: 'year' }] };
  const [asked] = await api.inspect([path], options);
  expect(asked?.examples.orders).toEqual(['dmy', 'ymd']);
  const given = { ...options, dateOrder: /** @type {const} */ ('dmy') };
  const [found] = await api.inspect([path], given);
  expect(found?.problems).toMatchObject([
    { code: 'short_years', severity: 'notice' },
  ]);
  const { lines, report } = await tally(api, path, given, testInfo);
  expect(lines).toEqual(['a,2024,3']);
  expect(report.notices).toMatchObject([{ code: 'short_years' }]);
});

test('spellings of a key are one group', async ({ page }, testInfo) => {
  const songs = ['Beyoncé', ' BEYONCE\u0301\u00A0', '"beyonce\u0301"'];
  const records = songs.map((song, n) => `${song},2024-01-01,${10 ** n}\n`);
  const file = `Song,Date,Plays\n${records.join('')}`;
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  const text = { trim: true, fold: true, nfc: true };
  const options = { keyFormats: [text, null], chunkBytes: 7 };
  const { lines } = await tally(api, path, options, testInfo);
  expect(lines).toEqual(['beyoncé,2024-01-01,111']);
  const asTheyAre = await tally(api, path, {}, testInfo);
  expect(asTheyAre.lines).toHaveLength(3);
});

test('a file without a header needs no columns chosen', async ({
  page,
}, testInfo) => {
  const file = 'Umbrella,12.5,2024-01-01,3\nUmbrella,1.5,2024-01-01,4\n';
  const api = await Api.open(page);
  const path = written(testInfo, 'plays.csv', file);
  const [found] = await api.inspect([path]);
  expect(found).toMatchObject({
    header: false,
    types: ['text', 'decimal', 'date', 'integer'],
    keys: [0, 2],
    totals: [3],
    problems: [],
  });
  const { lines } = await tally(api, path, {}, testInfo);
  expect(lines).toEqual(['Umbrella,2024-01-01,7']);
});
