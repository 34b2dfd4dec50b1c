// @ts-check
/**
 * Compares Playtally with others: in one run, on files from disk, each
 * contender in a fresh browser, its answer checked; and says whether Playtally
 * shows what it must. `make bench` runs it.
 *
 *   BENCH_ONLY    playtally,read,...; see contenders.js
 *   BENCH_DATA    plain,plain-4,...; see matches.js
 *   BENCH_BYTES   size of the smallest files; 250e6
 *   BENCH_ROUNDS  how often each runs; 3
 *   BENCH_LIMIT   seconds after which a contender is stopped; 120
 */
import { mkdirSync } from 'node:fs';
import { contenders } from './contenders.js';
import { output } from './data.js';
import { describeMachine } from './machine.js';
import { MATCHES } from './matches.js';
import { measure, prepare } from './measure.js';
import { Report } from './report.js';
import { serveContenders, servePlaytally } from './servers.js';
import { coldLoad } from './site.js';
/** @import { Contender } from './contenders.js' */
/** @import { Match } from './matches.js' */

const { BENCH_ONLY, BENCH_DATA, BENCH_BYTES, BENCH_ROUNDS, BENCH_LIMIT } =
  process.env;
const bytes = Number(BENCH_BYTES || 250e6);
const rounds = Number(BENCH_ROUNDS || 3);
const limit = Number(BENCH_LIMIT || 120);

mkdirSync(output, { recursive: true });
const playtally = await servePlaytally();
const others = await serveContenders();
try {
  const all = contenders({ playtally: playtally.url, others: others.url });
  await compare(only(all, BENCH_ONLY), only(MATCHES, BENCH_DATA));
} finally {
  playtally.close();
  others.close();
}

/**
 * Has every match, round after round, each in another order.
 *
 * @param {Map<string, Contender>} contenders
 * @param {Map<string, Match>} matches
 */
async function compare(contenders, matches) {
  const report = new Report(await describeMachine(), contenders);
  const data = new Map();
  for (const [match, { kind, times }] of matches) {
    data.set(match, await prepare(kind, times * bytes));
  }
  for (let round = 1; round <= rounds; round += 1) {
    report.addLoad(await coldLoad(playtally.url));
    for (const [match, { contenders: ids }] of matches) {
      for (const id of rotated(ids, round - 1)) {
        const contender = contenders.get(id);
        if (!contender || report.failed(match, id)) continue;
        const result = await measure(contender, data.get(match), limit);
        report.add({ match, contender: id, round, ...result });
      }
    }
  }
  console.log(`\n${report}`);
}

/**
 * @template T
 * @param {Record<string, T>} all
 * @param {string} [names] with commas between them; all if there are none
 */
function only(all, names) {
  const entries = new Map(Object.entries(all));
  if (!names) return entries;
  return new Map(
    names.split(',').map((name) => {
      const known = [...entries.keys()].join(', ');
      const one = entries.get(name);
      if (!one) throw new Error(`There is no ${name}, only ${known}.`);
      return [name, one];
    }),
  );
}

/**
 * @param {string[]} list
 * @param {number} by
 */
function rotated(list, by) {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
