// @ts-check
import { createReadStream, rmSync } from 'node:fs';
import { difference, digest } from './check.js';
import { expected, generated, output } from './data.js';
/** @import { Digest } from './check.js' */
/** @import { Contender, Measurement } from './contenders.js' */
/** @typedef {{ bytes: number, file: string, totals: Digest }} Data */

const answer = `${output}/answer.csv`;

/**
 * Makes data and what it comes to, unless they are there.
 *
 * @param {string} kind
 * @param {number} bytes
 * @returns {Promise<Data>}
 */
export async function prepare(kind, bytes) {
  console.error(`Making ${kind} data of ${bytes / 1e6} MB, if need be.`);
  const file = generated(kind, bytes);
  return { bytes, file, totals: await digest(expected(file)) };
}

/**
 * Measures a contender, and checks its answer.
 *
 * @param {Contender} contender
 * @param {Data} data
 * @param {number} limit seconds
 * @returns {Promise<Measurement & { bytes: number, wrong?: string }>}
 */
export async function measure(contender, { bytes, file, totals }, limit) {
  await warmCache(file);
  rmSync(answer, { force: true });
  const result = await contender.measure({ file, answer, limit });
  if (contender.readOnly || result.problem) return { bytes, ...result };
  const wrong = difference(await digest(answer), totals);
  return { bytes, ...result, wrong };
}

/**
 * Reads a file, so that each contender finds it in the system's cache.
 *
 * @param {string} file
 */
async function warmCache(file) {
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  for await (const _ of stream);
}
