// @ts-check
import { writeFileSync } from 'node:fs';
import { output } from './data.js';
import { mustShow } from './must-show.js';
import { Results } from './results.js';
import { gzippedSize } from './site.js';
import { tables } from './table.js';
/** @import { Contender } from './contenders.js' */
/** @import { Run } from './results.js' */

const NOTES = `\
*Peak* is the most anonymous and shared memory of all the browser's processes,
looked at every 100 ms: with the idle browser and Blobs in memory, without
what is on the disk. Native DuckDB's is its process's. Of what was stopped or
failed it is what was seen until then. A figure after < or > is a bound.`;

/** What came of it so far, kept in files, as text and in full. */
export class Report {
  #machine;
  #contenders;
  /** @type {Run[]} */
  #runs = [];
  #site = { gzipped: gzippedSize(), loads: /** @type {number[]} */ ([]) };
  #path = `${output}/${now()}`;

  /**
   * @param {string} machine what it is measured on
   * @param {Map<string, Contender>} contenders
   */
  constructor(machine, contenders) {
    this.#machine = machine;
    this.#contenders = contenders;
  }

  /** @param {Run} run */
  add(run) {
    this.#runs.push(run);
    tell(run);
    const all = { machine: this.#machine, site: this.#site, runs: this.#runs };
    writeFileSync(`${this.#path}.json`, JSON.stringify(all, null, 1));
    writeFileSync(`${this.#path}.md`, `${this}\n`);
  }

  /** @param {number} seconds that a cold load took */
  addLoad(seconds) {
    this.#site.loads.push(seconds);
    console.error(`Playtally's page was ready after ${seconds.toFixed(2)} s.`);
  }

  /**
   * Whether a contender was stopped or failed in a match, and so would only
   * do so again.
   *
   * @param {string} match
   * @param {string} contender
   */
  failed(match, contender) {
    return this.#runs.some((run) => {
      return run.match === match && run.contender === contender && run.problem;
    });
  }

  /** As Markdown. */
  toString() {
    const results = new Results(this.#runs);
    const rounds = Math.max(...this.#runs.map(({ round }) => round));
    return [
      tables(results, this.#contenders),
      NOTES,
      mustShow(results, this.#site),
      `${this.#machine}. Medians of ${rounds}.`,
    ].join('\n\n');
  }
}

/** The time as it can stand in a file's name. */
function now() {
  return new Date().toISOString().slice(0, 19).replaceAll(':', '');
}

/** @param {Run} run */
function tell({ contender, match, round, bytes, seconds, ...rest }) {
  const { problem, wrong, peak } = rest;
  const rate = seconds && `${(bytes / 1e6 / seconds).toFixed(1)} MB/s`;
  const remark = problem ?? (wrong ? `wrong: ${wrong}` : '');
  const memory = `${peak.toFixed(0)} MB of memory`;
  const facts = [round, match, contender, rate, memory, remark];
  console.error(facts.filter(Boolean).join(' · '));
}
