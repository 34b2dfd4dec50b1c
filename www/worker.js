// @ts-check
//# allFunctionsCalledOnLoad
import { Engine, initSync, warmUp } from './pkg/engine/engine.js';
import { Unpacker, initSync as initUnpack } from './pkg/unpack/unpack.js';

/**
 * A worker: carries out one request after the other and answers each with a
 * result or an error. code.js makes a Blob of it.
 *
 * @typedef {import('./protocol.d.ts').Request} Request
 * @typedef {import('./protocol.d.ts').Answer} Answer
 * @typedef {import('./protocol.d.ts').Packing} Packing
 */

/** How often progress is told, in milliseconds. */
const PROGRESS = 200;

/** Rounds of made-up data after which the browser has made its fast code. */
const ROUNDS = 12;

/** The bytes of a page of WebAssembly's memory. */
const PAGE = 65536;

/** @type {WebAssembly.Memory | undefined} */
let memory;

/** Whether there is a job. */
let isBusy = false;

/** @type {Record<string, (...args: any[]) => unknown>} */
const job = part();

/** @type {Record<string, (...args: any[]) => unknown>} */
const rehearsal = part();

/** @type {Record<string, (...args: any[]) => unknown>} */
const methods = {
  start,
  warm,
  rehearse: (method, ...args) => rehearsal[method](...args),
  ...job,
  open: (...args) => {
    isBusy = true;
    job.open(...args);
  },
};

/**
 * Makes a worker's part in one job, which may be a rehearsal.
 *
 * @returns {Record<string, (...args: any[]) => unknown>}
 */
function part() {
  /** @type {Engine | undefined} */
  let engine;

  /**
   * Makes what unpacks a file of the job, if it is packed.
   *
   * @type {(file: number) => Unpacker | undefined}
   */
  let unpackerOf = () => undefined;

  /**
   * Says where the job's folder is, or null if it has none.
   *
   * @type {(path: string | null) => void}
   */
  let tellFolder;

  /** What that says. It may be heard of at any time. */
  const folder = new Promise((resolve) => (tellFolder = resolve));

  return {
    open: (settings, files, prefix, unpack) => {
      engine = new Engine(settings, files, prefix, folder);
      if (unpack) unpackerOf = unpackers(settings, unpack);
    },
    folder: (path) => tellFolder(path),
    parse: (file, split, ahead) =>
      engine?.parse(file, split, ahead, teller(), unpackerOf(file)),
    commit: () => engine?.commit(),
    discard: () => engine?.discard(),
    combine: (runs) => engine?.combine(runs, teller()),
    sort: (runs, range) => engine?.sort(runs, range, teller()),
    merge: (runs, range) => engine?.merge(runs, range, teller()),
    rejects: (parts) => engine?.rejects(parts),
    save: (name, content) => engine?.save(name, content),
    end: () => engine?.free(),
  };
}

/**
 * Gets ready, and holds a lock, if it may, as long as this worker lives: so
 * the page notices its end even if the browser doesn't tell.
 *
 * @param {WebAssembly.Module} module
 * @param {string} lock
 */
async function start(module, lock) {
  ({ memory } = initSync({ module }));
  await new Promise((resolve) => {
    const held = navigator.locks?.request(lock, () => {
      resolve(undefined);
      return new Promise(() => {});
    });
    // There are none in old browsers, and where cookies are blocked.
    if (held) held.catch(resolve);
    else resolve(undefined);
  });
}

/**
 * Gets ready to unpack, and returns what makes an unpacker for a file.
 *
 * @param {any} settings the job's
 * @param {object} unpack
 * @param {WebAssembly.Module} unpack.module
 * @param {(Packing | null)[]} unpack.packings how each file is packed
 */
function unpackers({ files, expansionLimit }, { module, packings }) {
  initUnpack({ module });
  return (/** @type {number} */ file) => {
    const packing = packings[file];
    const { name, size } = files[file];
    return packing
      ? new Unpacker(packing, name, size, expansionLimit)
      : undefined;
  };
}

/** Warms up until a job comes: between two rounds other requests are heard. */
async function warm() {
  for (let round = 0; round < ROUNDS && !isBusy; round++) {
    warmUp(1);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/**
 * Returns a function that tells progress, but not too often.
 *
 * @returns {(...figures: number[]) => void}
 */
function teller() {
  let told = performance.now();
  return (...figures) => {
    const now = performance.now();
    if (now - told < PROGRESS) return;
    told = now;
    post({ progress: figures });
  };
}

/** @param {Answer} answer */
function post(answer) {
  self.postMessage(answer);
}

/**
 * What crosses to the page of an error. One that isn't ours is a fault after
 * which the engine can't be used.
 *
 * @param {any} error
 */
function describe(error) {
  const message = error?.message ?? String(error);
  // A DOMException has a code of its own.
  if (error?.name === 'TallyError') {
    return { message, code: error.code, file: error.file };
  }
  const outOfMemory = error instanceof RangeError || isOutOfMemory();
  return { message, code: null, file: null, outOfMemory };
}

/**
 * Whether the engine's memory can't grow to twice its size, which is the most
 * that it asks for at once. A trap itself doesn't say why it happened.
 */
function isOutOfMemory() {
  if (!memory) return false;
  try {
    memory.grow(memory.buffer.byteLength / PAGE);
    return false;
  } catch {
    return true;
  }
}

self.addEventListener('message', async (/** @type {MessageEvent} */ event) => {
  const { id, method, args } = /** @type {Request} */ (event.data);
  try {
    post({ id, result: await methods[method](...args) });
  } catch (error) {
    post({ id, error: describe(error) });
  }
});

// A trap in the middle of a request, after which that is never answered.
self.addEventListener('error', (event) => {
  event.preventDefault();
  post({ error: describe(event.error ?? event) });
});

post({ ready: true });
