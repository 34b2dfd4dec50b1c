// @ts-check
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, root, sameBytes, written } from './data.js';
import { choose, finish } from './page.js';
import { allowEnding } from './workers.js';

/** @typedef {import('@playwright/test').TestInfo} TestInfo */

const SMALL = 'Song,Date,Number of Plays\na,2020-01-01,1\na,2020-01-01,2\n';
const SMALL_TOTAL =
  'Song,Date,Total Number of Plays for Date\na,2020-01-01,3\n';

/**
 * Packs a file with gzip, in two members.
 *
 * @param {TestInfo} testInfo
 * @param {string} file
 */
function gzip(testInfo, file) {
  const content = readFileSync(file);
  const half = content.length >> 1;
  const members = [content.subarray(0, half), content.subarray(half)];
  const packed = Buffer.concat(members.map((part) => gzipSync(part)));
  return written(testInfo, 'plays.csv.gz', packed);
}

/**
 * @param {TestInfo} testInfo
 * @param {string} file
 */
function zstd(testInfo, file) {
  const path = testInfo.outputPath('plays.csv.zst');
  execFileSync(`${root}target/release/examples/pack`, [file, path]);
  return path;
}

/** Makes a ZIP archive: paths and names in turn, some with ZIP64 records. */
const ZIP = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)
for path, name in zip(sys.argv[2::2], sys.argv[3::2]):
    large = name.startswith('large')
    with archive.open(name, 'w', force_zip64=large) as to:
        to.write(open(path, 'rb').read())
