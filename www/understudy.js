// @ts-check
//# allFunctionsCalledOnLoad

/**
 * @typedef {import('./engine-worker.js').EngineWorker} EngineWorker
 * @typedef {import('./job-run.js').JobWorker} JobWorker
 */

/**
 * What takes part in a rehearsal in a worker's place: beside the job that the
 * worker may be given meanwhile.
 *
 * @implements {JobWorker}
 */
export class Understudy {
  #worker;

  onProgress = () => {};

  /** @param {EngineWorker} worker */
  constructor(worker) {
    this.#worker = worker;
  }

  get hasStarted() {
    return this.#worker.hasStarted;
  }

  /**
   * @param {string} method
   * @param {...unknown} args
   * @returns {Promise<any>}
   */
  call(method, ...args) {
    return this.#worker.call('rehearse', method, ...args);
  }

  /** Leaves the worker to its job. */
  terminate() {
    this.call('end').catch(() => {});
  }
}
