// @ts-check
import { Figure } from './figure.js';
import { MATCHES } from './matches.js';
import { median } from './median.js';

/**
 * One contender with one file.
 *
 * @typedef {object} Run
 * @property {string} contender
 * @property {string} match
 * @property {number} round from 1
 * @property {number} bytes
 * @property {number} [seconds]
 * @property {string} [problem] why there is no answer
 * @property {number} [stopped] the limit in seconds, if it took too long
 * @property {string} [wrong] what is wrong with the answer
 * @property {number} base memory before the file was chosen, in megabytes
 * @property {number} peak
 * @property {number} [groupBytes] what each group took of it, in bytes and
 *   without its keys
 */

/** What came of a contender in a match. */
export class Result {
  #runs;

  /** @param {Run[]} runs */
  constructor(runs) {
    this.#runs = runs;
  }

  /** What was wrong with it, each thing once. */
  get remarks() {
    const remarks = this.#runs.map(({ problem, wrong }) => {
      return problem ?? (wrong ? `wrong: ${wrong}` : '');
    });
    return [...new Set(remarks)].filter(Boolean);
  }

  /** Whether it was right whenever it gave an answer. */
  get right() {
    return this.#runs.every(({ wrong }) => !wrong);
  }

  /** Its median rate in MB/s: none if it ever failed. */
  get rate() {
    const rates = this.#runs.map(({ bytes, seconds, stopped }) => {
      return bytes / 1e6 / (seconds ?? stopped ?? NaN);
    });
    const bound = this.#runs.some(({ stopped }) => stopped);
    return new Figure(median(rates), bound ? '<' : '');
  }

  /** The median of its peaks of memory in MB. */
  get peak() {
    const peaks = this.#runs.map(({ peak }) => peak);
    const bound = this.#runs.some(({ problem }) => problem);
    return new Figure(median(peaks), bound ? '>' : '');
  }

  /** The median of the bytes that each group took. */
  get groupBytes() {
    const each = this.#runs.map(({ groupBytes }) => groupBytes ?? NaN);
    return new Figure(median(each));
  }
}

/** What came of all runs. */
export class Results {
  #runs;

  /** @param {Run[]} runs */
  constructor(runs) {
    this.#runs = runs;
  }

  /** The matches that were run. */
  get matches() {
    return [...new Set(this.#runs.map(({ match }) => match))];
  }

  /**
   * Those that took part, in the order in which they first ran.
   *
   * @param {string} match
   */
  contenders(match) {
    const runs = this.#runs.filter((run) => run.match === match);
    return [...new Set(runs.map(({ contender }) => contender))];
  }

  /**
   * How a match is called: the kind of data and the size of the file.
   *
   * @param {string} match
   */
  title(match) {
    const bytes = this.#runs.find((run) => run.match === match)?.bytes;
    return `${MATCHES[match]?.kind}, ${bytes ? megabytes(bytes) : 'not run'}`;
  }

  /**
   * @param {string} match
   * @param {string} contender
   */
  of(match, contender) {
    return new Result(
      this.#runs.filter((run) => {
        return run.match === match && run.contender === contender;
      }),
    );
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
