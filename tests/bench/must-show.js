// @ts-check
import { Figure } from './figure.js';
import { median } from './median.js';
/** @import { Results } from './results.js' */
/** @import { Site } from './site.js' */

/**
 * A figure that Playtally must show, and its bound.
 *
 * @typedef {object} Requirement
 * @property {string} text
 * @property {Figure} figure
 * @property {'≥' | '≤'} sign
 * @property {number} bound
 */

const WASM = ['duckdb-wasm', 'duckdb-wasm-threads'];

/**
 * How many times as fast as the quickest of others.
 *
 * @type {[match: string, name: string, others: string[], bound: number][]}
 */
const SPEED = [
  ['plain-4', 'the read limit', ['read'], 0.5],
  ['plain', 'native DuckDB', ['duckdb'], 1.75],
  ['plain', 'DuckDB-WASM', WASM, 4],
  ['typical', 'native DuckDB', ['duckdb'], 1.5],
  ['typical', 'DuckDB-WASM', WASM, 10],
  ['high', 'native DuckDB', ['duckdb'], 1],
  ['high', 'DuckDB-WASM', WASM, 30],
  ['quoted', 'DuckDB-WASM', WASM, 3],
];

const HEAD = ['| Must show | is | bound | |', '|---|--:|--:|---|'];

/**
 * Writes as Markdown what must be shown and whether it was. Of others in
 * several settings the better one counts. A wrong answer counts for nothing.
 *
 * @param {Results} results
 * @param {Site} site
 */
export function mustShow(results, site) {
  const lines = [
    ...SPEED.map(([match, name, others, bound]) => {
      const text = `1. ${results.title(match)}: rate ÷ ${name}’s`;
      return atLeast(bound, text, speed(results, match, others));
    }),
    ...['plain', 'typical', 'high', 'quoted'].map((match) => {
      const text = `2. ${results.title(match)}: peak memory ÷ DuckDB-WASM’s`;
      return atMost(0.5, text, memory(results, match, WASM));
    }),
    ...['plain', 'typical', 'high'].map((match) => {
      const text = `2. ${results.title(match)}: bytes a group, keys apart`;
      return atMost(40, text, groupBytes(results, match));
    }),
    ...['plain', 'typical'].map((kind) => {
      const [large, small] = [`${kind}-16`, `${kind}-4`];
      const text = `3. ${results.title(large)}: rate ÷ that of a quarter of it`;
      return atLeast(0.85, text, scaling(results, large, small));
    }),
    atLeast(
      1.5,
      `3. ${results.title('typical')}: rate ÷ one worker’s`,
      speed(results, 'typical', ['playtally-1']),
    ),
    atMost(250, '4. the wasm file, KB gzipped', new Figure(site.gzipped / 1e3)),
    atMost(
      1,
      '4. cold load, seconds until ready',
      new Figure(median(site.loads)),
    ),
  ];
  return [...HEAD, ...lines.map(written)].join('\n');
}

/**
 * @param {Results} results
 * @param {string} match
 * @param {string[]} others
 */
function speed(results, match, others) {
  const rates = right(results, match, others).map(({ rate }) => rate);
  return ownRate(results, match).over(Figure.largest(rates));
}

/**
 * @param {Results} results
 * @param {string} match
 * @param {string[]} others
 */
function memory(results, match, others) {
  const [own] = right(results, match, ['playtally']);
  const peaks = right(results, match, others).map(({ peak }) => peak);
  return (own?.peak ?? Figure.none).over(Figure.least(peaks));
}

/**
 * @param {Results} results
 * @param {string} match
 */
function groupBytes(results, match) {
  const [own] = right(results, match, ['playtally']);
  return own?.groupBytes ?? Figure.none;
}

/**
 * @param {Results} results
 * @param {string} large
 * @param {string} small
 */
function scaling(results, large, small) {
  return ownRate(results, large).over(ownRate(results, small));
}

/**
 * @param {Results} results
 * @param {string} match
 */
function ownRate(results, match) {
  const [own] = right(results, match, ['playtally']);
  return own?.rate ?? Figure.none;
}

/**
 * @param {Results} results
 * @param {string} match
 * @param {string[]} contenders
 */
function right(results, match, contenders) {
  return contenders
    .map((contender) => results.of(match, contender))
    .filter((result) => result.right);
}

/**
 * @param {number} bound
 * @param {string} text
 * @param {Figure} figure
 * @returns {Requirement}
 */
function atLeast(bound, text, figure) {
  return { text, figure, sign: '≥', bound };
}

/**
 * @param {number} bound
 * @param {string} text
 * @param {Figure} figure
 * @returns {Requirement}
 */
function atMost(bound, text, figure) {
  return { text, figure, sign: '≤', bound };
}

/** @param {Requirement} requirement */
function written({ text, figure, sign, bound }) {
  const met = sign === '≥' ? figure.isAtLeast(bound) : figure.isAtMost(bound);
  const verdict = met === undefined ? 'not shown' : met ? 'met' : '**missed**';
  return `| ${text} | ${figure} | ${sign} ${bound} | ${verdict} |`;
}
