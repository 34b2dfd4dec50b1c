// @ts-check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measurePage } from './browser.js';
import { measureNative } from './native.js';
import packages from '../../package.json' with { type: 'json' };

/**
 * What a contender is to do.
 *
 * @typedef {object} Task
 * @property {string} file the path of the data
 * @property {string} answer the path of the totals to write
 * @property {number} limit seconds after which it is stopped
 *
 * What came of it. One that was stopped or failed has a problem and no
 * seconds. Memory is in megabytes.
 *
 * @typedef {object} Measurement
 * @property {number} [seconds]
 * @property {string} [problem]
 * @property {number} [stopped] the limit, if it took too long
 * @property {number} base memory before the file was chosen
 * @property {number} peak
 * @property {number} [groupBytes] what each group took of it, in bytes and
 *   without its keys, if the contender says it
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {boolean} [readOnly] whether it gives no answer
 * @property {(task: Task) => Promise<Measurement>} measure
 */

const version = packages.devDependencies;
const requirements = new URL('requirements.txt', import.meta.url);
const native = readFileSync(requirements, 'utf8').trim().replace('==', ' ');
const playtallyScript = fileURLToPath(
  new URL('contenders/playtally.js', import.meta.url),
);

/**
 * All contenders, by the names that BENCH_ONLY takes.
 *
 * @param {{ playtally: string, others: string }} urls where they are served
 * @returns {Record<string, Contender>}
 */
export function contenders({ playtally, others }) {
  /** @param {string} query */
  const ours = (query) => (/** @type {Task} */ task) => {
    return measurePage(`${playtally}/${query}`, task, playtallyScript);
  };
  /** @param {string} query */
  const other = (query) => (/** @type {Task} */ task) => {
    return measurePage(`${others}/page/index.html?contender=${query}`, task);
  };
  const wasm = `DuckDB-WASM ${version['@duckdb/duckdb-wasm']}`;
  return {
    playtally: { name: 'Playtally', measure: ours('') },
    'playtally-1': {
      name: 'Playtally, one worker',
      measure: ours('?workers=1'),
    },
    read: {
      name: 'reading only',
      readOnly: true,
      measure: other('read'),
    },
    'duckdb-wasm': {
      name: `${wasm}, one thread, file registered`,
      measure: other('duckdb-wasm'),
    },
    'duckdb-wasm-threads': {
      name: `${wasm}, threads, file in a buffer`,
      measure: other('duckdb-wasm&setting=threads'),
    },
    papaparse: {
      name: `PapaParse ${version.papaparse} in a worker`,
      measure: other('papaparse'),
    },
    udsv: {
      name: `uDSV ${version.udsv} in a worker`,
      measure: other('udsv'),
    },
    duckdb: {
      name: `native ${native}, a thread for each core`,
      measure: measureNative,
    },
  };
}
