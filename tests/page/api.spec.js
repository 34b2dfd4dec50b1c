// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { generated, sameBytes, expected, written } from './data.js';

const HEADER = 'Song,Date,Plays\n';
const FILE = `${HEADER}a,2020-01-01,1\nb,2020-01-01,2\n`;

test('aborting gives an AbortError, and the next job runs', async ({
  page,
}, testInfo) => {
  const file = generated('high', 200);
  const api = await Api.open(page);
  for (const abortAt of [0, 1]) {
    const { name } = await api.failure([file], {}, abortAt);
    expect(name).toBe('AbortError');
  }
  // Those that wait for the next job are all taken by now.
  await expect.poll(() => page.workers().length).toBe(0);
  const next = generated('plain', 5);
  const { csv } = await api.tally([next], {}, testInfo);
  sameBytes(csv, expected(next));
});

test('an option that doesn’t exist is named', async ({ page }, testInfo) => {
  const file = written(testInfo, 'plays.csv', FILE);
  const api = await Api.open(page);
  const { name, code, message } = await api.failure([file], { worker: 2 });
  expect({ name, code }).toEqual({
    name: 'TallyError',
    code: 'unknown_option',
  });
  expect(message).toContain('“worker”');
});

test('a bad value is named with its option', async ({ page }, testInfo) => {
  const file = written(testInfo, 'plays.csv', FILE);
  const api = await Api.open(page);
  /** @type {[string, unknown][]} */
  const values = [
    ['workers', 0],
    ['workers', 1.5],
    ['workers', 'two'],
    ['splitBytes', -1],
    ['chunkBytes', 0],
    ['memoryBytes', 0],
    ['recordLimitBytes', '1 MiB'],
    ['delimiter', '§'],
    ['delimiter', ',,'],
    ['delimiter', '"'],
    ['quote', '\n'],
    ['header', 'yes'],
    ['encoding', 'latin-9000'],
    ['encoding', 1],
    ['order', 'random'],
    ['onReject', 'ignore'],
    ['terminator', '\r'],
    ['keys', []],
    ['keys', 'Song'],
    ['totals', [-1]],
  ];
  for (const [option, value] of values) {
    const failure = await api.failure([file], { [option]: value });
    const about = `${option}: ${JSON.stringify(value)}`;
    expect(failure.name, about).toBe('TallyError');
    expect(failure.code, about).toBe('bad_option');
    expect(failure.message, about).toContain(`“${option}”`);
  }
});

test('null is a bad value too', async ({ page }, testInfo) => {
  const file = written(testInfo, 'plays.csv', FILE);
  const api = await Api.open(page);
  for (const option of ['splitBytes', 'delimiter', 'workers', 'memoryBytes']) {
    const { code, message } = await api.failure([file], { [option]: null });
    expect(code, option).toBe('bad_option');
    expect(message).toContain(`“${option}”`);
  }
});

test('no file at all', async ({ page }) => {
  const api = await Api.open(page);
  const { name, code } = await api.failure([], {});
  expect({ name, code }).toEqual({ name: 'TallyError', code: 'no_files' });
});

test('a missing column names the file and the columns', async ({
  page,
}, testInfo) => {
  const file = written(testInfo, 'plays.csv', 'Artist,Date,Plays\na,b,1\n');
  const api = await Api.open(page);
  const failure = await api.failure([file], {});
  expect(failure).toMatchObject({ code: 'missing_column', file: 'plays.csv' });
  expect(failure.message).toContain('“Song”');
  expect(failure.message).toContain('“Artist”');
});

test('the first reject in input order stops the job', async ({
  page,
}, testInfo) => {
  const good = 'a,2020-01-01,1\n';
  const rest = `${good.repeat(1000)}b,2020-01-01,worse\n`;
  const text = `${HEADER}${good.repeat(9)}b,2020-01-01,bad\n${rest}`;
  const file = written(testInfo, 'plays.csv', text);
  const api = await Api.open(page);
  const options = { onReject: 'stop', workers: 3, splitBytes: 1000 };
  const failure = await api.failure([file], options);
  expect(failure).toMatchObject({ name: 'TallyError', code: 'rejected' });
  expect(failure.message).toContain('plays.csv, record 10, line 11, byte 151');
  expect(failure.message).toContain('b,2020-01-01,bad');
});

test('inspect', async ({ page }, testInfo) => {
  const comma = written(testInfo, 'comma.csv', FILE);
  const tab = 'Streams\tTitle\tDay\r\n5\tx\t"a\r\n""b"""\r\n';
  const other = written(testInfo, 'tab.tsv', `\uFEFF${tab}`);
  const api = await Api.open(page);
  expect(await api.inspect([comma, other])).toMatchObject([
    {
      name: 'comma.csv',
      size: 46,
      encoding: 'UTF-8',
      encodingGuessed: false,
      bom: false,
      delimiter: ',',
      terminator: '\n',
      header: true,
      columns: ['Song', 'Date', 'Plays'],
      records: [
        ['a', '2020-01-01', '1'],
        ['b', '2020-01-01', '2'],
      ],
      keys: [0, 1],
      totals: [2],
      problems: [],
    },
    {
      name: 'tab.tsv',
      size: 38,
      encoding: 'UTF-8',
      encodingGuessed: false,
      bom: true,
      delimiter: '\t',
      terminator: '\r\n',
      header: true,
      columns: ['Streams', 'Title', 'Day'],
      records: [['5', 'x', 'a\r\n"b"']],
      keys: [1, 2],
      totals: [0],
      problems: [],
    },
  ]);
});

test('other columns, several of each, and other ends of lines', async ({
  page,
}, testInfo) => {
  const text = 'Country;Plays;Fee\nDE;1;-5\nFR;2;7\nDE;3;5\n';
  const file = written(testInfo, 'plays.csv', text);
  const api = await Api.open(page);
  const { csv, report } = await api.tally(
    [file],
    { keys: ['country'], totals: [1, 'FEE'], terminator: '\r\n' },
    testInfo,
  );
  expect(readFileSync(csv, 'utf8')).toBe(
    'Country,Total Plays,Total Fee\r\nDE,4,0\r\nFR,2,7\r\n',
  );
  expect(report.totals).toEqual([
    { name: 'Plays', read: '6', written: '6' },
    { name: 'Fee', read: '7', written: '7' },
  ]);
});
