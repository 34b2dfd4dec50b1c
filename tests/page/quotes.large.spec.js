// @ts-check
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, sameBytes } from './data.js';

/** A line whose quote is never closed where it should be. */
const STRAY = '"In The End,2020-01-01,500\n';

// Typical data has quoted titles after the stray quote, plain data has none.
for (const kind of /** @type {const} */ (['plain', 'typical'])) {
  for (const workers of [1, 2, 4]) {
    test(`a stray quote in 1 GB of ${kind} data, ${workers} workers`, async ({
      page,
    }, testInfo) => {
      const good = generated(kind, 1000);
      const path = testInfo.outputPath('stray.csv');
      const line = insertInTheMiddle(good, path);
      const api = await Api.open(page);
      const { csv, report } = await api.tally([path], { workers }, testInfo);
      sameBytes(csv, expected(good));
      expect(report.rejected).toBe(1);
      expect(report.firstRejects[0]?.line).toBe(line);
      const reason = kind === 'plain' ? 'quote_limit' : 'stray_quote';
      expect(report.firstRejects[0]?.reason).toBe(reason);
    });
  }
}

/**
 * Copies a file whose fields have no line breaks, with the stray line in its
 * middle.
 *
 * @param {string} from
 * @param {string} to
 * @returns {number} the number of the line
 */
function insertInTheMiddle(from, to) {
  const [input, output] = [openSync(from, 'r'), openSync(to, 'w')];
  const middle = statSync(from).size / 2;
  const buffer = Buffer.alloc(8 << 20);
  let position = 0;
  let lines = 1;
  let line = 0;
  for (;;) {
    const length = readSync(input, buffer, 0, buffer.length, position);
    if (length === 0) break;
    const chunk = buffer.subarray(0, length);
    position += length;
    if (line || position < middle) {
      writeSync(output, chunk);
      if (!line) lines += breaks(chunk);
      continue;
    }
    const end = chunk.indexOf('\n') + 1;
    writeSync(output, chunk, 0, end);
    writeSync(output, STRAY);
    writeSync(output, chunk, end);
    line = lines + 1;
  }
  closeSync(input);
  closeSync(output);
  return line;
}

/**
 * Counts line breaks.
 *
 * @param {Buffer} bytes
 */
function breaks(bytes) {
  let count = 0;
  let at = bytes.indexOf(10);
  while (at >= 0) {
    count += 1;
    at = bytes.indexOf(10, at + 1);
  }
  return count;
}
