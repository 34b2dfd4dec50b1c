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

  /**
   * Starts workers until as many as these are there.
   *
   * @param {number} count
   */
  start(count) {
    while (this.#idle.length < count) this.#idle.push(new EngineWorker());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), IDLE);
  }

  /** The workers that wait for a job. */
  get idle() {
    return [...this.#idle];
  }

  /** Takes a worker out, which is then the caller's to terminate. */
  take() {
    return this.#idle.pop() ?? new EngineWorker();
  }

  #end() {
    for (const worker of this.#idle.splice(0)) worker.terminate();
  }
}
