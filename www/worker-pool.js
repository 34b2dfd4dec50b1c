// @ts-check
import { EngineWorker } from './engine-worker.js';

/** How long a worker waits for a job, in milliseconds. */
const IDLE = 120_000;

/** Workers that were started and not yet used. */
export class WorkerPool {
  /** @type {EngineWorker[]} */
  #idle = [];

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * Starts workers until as many as these are there.
   *
   * @param {number} count
   */
  warm(count) {
    while (this.#idle.length < count) {
      const worker = new EngineWorker();
      // What goes wrong now goes wrong again when it is used.
      worker.call('warm').catch(() => {});
      this.#idle.push(worker);
    }
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
