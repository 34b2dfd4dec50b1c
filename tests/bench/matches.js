// @ts-check
/**
 * Who is compared on what. Sizes are multiples of BENCH_BYTES: 250 MB, 1 GB
 * and 4 GB unless it says otherwise. The large ones are for those alone for
 * whom they must show something.
 *
 * @typedef {object} Match
 * @property {string} kind of data, of those that the program `generate` makes
 * @property {number} times what BENCH_BYTES is multiplied by
 * @property {string[]} contenders see contenders.js
 */

const ALL = [
  'playtally',
  'read',
  'duckdb-wasm',
  'duckdb-wasm-threads',
  'papaparse',
  'udsv',
  'duckdb',
];
const LARGE = ['playtally', 'read'];

/**
 * All matches, by the names that BENCH_DATA takes.
 *
 * @type {Record<string, Match>}
 */
export const MATCHES = {
  plain: { kind: 'plain', times: 1, contenders: ALL },
  'plain-4': { kind: 'plain', times: 4, contenders: LARGE },
  'plain-16': { kind: 'plain', times: 16, contenders: LARGE },
  typical: {
    kind: 'typical',
    times: 1,
    contenders: [...ALL, 'playtally-1'],
  },
  'typical-4': { kind: 'typical', times: 4, contenders: LARGE },
  'typical-16': { kind: 'typical', times: 16, contenders: LARGE },
  high: { kind: 'high', times: 1, contenders: ALL },
  quoted: { kind: 'quoted', times: 1, contenders: ALL },
};