archive.close()
`;

/**
 * @param {TestInfo} testInfo
 * @param {[string, string][]} files paths, and names in the archive
 */
function zip(testInfo, files, name = 'plays.zip') {
  const path = testInfo.outputPath(name);
  execFileSync('python3', ['-c', ZIP, path, ...files.flat()]);
  return path;
}

/**
 * @param {TestInfo} testInfo
 * @param {string} file
 */
function packedOf(testInfo, file) {
  return [
    gzip(testInfo, file),
    zstd(testInfo, file),
    zip(testInfo, [[file, 'large.csv']]),
  ];
}

/**
 * A copy without its last bytes.
 *
 * @param {TestInfo} testInfo
 * @param {string} path
 */
function truncated(testInfo, path) {
  const content = readFileSync(path);
  const name = `cut-${path.split('/').pop()}`;
  return written(testInfo, name, content.subarray(0, -20));
}

test('packed files give what is in them', async ({ page }, testInfo) => {
  const file = generated('typical', 4);
  const api = await Api.open(page);
  for (const path of packedOf(testInfo, file)) {
    const options = { memoryBytes: 2e6, chunkBytes: 50_000 };
    const { csv, report } = await api.tally([path], options, testInfo);
    sameBytes(csv, expected(file));
    expect(report.splits).toBe(1);
    expect(report.bytes).toBeLessThanOrEqual(statSync(path).size);
  }
});

test('an archive gives all the tables in it', async ({ page }, testInfo) => {
  const files = [generated('plain', 1), generated('typical', 1)];
  const readme = written(testInfo, 'readme.txt', 'Plays of the year.');
  const [a = '', b = ''] = files;
  const path = zip(testInfo, [
    [a, 'large/a.csv'],
    [readme, 'readme.txt'],
    [readme, '__MACOSX/a.csv'],
    [b, 'b.csv'],
  ]);
  const api = await Api.open(page);
  const found = await api.inspect([a, path]);
  expect(
    found.map(({ source, container, entry, name }) => {
      return [source, container, entry, name.replace(/.*-/, '')];
    }),
  ).toEqual([
    [0, null, null, '1.csv'],
    [1, 'zip', 'large/a.csv', 'plays.zip/large/a.csv'],
    [1, 'zip', 'b.csv', 'plays.zip/b.csv'],
  ]);
  const { csv, report } = await api.tally([path], {}, testInfo);
  sameBytes(csv, expected(...files));
  expect(report.files.map(({ name }) => name)).toEqual([
    'plays.zip/large/a.csv',
    'plays.zip/b.csv',
  ]);
  const problems = found.map(({ problems }) => problems);
  expect(problems.flat().map(({ code }) => code)).toEqual(['left_out']);
  expect(problems.flat()[0]?.message).toContain('readme.txt');
  expect(report.notices.map(({ code, message }) => [code, message])).toEqual([
    [
      'left_out',
      expect.stringMatching(/^plays\.zip: Not read.* readme\.txt\./),
    ],
  ]);
});

test('what an archive leaves out stands beside the result', async ({
  page,
}, testInfo) => {
  const small = written(testInfo, 'small.csv', SMALL);
  const notes = written(testInfo, 'notes.txt', 'Plays of the year.');
  const path = zip(testInfo, [
    [small, 'a.csv'],
    [notes, 'notes.txt'],
    [small, 'b.csv'],
  ]);
  await choose(page, path);
  const preview = page.locator('#preview');
  await expect(preview.locator('.file')).toHaveCount(2);
  await preview.locator('.file').first().locator('summary').first().click();
  await expect(preview.locator('[data-code="left_out"]')).toHaveCount(1);
  const job = await finish(page);
  const notice = job.locator('.problems [data-code="left_out"]');
  await expect(notice).toHaveCount(1);
  await expect(notice).toContainText('plays.zip: Not read');
  await expect(notice).toContainText('notes.txt');
});

test('damaged archives say so', async ({ page }, testInfo) => {
  const api = await Api.open(page);
  const small = written(testInfo, 'small.csv', SMALL);
  for (const path of packedOf(testInfo, small)) {
    const [found] = await api.inspect([truncated(testInfo, path)]);
    expect(found?.problems).toMatchObject([
      { code: 'damaged_archive', severity: 'error' },
    ]);
  }
  for (const path of packedOf(testInfo, generated('typical', 4))) {
    const cut = truncated(testInfo, path);
    const failure = await api.failure([cut], {});
    const name = cut.split('/').pop();
    expect(failure).toMatchObject({ code: 'damaged_archive', file: name });
    expect(failure.message).toContain(`${name}: This archive`);
  }
});

test('a bomb meets the limit', async ({ page }, testInfo) => {
  test.slow();
  const member = gzipSync('a,2020-01-01,1\n'.repeat(2 ** 22));
  const members = Array.from({ length: 18 }, () => member);
  const header = gzipSync('Song,Date,Number of Plays\n');
  const bomb = Buffer.concat([header, ...members]);
  const path = written(testInfo, 'bomb.gz', bomb);
  const api = await Api.open(page);
  const failure = await api.failure([path], { expansionLimit: 1 });
  expect(failure).toMatchObject({ code: 'expands', file: 'bomb.gz' });
});

test('a workbook is refused', async ({ page }, testInfo) => {
  const part = written(testInfo, 'part', '<xml/>');
  const workbook = zip(
    testInfo,
    [
      [part, '[Content_Types].xml'],
      [part, 'xl/workbook.xml'],
    ],
    'plays.xlsx',
  );
  const api = await Api.open(page);
  const [found] = await api.inspect([workbook]);
  expect(found?.problems[0]).toMatchObject({ code: 'not_text' });
  expect(found?.problems[0]?.message).toContain('an Excel workbook');
});

test('progress counts packed bytes', async ({ page }, testInfo) => {
  const path = gzip(testInfo, generated('typical', 4));
  const api = await Api.open(page);
  const told = await api.progress([path], { chunkBytes: 50_000 });
  const { size } = statSync(path);
  expect(told.map(({ totalBytes }) => totalBytes)).toContain(size);
  expect(Math.max(...told.map(({ bytes }) => bytes))).toBe(size);
});

test('a worker that dies reads it again', async ({ page }, testInfo) => {
  await allowEnding(page);
  const file = generated('typical', 20);
  const path = gzip(testInfo, file);
  const api = await Api.open(page);
  const calm = await api.tallyWhile([path], {}, []);
  const moments = [{ after: 400, which: 0 }];
  const found = await api.tallyWhile([path], {}, moments);
  expect(found.digest).toBe(calm.digest);
});

test('the page shows each file in an archive', async ({ page }, testInfo) => {
  const small = written(testInfo, 'small.csv', SMALL);
  const path = zip(testInfo, [
    [small, 'a.csv'],
    [small, 'b.csv'],
  ]);
  await choose(page, path);
  const names = page.locator('.file-name');
  await expect(names).toHaveText(['plays.zip/a.csv', 'plays.zip/b.csv']);
  const job = await finish(page);
  await expect(job).toContainText('plays.zip/a.csv');
});

test('an encrypted archive says so', async ({ page }, testInfo) => {
  const small = written(testInfo, 'small.csv', SMALL);
  const content = readFileSync(zip(testInfo, [[small, 'a.csv']]));
  // The flag in the directory's record.
  const record = content.indexOf('PK\x01\x02');
  content[record + 8] = 1;
  const path = written(testInfo, 'secret.zip', content);
  const api = await Api.open(page);
  const [found] = await api.inspect([path]);
  expect(found?.problems[0]?.message).toContain('encrypted');
});
