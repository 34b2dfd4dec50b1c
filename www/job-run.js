// @ts-check
//# allFunctionsCalledOnLoad
import { WorkerDeath } from './engine-worker.js';
import { describe, open } from './finished-job.js';
import { MANIFEST } from './job-folder.js';
import { JobPieces } from './job-pieces.js';
import { usedUp } from './room.js';
import { TallyError } from './tally-error.js';

/**
 * @typedef {import('./pkg/page/page.js').Tally} Tally
 * @typedef {import('./types.d.ts').Progress} Progress
 * @typedef {import('./types.d.ts').Tally} Result
 * @typedef {import('./types.d.ts').Reject} Reject
 * @typedef {import('./types.d.ts').Problem} Problem
 * @typedef {import('./types.d.ts').Written} Written
 * @typedef {import('./engine-worker.js').EngineWorker} EngineWorker
 * @typedef {import('./job-folder.js').JobFolder} JobFolder
 * @typedef {import('./job-folder.js').Piece} Piece
 * @typedef {import('./job-pieces.js').Run} Run
 * @typedef {import('./protocol.d.ts').Packing} Packing
 * @typedef {{ file: Blob, name: string, packing: Packing | null }} NamedFile
 *
 * @typedef {Pick<EngineWorker, 'call' | 'hasStarted' | 'onProgress' | 'terminate'>} JobWorker
 * @typedef {{ take(): JobWorker }} Workers where a job's workers come from
 */

/** How often another worker is started for the last file of a job. */
const TRIES = 2;

/**
 * One job: carries out the commands of its state machine and reports what
 * came of them.
 */
export class JobRun {
  #id;
  #tally;
  #settings;
  #files;
  #unpack;
  #notices;
  #written;
  #folder;
  #asked;
  #pool;
  #pieces;

  /** @type {number | null} */
  #room = null;

  /** @type {JobWorker[]} */
  #workers = [];

  /** The place of the worker that answered last. */
  #last = 0;

  /**
   * For each place the number of the command that started its worker.
   *
   * @type {number[]}
   */
  #lives = [];

  /** @type {Reject[]} */
  #firstRejects = [];

  /**
   * Settles once files are known to be as they were while they were read.
   *
   * @type {Promise<void> | undefined}
   */
  #unchanged;

  /**
   * For each worker the figures of what it is doing, as protocol.d.ts has
   * them.
   *
   * @type {number[][]}
   */
  #partial = [];

  /** The most groups that workers had at once. */
  #groups = 0;

  #started = performance.now();
  #tells = false;
  #over = false;

  /** @type {(result: Result) => void} */
  #resolve = () => {};

  /** @type {(error: unknown) => void} */
  #reject = () => {};

  /** @type {(progress: Progress) => void} */
  #onProgress = () => {};

