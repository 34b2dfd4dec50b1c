// @ts-check
/**
 * The page of every contender but Playtally: once the contender that the
 * address names is ready, it waits for a file, and then for the answer.
 *
 * @typedef {(file: File) => Promise<Blob | null>} Contender gives the totals
 *   as CSV, or null if it only reads
 * @typedef {(setting: string | null) => Promise<Contender>} Prepare does what
 *   can be done before there is a file
 */
import { lastByte } from './last-byte.js';

const input = /** @type {HTMLInputElement} */ (document.querySelector('input'));
const address = new URLSearchParams(location.search);
const name = address.get('contender');
const { prepare } = await import(`/contenders/${name}.js`);
const contender = await prepare(address.get('setting'));

/** @type {Promise<number>} */
const measured = new Promise((resolve, reject) => {
  const measure = async () => {
    const start = performance.now();
    const [file] = input.files ?? [];
    const csv = await contender(file);
    if (csv) await lastByte(csv);
    resolve((performance.now() - start) / 1000);
    if (csv) offer(csv);
  };
  input.addEventListener('change', () => measure().catch(reject));
});

Object.assign(window, { measured });

/** @param {Blob} csv */
function offer(csv) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(csv);
  link.download = 'totals.csv';
  link.textContent = 'Download';
  document.body.append(link);
}
