// @ts-check
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated } from './data.js';
import { NOTHING, onDisk } from './disk.js';
import { allowEnding } from './workers.js';
/** @import { Page } from '@playwright/test' */

/** In milliseconds: less than a job takes, and its workers are ended thrice. */
const SOME_TIME = 500;

/**
 * Runs a job again and again, ending workers at random moments, and expects
 * the right result each time and nothing left on disk.
 *
 * @param {Page} page not opened yet
 * @param {number} runs
 * @returns {Promise<number>} how many workers died in the midst of a job
 */
export async function survive(page, runs) {
  await allowEnding(page);
  const file = generated('high', 20);
  const wanted = createHash('sha256').update(readFileSync(expected(file)));
  const digest = wanted.digest('hex');
  const api = await Api.open(page);
  let deaths = 0;
  for (let run = 0; run < runs; run += 1) {
    const moments = Array.from({ length: 3 }, (_, n) => {
      return { after: SOME_TIME * random(run, n), which: random(run, n + 3) };
    });
    const done = await api.tallyWhile([file], { memoryBytes: 8e6 }, moments);
    expect(done.digest, `run ${run}`).toBe(digest);
    deaths += done.deaths;
    await expect.poll(() => onDisk(page)).toEqual(NOTHING);
  }
  return deaths;
}

/**
 * A number from 0 to below 1, the same each time.
 *
 * @param {number} run
 * @param {number} n
 */
function random(run, n) {
  const hash = createHash('sha256').update(`${run} ${n}`).digest();
  return hash.readUInt32LE() / 2 ** 32;
}
