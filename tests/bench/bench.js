// @ts-check
/**
 * Compares Playtally with others: in one run, on files from disk, each
 * contender in a fresh browser, its answer checked. `make bench` runs it.
 *
 *   BENCH_ONLY    playtally,read,...; see contenders.js
 *   BENCH_DATA    plain,typical,high,quoted
 *   BENCH_BYTES   size of the files; 250e6
 *   BENCH_ROUNDS  how often each runs; 3
 *   BENCH_LIMIT   seconds after which a contender is stopped; 300
 */
import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { inBrowser } from './browser.js';
import { difference, digest } from './check.js';
import { contenders } from './contenders.js';
import { KINDS, expected, generated, output } from './data.js';
import { serveContenders, servePlaytally } from './servers.js';
import { tables } from './table.js';
/** @import { Digest } from './check.js' */
/** @import { Contender } from './contenders.js' */
/** @import { Run } from './table.js' */
/** @typedef {{ kind: string, file: string, totals: Digest }} Data */

const { BENCH_ONLY, BENCH_DATA, BENCH_BYTES, BENCH_ROUNDS, BENCH_LIMIT } =
  process.env;
const bytes = Number(BENCH_BYTES || 250e6);
const rounds = Number(BENCH_ROUNDS || 3);
const limit = Number(BENCH_LIMIT || 300);

const answer = `${output}/answer.csv`;
const began = new Date().toISOString().slice(0, 19).replaceAll(':', '');

mkdirSync(output, { recursive: true });
const playtally = await servePlaytally();
const others = await serveContenders();
try {
  await compare(contenders({ playtally: playtally.url, others: others.url }));
} finally {
  playtally.close();
  others.close();
}

/**
 * Runs every contender on every kind of data, round after round, in another
 * order each time, and writes what came of it after each run.
 *
 * @param {Record<string, Contender>} all
 */
async function compare(all) {
  const usual = Object.keys(all).filter((id) => !all[id]?.extra);
  const ids = chosen(BENCH_ONLY, usual, Object.keys(all));
  const machine = await describeMachine();
  const data = [];
  for (const kind of chosen(BENCH_DATA, KINDS, KINDS)) {
    data.push(await prepare(kind));
  }
  const names = Object.fromEntries(ids.map((id) => [id, all[id]?.name ?? '']));
  /** @type {Run[]} */
  const runs = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const each of data) {
      for (const id of rotated(ids, round - 1)) {
        const contender = /** @type {Contender} */ (all[id]);
        const before = runs.find((run) => {
          return run.contender === id && run.data === each.kind;
        });
        const about = { contender: id, data: each.kind, round, bytes };
        // It would only be stopped again.
        const result = before?.stopped
          ? { ...before, ...about }
          : { ...about, ...(await measure(contender, each)) };
        runs.push(result);
        tell(result);
        write({ machine, rounds, limit, runs }, names);
      }
    }
  }
  console.log(`\n${tables(runs, names)}\n\n${machine}`);
}

/**
 * @param {Contender} contender
 * @param {Data} data
 */
async function measure(contender, { file, totals }) {
  await warmCache(file);
  rmSync(answer, { force: true });
  const result = await contender.measure({ file, answer, limit });
  if (contender.readOnly || result.problem) return result;
  return { ...result, wrong: difference(await digest(answer), totals) };
}

/**
 * Makes the data and what it comes to.
 *
 * @param {string} kind
 * @returns {Promise<Data>}
 */
async function prepare(kind) {
  console.error(`Making ${kind} data of ${bytes / 1e6} MB, if need be.`);
  const file = generated(kind, bytes);
  return { kind, file, totals: await digest(expected(file)) };
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

/** @param {Run} run */
function tell({ contender, data, round, bytes, seconds, ...rest }) {
  const { problem, wrong, peak } = rest;
  const rate = seconds && `${(bytes / 1e6 / seconds).toFixed(1)} MB/s`;
  const remark = problem ?? (wrong ? `wrong: ${wrong}` : '');
  const memory = `${peak.toFixed(0)} MB of memory`;
  const facts = [round, data, contender, rate, memory, remark];
  console.error(facts.filter(Boolean).join(' · '));
}

/**
 * @param {{ machine: string, rounds: number, limit: number, runs: Run[] }} all
 * @param {Record<string, string>} names
 */
function write(all, names) {
  const path = `${output}/${began}`;
  writeFileSync(`${path}.json`, JSON.stringify(all, null, 1));
  const text = `${tables(all.runs, names)}\n\n${all.machine}\n`;
  writeFileSync(`${path}.md`, text);
}

/** Says what the figures were measured on. */
async function describeMachine() {
  const version = await inBrowser(async (page) => {
    return page.context().browser()?.version();
  });
  const [core] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB of memory`;
  const machine = `${cpus().length} × ${core?.model.trim()}, ${memory}`;
  return `${machine}, Chromium ${version}. Medians of ${rounds}.`;
}

/**
 * @param {string | undefined} wanted names with commas between them
 * @param {string[]} usual
 * @param {string[]} all
 */
function chosen(wanted, usual, all) {
  const names = wanted ? wanted.split(',') : usual;
  const unknown = names.find((name) => !all.includes(name));
  if (unknown === undefined) return names;
  throw new Error(`There is no ${unknown}, only ${all.join(', ')}.`);
}

/**
 * @param {string[]} list
 * @param {number} by
 */
function rotated(list, by) {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
