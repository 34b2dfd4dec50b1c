// @ts-check
import { WorkerDeath } from './engine-worker.js';
import { TallyError } from './tally-error.js';

/**
 * @typedef {import('./pkg/playtally.js').Tally} Tally
 * @typedef {import('./types.d.ts').Progress} Progress
 * @typedef {import('./types.d.ts').Tally} Result
 * @typedef {import('./types.d.ts').Reject} Reject
 * @typedef {import('./worker-pool.js').WorkerPool} WorkerPool
 * @typedef {import('./engine-worker.js').EngineWorker} EngineWorker
 * @typedef {import('./job-folder.js').JobFolder} JobFolder
 * @typedef {import('./job-folder.js').Piece} Piece
 * @typedef {{ file: Blob, name: string }} NamedFile
 * @typedef {{ run: Piece, index: Uint8Array }} Run
 * @typedef {{ source: number, place: number }} RunId
 * @typedef {{ runs: (Run | null)[], rejects: Piece | null }} Commit
 */

/**
 * One job: carries out the commands of its state machine and reports what
 * came of them.
 *
 * The machine knows numbers of commits and parts; where they are is kept
 * here.
 */
export class JobRun {
  #tally;
  #settings;
  #files;
  #folder;
  #pool;

  /** @type {EngineWorker[]} */
  #workers = [];

  /**
   * For each place the number of the command that started its worker.
   *
   * @type {number[]}
   */
  #lives = [];

  /** @type {Map<number, Commit>} */
  #commits = new Map();

  /** @type {Piece[]} */
  #parts = [];

  /** @type {Piece | null} */
  #rejects = null;

  /** @type {Reject[]} */
  #firstRejects = [];

  /**
   * For each worker the figures of the split it is parsing.
   *
   * @type {number[][]}
   */
  #partial = [];

  #started = performance.now();
  #over = false;

  /** @type {(result: Result) => void} */
  #resolve = () => {};

  /** @type {(error: unknown) => void} */
  #reject = () => {};

  /** @type {(progress: Progress) => void} */
  #onProgress = () => {};

  /**
   * @param {Tally} tally a started job
   * @param {unknown} settings what its workers must know
   * @param {NamedFile[]} files its files, in order
   * @param {JobFolder | null} folder of its own, in which only the result is
   *   left at the end
   * @param {WorkerPool} pool where its workers come from
   */
  constructor(tally, settings, files, folder, pool) {
    this.#tally = tally;
    this.#settings = settings;
    this.#files = files;
    this.#folder = folder;
    this.#pool = pool;
  }

