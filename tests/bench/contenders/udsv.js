// @ts-check
import { inferSchema, initParser } from '/node_modules/udsv/dist/uDSV.mjs';
import { chunks } from '../page/chunks.js';
import { startWorker } from '../page/start-worker.js';
import { Totals } from '../page/totals.js';

/** Said, not guessed: quotes may first occur behind the first chunk. */
const FORMAT = { col: ',', row: '\n', encl: '"' };

/**
 * uDSV in a worker, fed chunk by chunk, making arrays of strings: its
 * quickest way.
 *
 * @type {import('../page/page.js').Prepare}
 */
export async function prepare() {
  const call = await startWorker(import.meta.url);
  return (file) => call('total', file);
}

export function ready() {}

/**
 * In the worker: adds all records.
 *
 * @param {File} file
 */
export async function total(file) {
  const totals = new Totals();
  const decoder = new TextDecoder();
  /** @param {string[]} record */
  const add = ([song = '', date = '', plays]) => {
    totals.add(song, date, Number(plays));
  };
  /** @type {import('udsv').Parser | undefined} */
  let parser;
  for await (const chunk of chunks(file)) {
    const text = decoder.decode(chunk, { stream: true });
    parser ??= initParser(inferSchema(text, FORMAT));
    parser.chunk(text, parser.stringArrs, add);
  }
  parser?.end();
  return totals.csv();
}
