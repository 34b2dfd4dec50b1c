// @ts-check
/**
 * Starts a worker with a module and waits until both are there.
 *
 * @param {string} url the module's; it exports `ready`
 * @returns {Promise<(name: string, ...args: unknown[]) => Promise<any>>}
 *   calls one of its functions
 */
export async function startWorker(url) {
  const worker = new Worker('/page/worker.js');
  let id = 0;
  /** @type {(name: string, ...args: unknown[]) => Promise<any>} */
  const call = (name, ...args) => {
    const mine = (id += 1);
    return new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => {
        if (data.id !== mine) return;
        if (data.error) reject(new Error(data.error));
        else resolve(data.result);
      });
      worker.addEventListener('error', ({ message }) => {
        reject(new Error(message || 'the worker died'));
      });
      worker.postMessage({ id: mine, url, name, args });
    });
  };
  await call('ready');
  return call;
}
