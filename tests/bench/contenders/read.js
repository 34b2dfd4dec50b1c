// @ts-check
import { chunks } from '../page/chunks.js';
import { startWorker } from '../page/start-worker.js';

/**
 * The limit: as many workers as there are cores do nothing but read.
 *
 * @type {import('../page/page.js').Prepare}
 */
export async function prepare() {
  const count = navigator.hardwareConcurrency;
  const start = () => startWorker(import.meta.url);
  const workers = await Promise.all(Array.from({ length: count }, start));
  return async (file) => {
    const part = Math.ceil(file.size / count);
    const sizes = await Promise.all(
      workers.map((call, n) => {
        return call('read', file.slice(n * part, (n + 1) * part));
      }),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes !== file.size) throw new Error(`only ${bytes} bytes were read`);
    return null;
  };
}

export function ready() {}

/**
 * In the worker: reads it all.
 *
 * @param {Blob} blob
 */
export async function read(blob) {
  let bytes = 0;
  for await (const chunk of chunks(blob)) bytes += chunk.length;
  return bytes;
}
