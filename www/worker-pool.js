// @ts-check
//# allFunctionsCalledOnLoad
import { EngineWorker } from './engine-worker.js';

/** How long a worker waits for a job, in milliseconds. */
const IDLE = 120_000;

/** Workers that were started and not yet used. */
export class WorkerPool {
  /** @type {EngineWorker[]} */
  #idle = [];

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** Whether a worker has warmed up, or has begun to. */
  #isWarm = false;

  /**
   * Starts workers until as many as these are there. One of them warms up
   * for all: they share a module, and with it the fast code that the browser
   * makes.
   *
   * @param {number} count
   */
  warm(count) {
    while (this.#idle.length < count) this.#idle.push(new EngineWorker());
    const [first] = this.#idle;
    // What goes wrong now goes wrong again when it is used.
    if (!this.#isWarm) first?.call('warm').catch(() => {});
    this.#isWarm = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), IDLE);
  }

  /** Takes a worker out, which is then the caller's to terminate. */
  take() {
    return this.#idle.pop() ?? new EngineWorker();
  }

  #end() {
    for (const worker of this.#idle.splice(0)) worker.terminate();
  }
}
