// @ts-check
//# allFunctionsCalledOnLoad

/** Does asynchronous work a few pieces at a time, in the order asked for. */
export class Queue {
  #most;
  #running = 0;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {number} most how many pieces at once */
  constructor(most) {
    this.#most = most;
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(work) {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  /** @returns {Promise<void>} when there is room */
  #turn() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#next();
    });
  }

  #next() {
    if (this.#running >= this.#most) return;
    const first = this.#waiting.shift();
    if (!first) return;
    this.#running += 1;
    first();
  }
}
