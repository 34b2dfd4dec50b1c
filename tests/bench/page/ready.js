// @ts-check
/**
 * Put into Playtally's own page before its scripts: `window.ready` resolves,
 * with the seconds since the navigation began, once the page was loaded, its
 * file input can be used, and every worker that it has started has answered
 * the first thing it was asked, which is to start its engine.
 */
{
  /** @type {Promise<unknown>[]} */
  const answers = [];

  /** What resolves `started`. */
  let start = () => {};
  /** @type {Promise<void>} */
  const started = new Promise((resolve) => (start = resolve));

  window.Worker = class extends Worker {
    #asked = false;

    /** @param {[any, any?]} args */
    postMessage(...args) {
      super.postMessage(...args);
      if (this.#asked) return;
      this.#asked = true;
      answers.push(
        new Promise((resolve) => {
          this.addEventListener('message', resolve, { once: true });
        }),
      );
      start();
    }
  };

  const loaded = new Promise((resolve) => addEventListener('load', resolve));

  const ready = async () => {
    await Promise.all([loaded, started]);
    // Others may be started while the first ones are.
    for (let count = 0; count < answers.length;) {
      count = answers.length;
      await Promise.all(answers);
    }
    const input = document.querySelector('input[type=file]');
    if (!(input instanceof HTMLInputElement) || input.disabled) {
      throw new Error('No file can be chosen.');
    }
    return performance.now() / 1000;
  };

  Object.assign(window, { ready: ready() });
}