  /**
   * Runs the job. Call it once, and {@link end} afterwards.
   *
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<Result>}
   */
  run(onProgress) {
    if (onProgress) this.#onProgress = onProgress;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#obeyAll();
    });
  }

  /**
   * Ends the workers and frees what the job holds. What its result doesn't
   * need is removed from its folder some time later.
   */
  end() {
    if (this.#over) return;
    this.#over = true;
    for (const worker of this.#workers) worker.terminate();
    this.#commits.clear();
    this.#tally.free();
    const needed = new Set([...this.#parts, this.#rejects]);
    this.#clear((name) => !needed.has(name));
  }

  /**
   * Removes files. What can't be removed goes with the folder.
   *
   * @param {(name: string) => boolean} isUnneeded
   */
  #clear(isUnneeded) {
    this.#folder?.clear(isUnneeded).catch(() => {});
  }

  /** @param {Piece[]} pieces that nobody needs any more */
  #clearPieces(pieces) {
    const dropped = new Set(pieces);
    this.#clear((name) => dropped.has(name));
  }

  /**
   * Removes what a dead worker had not committed.
   *
   * @param {string} prefix what the names of its files begin with
   */
  #clearAfter(prefix) {
    const needed = new Set([...this.#parts, this.#rejects]);
    for (const commit of this.#commits.values()) {
      for (const piece of pieces(commit)) needed.add(piece);
    }
    this.#clear((name) => name.startsWith(prefix) && !needed.has(name));
  }

  #obeyAll() {
    for (const command of this.#tally.commands()) {
      const { worker } = command;
      const done = this.#obey(command);
      const attempt = this.#lives[worker];
      done.catch((error) => this.#fail(worker, attempt, error));
    }
    this.#tell();
  }

  /** @param {any} command */
  async #obey(command) {
    switch (command.type) {
      case 'start':
        return this.#start(command);
      case 'parse':
        return this.#parse(command);
      case 'commit':
        return this.#commit(command);
      case 'discard':
        return this.#workers[command.worker].call('discard');
      case 'drop':
        return this.#drop(command);
      case 'combine':
        return this.#combine(command);
      case 'sort':
        return this.#sort(command);
      case 'dropRuns':
        return this.#dropRuns(command);
      case 'merge':
        return this.#merge(command);
      case 'rejects':
        return this.#writeRejects(command);
      case 'done':
        return this.#done(command);
      case 'fail':
        throw command.error;
      default:
        throw new Error(`There is no command ${command.type}.`);
    }
  }

  /** @param {any} command */
  async #start({ worker: place, attempt }) {
    this.#lives[place] = attempt;
    const worker = this.#pool.take();
    this.#workers[place] = worker;
    this.#partial[place] = [];
    worker.onProgress = (figures) => {
      this.#partial[place] = figures;
      this.#tell();
    };
    const files = this.#files.map(({ file }) => file);
    const folder = this.#folder?.path ?? null;
    const prefix = prefixOf(attempt);
    await worker.call('open', this.#settings, files, { folder, prefix });
    this.#handle({ type: 'ready', worker: place, attempt });
  }

  /** @param {any} command */
  async #parse({ worker: place, attempt, file, split, ahead }) {
    const worker = this.#workers[place];
    const { report } = await worker.call('parse', file, split, ahead);
    this.#partial[place] = [0, 0, 0, this.#partial[place][3] ?? 0];
    this.#handle({ type: 'parsed', worker: place, attempt, report });
  }

  /** @param {any} command */
  async #commit({ worker, attempt, commit: id }) {
    const answer = await this.#workers[worker].call('commit');
    const { commit, runs, rejects } = answer;
    this.#commits.set(id, {
      runs: runs.map((/** @type {Piece} */ run, /** @type {number} */ n) => {
        return { run, index: commit.runs[n] };
      }),
      rejects,
    });
    this.#handle({ type: 'committed', worker, attempt, commit });
  }

  /** @param {any} command */
  async #drop({ commit: id }) {
    const commit = this.#commits.get(id);
    if (!commit) return;
    this.#commits.delete(id);
    this.#clearPieces(pieces(commit));
  }

  /** @param {any} command */
  async #combine({ worker, attempt, commit, runs }) {
    const located = this.#runs(runs);
    const made = await this.#workers[worker].call('combine', located);
    this.#commits.set(commit, { runs: [made], rejects: null });
    const { index } = made;
    this.#handle({ type: 'combined', worker, attempt, index });
  }

  /** @param {any} command */
  async #sort({ worker, attempt, commit, runs, range }) {
    const located = this.#runs(runs);
    /** @type {Run[]} */
    const made = await this.#workers[worker].call('sort', located, range);
    this.#commits.set(commit, { runs: made, rejects: null });
    const indexes = made.map(({ index }) => index);
    this.#handle({ type: 'sorted', worker, attempt, runs: indexes });
  }

  /** @param {{ runs: RunId[] }} command */
  async #dropRuns({ runs }) {
    const dropped = this.#runs(runs).map(({ run }) => run);
    for (const { source, place } of runs) {
      const commit = this.#commits.get(source);
      if (commit) commit.runs[place] = null;
    }
    this.#clearPieces(dropped);
  }

  /** @param {any} command */
  async #merge({ worker, attempt, task, runs, range }) {
    const located = this.#runs(runs);
    const answer = await this.#workers[worker].call('merge', located, range);
    const { groups, sums, csv } = answer;
    this.#parts[task] = csv;
    this.#handle({ type: 'taskDone', worker, attempt, groups, sums });
  }

  /**
   * Where runs are.
   *
   * @param {RunId[]} ids
   * @returns {Run[]}
   */
  #runs(ids) {
    return ids.map(({ source, place }) => {
      const run = this.#commits.get(source)?.runs[place];
      if (!run) throw new Error('A run isn’t there any more.');
      return run;
    });
  }

  /** @param {any} command */
  async #writeRejects({ worker, attempt, parts }) {
    const located = parts.map((/** @type {any} */ part) => {
      return { ...part, rejects: this.#commits.get(part.commit)?.rejects };
    });
    const answer = await this.#workers[worker].call('rejects', located);
    const { groups, sums, csv, first } = answer;
    this.#rejects = csv;
    this.#firstRejects = first;
    this.#handle({ type: 'taskDone', worker, attempt, groups, sums });
  }

  /** @param {any} command */
  async #done({ report, notices }) {
    await this.#checkUnchanged();
    const header = new Blob([new Uint8Array(this.#tally.header())]);
    const csv = await this.#blob([header, ...this.#parts]);
    const rejects =
      this.#rejects === null ? null : await this.#blob([this.#rejects]);
    const seconds = (performance.now() - this.#started) / 1000;
    const firstRejects = this.#firstRejects;
    this.#resolve({
      csv,
      rejects,
      report: { ...report, notices, firstRejects, seconds },
      // Memory behind a Blob is the browser's to free, once nobody holds it.
      close: async () => this.#folder?.delete(),
    });
  }

  /**
   * Lays pieces of CSV end to end.
   *
   * @param {Piece[]} pieces
   */
  async #blob(pieces) {
    const read = pieces.map((piece) => this.#folder?.read(piece) ?? piece);
    return new Blob(await Promise.all(read), { type: 'text/csv' });
  }

  /**
   * Reads a byte of each file once more: after a change every read of it
   * fails in Chromium, though its size and time stay as they were.
   */
  async #checkUnchanged() {
    for (const { file, name } of this.#files) {
      try {
        await file.slice(file.size - 1, file.size).arrayBuffer();
      } catch (error) {
        throw TallyError.unreadable(name, error);
      }
    }
  }

  /**
   * Tells the machine what happened, and does what it then says.
   *
   * @param {object} event
   */
  #handle(event) {
    if (this.#over) return;
    this.#tally.handle(event);
    this.#obeyAll();
  }

  /**
   * @param {number} worker its place
   * @param {number} attempt the number of the command that started it
   * @param {unknown} error
   */
  #fail(worker, attempt, error) {
    if (this.#over) return;
    if (!(error instanceof WorkerDeath)) return this.#reject(error);
    this.#clearAfter(prefixOf(attempt));
    this.#handle({ type: 'died', worker, attempt, cause: error.message });
  }

  /** Tells how far the job is. */
  #tell() {
    if (this.#over) return;
    const { phase, bytes, records, rejected } = this.#tally.progress();
    const partial = (/** @type {number} */ figure) =>
      this.#partial.reduce((sum, all) => sum + (all[figure] ?? 0), 0);
    this.#onProgress({
      phase,
      bytes: bytes + partial(0),
      totalBytes: this.#files.reduce((sum, { file }) => sum + file.size, 0),
      records: records + partial(1),
      rejected: rejected + partial(2),
      groups: partial(3),
      seconds: (performance.now() - this.#started) / 1000,
    });
  }
}

/**
 * What the names of a worker's files begin with.
 *
 * @param {number} attempt the number of the command that started it
 */
function prefixOf(attempt) {
  return `${attempt}-`;
}

/** @param {Commit} commit */
function pieces({ runs, rejects }) {
  const pieces = runs.map((entry) => entry?.run ?? null);
  return [...pieces, rejects].filter((piece) => piece !== null);
}