  /**
   * @param {string} id
   * @param {Tally} tally a started job
   * @param {object} about
   * @param {object} about.settings what its workers must know
   * @param {NamedFile[]} about.files its files, in order
   * @param {WebAssembly.Module | null} about.unpack what unpacks those that
   *   are packed, if any is
   * @param {Written} about.written how its result is
   * @param {Problem[]} about.notices what is known beforehand to be worth
   *   saying beside its result
   * @param {Promise<JobFolder | null>} folder of its own, in which only the
   *   result is left at the end; workers begin before it is made
   * @param {Promise<number | null>} room the bytes that it may have there,
   *   and an error if those are too few
   * @param {Workers} pool
   */
  constructor(id, tally, about, folder, room, pool) {
    this.#id = id;
    this.#tally = tally;
    this.#settings = about.settings;
    this.#files = about.files;
    this.#unpack = about.unpack;
    this.#notices = about.notices;
    this.#written = about.written;
    this.#folder = folder;
    this.#asked = room;
    this.#pool = pool;
    this.#pieces = new JobPieces(folder);
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
      this.#asked.then((room) => (this.#room = room), reject);
      this.#obeyAll();
    });
  }

  /**
   * Ends the workers and frees what the job holds. What its result doesn't
   * need is removed from its folder some time later, and then that is
   * released.
   */
  end() {
    if (this.#over) return;
    this.#over = true;
    for (const worker of this.#workers) worker.terminate();
    this.#tally.free();
    void this.#pieces.end();
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
        return this.#pieces.dropCommit(command.commit);
      case 'combine':
        return this.#combine(command);
      case 'sort':
        return this.#sort(command);
      case 'dropRuns':
        return this.#pieces.dropRuns(command.runs);
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
  async #start({ worker, attempt, memoryBytes }) {
    const opened = this.#open(worker, { attempt, memoryBytes });
    // One that has started does what it is told in that order.
    if (!this.#workers[worker].hasStarted) await opened;
    this.#handle({ type: 'ready', worker, attempt });
    await opened;
  }

  /**
   * Starts a worker and tells it of the job.
   *
   * @param {number} number its place
   * @param {object} life
   * @param {number} life.attempt the number of the command that starts it
   * @param {number} [life.memoryBytes] its budget, if it isn't as planned
   */
  async #open(number, { attempt, ...own }) {
    this.#lives[number] = attempt;
    const worker = this.#pool.take();
    this.#workers[number] = worker;
    this.#partial[number] = [];
    worker.onProgress = (figures) => {
      this.#partial[number] = figures;
      this.#tell();
    };
    const files = this.#files.map(({ file }) => file);
    const prefix = prefixOf(attempt);
    const settings = { ...this.#settings, ...own };
    const packings = this.#files.map(({ packing }) => packing);
    const unpack = this.#unpack && { module: this.#unpack, packings };
    const opened = worker.call('open', settings, files, prefix, unpack);
    // If it dies, whoever waits for it will be told.
    this.#folder
      .then((folder) => worker.call('folder', folder?.path ?? null))
      .catch(() => {});
    await opened;
  }

  /** @param {any} command */
  async #parse({ worker: place, attempt, file, split, ahead }) {
    const worker = this.#workers[place];
    const answer = await worker.call('parse', file, split, ahead);
    const { report, groups, disk } = answer;
    this.#partial[place] = [0, 0, 0, groups, disk];
    this.#handle({ type: 'parsed', worker: place, attempt, report });
  }

  /** @param {any} command */
  async #commit({ worker, attempt, commit: id }) {
    const answer = await this.#workers[worker].call('commit');
    const { commit, runs, rejects } = answer;
    const indexed = runs.map(
      (/** @type {Piece} */ run, /** @type {number} */ n) => {
        return { run, index: commit.runs[n] };
      },
    );
    this.#pieces.addCommit(id, indexed, rejects);
    this.#partial[worker] = [];
    this.#handle({ type: 'committed', worker, attempt, commit });
  }

  /** @param {any} command */
  async #combine({ worker, attempt, commit, runs }) {
    const located = this.#pieces.runs(runs);
    const made = await this.#workers[worker].call('combine', located);
    this.#pieces.addCommit(commit, [made], null);
    this.#partial[worker] = [];
    const { index } = made;
    this.#handle({ type: 'combined', worker, attempt, index });
  }

  /** @param {any} command */
  async #sort({ worker, attempt, commit, runs, range }) {
    const located = this.#pieces.runs(runs);
    /** @type {Run[]} */
    const made = await this.#workers[worker].call('sort', located, range);
    this.#pieces.addCommit(commit, made, null);
    this.#partial[worker] = [];
    const indexes = made.map(({ index }) => index);
    this.#handle({ type: 'sorted', worker, attempt, runs: indexes });
  }

  /** @param {any} command */
  async #merge({ worker, attempt, task, runs, range }) {
    // All has been read.
    this.#unchanged ??= this.#checkUnchanged();
    this.#unchanged.catch(this.#reject);
    const located = this.#pieces.runs(runs);
    const answer = await this.#workers[worker].call('merge', located, range);
    const { csv, ...done } = answer;
    this.#pieces.parts[task] = csv;
    this.#partial[worker] = [];
    this.#handle({ type: 'taskDone', worker, attempt, ...done });
  }

  /** @param {any} command */
  async #writeRejects({ worker, attempt, parts }) {
    const located = parts.map((/** @type {any} */ part) => {
      return { ...part, rejects: this.#pieces.rejectsOf(part.commit) };
    });
    const answer = await this.#workers[worker].call('rejects', located);
    const { csv, first, ...done } = answer;
    this.#pieces.rejects = csv;
    this.#firstRejects = first;
    this.#handle({ type: 'taskDone', worker, attempt, ...done });
  }

  /** @param {any} command */
  async #done({ report, notices: found }) {
    const seconds = (performance.now() - this.#started) / 1000;
    const firstRejects = this.#firstRejects;
    const notices = [...this.#notices, ...found];
    const { parts, rejects } = this.#pieces;
    const manifest = describe({
      files: this.#files.map(({ file, name }) => ({ name, size: file.size })),
      report: { ...report, notices, firstRejects, seconds },
      written: this.#written,
      ...{ parts, rejects },
    });
    const folder = await this.#folder;
    const opened = open(this.#id, manifest, folder);
    const [result] = await Promise.all([opened, this.#unchanged]);
    if (folder) await this.#save(MANIFEST, JSON.stringify(manifest));
    this.#resolve(result);
  }

  /**
   * Writes a file into the job's folder: in a worker, since not all browsers
   * let a page do that.
   *
   * @param {string} name
   * @param {string} text
   */
  async #save(name, text) {
    const bytes = new TextEncoder().encode(text);
    for (let left = TRIES; ; left -= 1) {
      try {
        return await this.#workers[this.#last].call('save', name, bytes);
      } catch (error) {
        if (!(error instanceof WorkerDeath) || left === 0) throw error;
      }
      await this.#open(this.#last, { attempt: -left });
    }
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
   * @param {{ worker: number, [more: string]: unknown }} event
   */
  #handle(event) {
    if (this.#over) return;
    this.#last = event.worker;
    this.#tally.handle(event);
    this.#obeyAll();
  }

  /**
   * @param {number | undefined} worker its place
   * @param {number} attempt the number of the command that started it
   * @param {unknown} error
   */
  #fail(worker, attempt, error) {
    if (this.#over) return;
    const isFull = error instanceof TallyError && error.code === 'no_space';
    if (isFull) return this.#reject(this.#usedUp());
    // Once all is done the machine starts no other worker.
    const isLost = !(error instanceof WorkerDeath) || worker === undefined;
    if (isLost) return this.#reject(error);
    this.#pieces.clearAfter(prefixOf(attempt));
    const { message: cause, outOfMemory } = error;
    this.#handle({ type: 'died', worker, attempt, cause, outOfMemory });
  }

  #usedUp() {
    const { bytes, totalBytes, disk } = this.#progress();
    return usedUp(disk, bytes / totalBytes);
  }

  /** Tells how far the job is, once all that is to be done is under way. */
  #tell() {
    if (this.#tells) return;
    this.#tells = true;
    queueMicrotask(() => {
      this.#tells = false;
      if (!this.#over) this.#onProgress(this.#progress());
    });
  }

  /** @returns {Progress} */
  #progress() {
    const { phase, bytes, records, rejected } = this.#tally.progress();
    const partial = (/** @type {number} */ figure) =>
      this.#partial.reduce((sum, all) => sum + (all[figure] ?? 0), 0);
    this.#groups = Math.max(this.#groups, partial(3));
    return {
      id: this.#id,
      phase,
      bytes: bytes + partial(0),
      totalBytes: this.#files.reduce((sum, { file }) => sum + file.size, 0),
      records: records + partial(1),
      rejected: rejected + partial(2),
      groups: this.#groups,
      disk: this.#pieces.onDisk + partial(4),
      room: this.#room,
      seconds: (performance.now() - this.#started) / 1000,
    };
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
