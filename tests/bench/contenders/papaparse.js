// @ts-check
import { startWorker } from '../page/start-worker.js';
import { Totals } from '../page/totals.js';

/**
 * PapaParse in a worker of our own: its own would copy every record to the
 * page.
 *
 * @type {import('../page/page.js').Prepare}
 */
export async function prepare() {
  const call = await startWorker(import.meta.url);
  return (file) => call('total', file);
}

export function ready() {
  // It isn't a module.
  /** @type {any} */ (globalThis).importScripts(
    '/node_modules/papaparse/papaparse.min.js',
  );
}

/**
 * In the worker: adds all records.
 *
 * @param {File} file
 * @returns {Promise<Blob>}
 */
export function total(file) {
  const { Papa } = /** @type {any} */ (globalThis);
  const totals = new Totals();
  let header = true;
  return new Promise((resolve, reject) => {
    Papa.parse(file, {
      delimiter: ',',
      skipEmptyLines: true,
      /** @param {{ data: [string, string, string][] }} chunk */
      chunk({ data }) {
        if (header) data.shift();
        header = false;
        for (const [song, date, plays] of data) totals.add(song, date, +plays);
      },
      complete: () => resolve(totals.csv()),
      error: reject,
    });
  });
}
