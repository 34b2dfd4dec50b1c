// @ts-check
/** @import { Page } from '@playwright/test' */

/**
 * Ends every worker of a page as soon as it is asked to do something.
 *
 * @param {Page} page not opened yet
 * @param {string} method what it is asked
 */
export async function endWorkersAt(page, method) {
  await page.addInitScript((method) => {
    globalThis.Worker = class extends Worker {
      /** @param {any} message */
      postMessage(message) {
        super.postMessage(message);
        if (message.method === method) this.terminate();
      }
    };
  }, method);
}

/**
 * Lets a test end workers of a page while they work, through
 * `endWorker` in the page.
 *
 * @param {Page} page not opened yet
 */
export async function allowEnding(page) {
  await page.addInitScript(() => {
    /** @type {Set<Worker>} those that are at work */
    const busy = new Set();
    globalThis.Worker = class extends Worker {
      /** @param {any} message */
      postMessage(message) {
        super.postMessage(message);
        if (message.method === 'open') busy.add(this);
      }

      terminate() {
        super.terminate();
        busy.delete(this);
      }
    };
    /** @param {number} random from 0 to below 1 */
    const endWorker = (random) => {
      [...busy][Math.floor(random * busy.size)]?.terminate();
    };
    Object.assign(globalThis, { endWorker });
  });
}

/**
 * Bounds the memory of each worker.
 *
 * @param {Page} page not opened yet
 * @param {number} bytes
 */
export async function boundMemory(page, bytes) {
  await page.route('**/engine_bg.wasm', async (route) => {
    const response = await route.fetch();
    const body = withMaximum(await response.body(), bytes / 65536);
    await route.fulfill({ response, body });
  });
}

/** The section of a module that says how large its memory is. */
const MEMORY_SECTION = 5;

/**
 * Gives a module's memory a maximum, which it hasn't yet.
 *
 * https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @param {Buffer} module
 * @param {number} pages
 */
function withMaximum(module, pages) {
  let at = 8;
  for (;;) {
    const id = module[at];
    const size = readNumber(module, at + 1);
    const end = size.end + size.value;
    if (id === MEMORY_SECTION) {
      const [count, flags] = module.subarray(size.end);
      if (count !== 1 || flags !== 0) throw new Error('Not one plain memory.');
      const least = readNumber(module, size.end + 2).value;
      const content = [1, 1, ...number(least), ...number(pages)];
      return Buffer.concat([
        module.subarray(0, at),
        Buffer.from([MEMORY_SECTION, ...number(content.length), ...content]),
        module.subarray(end),
      ]);
    }
    at = end;
  }
}

/**
 * Reads a number as LEB128 has it.
 *
 * @param {Buffer} bytes
 * @param {number} at
 */
function readNumber(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, end: at };
  }
}

/**
 * @param {number} value
 * @returns {number[]}
 */
function number(value) {
  if (value < 128) return [value];
  return [(value % 128) + 128, ...number(Math.floor(value / 128))];
}
