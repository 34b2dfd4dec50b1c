// @ts-check
import * as duckdb from '/node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser.mjs';

const DIST = '/node_modules/@duckdb/duckdb-wasm/dist';
const QUERY = await (await fetch('/contenders/total.sql')).text();

/**
 * DuckDB-WASM, in one thread with the file registered; or with the setting
 * `threads` in as many as there are cores, which needs the whole file in a
 * buffer.
 *
 * @type {import('../page/page.js').Prepare}
 */
export async function prepare(setting) {
  const threads = setting === 'threads';
  const db = await start(threads ? 'coi' : 'eh');
  await db.open(
    threads ? { maximumThreads: navigator.hardwareConcurrency } : {},
  );
  const connection = await db.connect();
  await connection.query('SET preserve_insertion_order = false');
  return async (file) => {
    await (threads ? buffer(db, file) : register(db, file));
    await connection.query(query());
    const csv = await db.copyFileToBuffer('out.csv');
    return new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (csv)]);
  };
}

/** @param {'eh' | 'coi'} bundle */
async function start(bundle) {
  const worker = new Worker(`${DIST}/duckdb-browser-${bundle}.worker.js`);
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  const threads = `${DIST}/duckdb-browser-coi.pthread.worker.js`;
  await db.instantiate(
    new URL(`${DIST}/duckdb-${bundle}.wasm`, location.href).href,
    bundle === 'coi' ? new URL(threads, location.href).href : null,
  );
  return db;
}

/**
 * @param {duckdb.AsyncDuckDB} db
 * @param {File} file
 */
function register(db, file) {
  const { BROWSER_FILEREADER } = duckdb.DuckDBDataProtocol;
  return db.registerFileHandle('in.csv', file, BROWSER_FILEREADER, true);
}

/**
 * @param {duckdb.AsyncDuckDB} db
 * @param {File} file
 */
async function buffer(db, file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return db.registerFileBuffer('in.csv', bytes);
}

function query() {
  return QUERY.replace('$in', "'in.csv'").replace('$out', "'out.csv'");
}
