// @ts-check
//# allFunctionsCalledOnLoad
import { startWorker } from './code.js';
import { TallyError } from './tally-error.js';

/**
 * @typedef {import('./protocol.d.ts').Answer} Answer
 * @typedef {{ resolve: (result: any) => void, reject: (error: Error) => void }} Pending
 */

/**
 * How long a worker may take to start, in milliseconds. One that ends before
 * it holds its lock is noticed by nothing else.
 */
const START = 60_000;

/** A worker died: it ended or lost its memory without being told to. */
export class WorkerDeath extends Error {
  name = 'WorkerDeath';

  /**
   * @param {string} cause
   * @param {boolean} [outOfMemory] whether it had no memory left
   */
  constructor(cause, outOfMemory = false) {
    super(cause);
    this.outOfMemory = outOfMemory;
  }
}

/** A worker with an engine, and the requests that it owes an answer. */
export class EngineWorker {
  /** @type {Worker | undefined} */
  #worker;

  /** @type {Map<number, Pending>} */
  #pending = new Map();

  #lastId = 0;

  #ended = false;

  /** Ends the wait for the worker's lock. */
  #watch = new AbortController();

  /** @type {Promise<void>} */
  #ready;

  /**
   * Called with bytes, records, rejects and groups of the split at hand, and
   * the bytes on disk that no answer has spoken of yet.
   *
   * @type {(figures: number[]) => void}
   */
  onProgress = () => {};

  /** Whether it is there, and so answers what it is asked in that order. */
  hasStarted = false;

  constructor() {
    this.#ready = this.#start();
    this.#ready.catch(() => {});
  }

  /**
   * Asks the worker to do something: at once, if it has started.
   *
   * @param {string} method
   * @param {...unknown} args
   * @returns {Promise<any>}
   * @throws {TallyError} if a file can't be read or a run is damaged
   * @throws {WorkerDeath} if the worker died; it must not be used again
   */
  async call(method, ...args) {
    if (!this.hasStarted) await this.#ready;
    return this.#ask(method, args);
  }

  /** Ends the worker and frees its memory. What it owes is never answered. */
  terminate() {
    this.#ended = true;
    this.#watch.abort();
    this.#worker?.terminate();
    this.#pending.clear();
  }

  async #start() {
    const { worker, module } = await startWorker();
    if (this.#ended) return worker.terminate();
    this.#worker = worker;
    const late = setTimeout(() => this.#die('it did not start'), START);
    await new Promise((resolve, reject) => {
      this.#pending.set(0, { resolve: () => resolve(undefined), reject });
      worker.addEventListener('message', ({ data }) => this.#hear(data));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        this.#die(event.message || 'the worker could not be started');
      });
    });
    const lock = `playtally-worker/${crypto.randomUUID()}`;
    await this.#ask('start', [module, lock]);
    clearTimeout(late);
    this.hasStarted = true;
    this.#watchFor(lock);
  }

  /**
   * Waits for the end of the worker, of which browsers say nothing.
   *
   * @param {string} lock that it holds
   */
  #watchFor(lock) {
    const { signal } = this.#watch;
    navigator.locks
      ?.request(lock, { signal }, () => this.#die('the browser ended it'))
      .catch(() => {});
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   */
  #ask(method, args) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new WorkerDeath('it had ended'));
      this.#pending.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, method, args });
    });
  }

  /** @param {Answer} answer */
  #hear({ ready, progress, id = 0, result, error }) {
    if (progress) return this.onProgress(progress);
    if (error && error.code === null) {
      return this.#die(error.message, error.outOfMemory);
    }
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error?.code) {
      pending?.reject(new TallyError(error.code, error.message, error.file));
    } else {
      pending?.resolve(ready ?? result);
    }
  }

  /**
   * @param {string} cause
   * @param {boolean} [outOfMemory]
   */
  #die(cause, outOfMemory) {
    if (this.#ended) return;
    const owed = [...this.#pending.values()];
    this.terminate();
    const death = new WorkerDeath(cause, outOfMemory);
    for (const { reject } of owed) reject(death);
  }
}
