// @ts-check
//# allFunctionsCalledOnLoad
import { initSync } from './pkg/page/page.js';
import { initSync as initUnpack } from './pkg/unpack/unpack.js';
import { TallyError } from './tally-error.js';

/**
 * The code that runs on files, and the page's seal.
 *
 * A policy in a `<meta>` binds a worker only if the worker is a Blob of the
 * page (https://www.w3.org/TR/CSP3/#security-inherit-csp). So everything a
 * worker needs is fetched while the page loads, and workers are made of
 * Blobs. Before the first byte of a file is read the page gives itself a
 * second policy, under which neither it nor its workers can fetch, import or
 * load anything from anywhere, not even from the host they came from.
 *
 * There are three WebAssembly modules: one for the page, one for workers, and
 * one that unpacks archives, in both, which is compiled when the first archive
 * is met.
 */

/** What is allowed once files are read. */
const SEALED = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval' blob:",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** How worker.js names the modules that it imports. */
const IMPORTED = ['./pkg/engine/engine.js', './pkg/unpack/unpack.js'];

const loaded = load();
// Whoever enters is told.
loaded.catch(() => {});

let sealed = false;

/** @type {Promise<WebAssembly.Module> | undefined} */
let unpackModule;

let canUnpack = false;

/**
 * Waits for the code and seals the page. Nothing may read a file before.
 *
 * @returns {Promise<void>}
 * @throws {TallyError} if the code can't be loaded or run
 */
export async function enter() {
  const { page } = await loaded;
  if (sealed) return;
  sealed = true;
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = SEALED;
  document.head.append(meta);
  initSync({ module: page });
}

/** Whether files may be read already. */
export function hasEntered() {
  return sealed;
}

/**
 * Starts a worker.
 *
 * @returns {Promise<{ worker: Worker, module: WebAssembly.Module }>} the
 *   worker, and the module it is to be given first
 */
export async function startWorker() {
  await enter();
  const { engine, url } = await loaded;
  return { worker: new Worker(url, { type: 'module' }), module: engine };
}

/**
 * Returns the module that unpacks archives, for a worker.
 *
 * @returns {Promise<WebAssembly.Module>}
 */
export async function getUnpackModule() {
  const { unpack } = await loaded;
  return (unpackModule ??= WebAssembly.compile(unpack));
}

/**
 * Gets ready to unpack archives on the page.
 *
 * @returns {Promise<void>}
 */
export async function enterUnpack() {
  await enter();
  const module = await getUnpackModule();
  if (canUnpack) return;
  canUnpack = true;
  initUnpack({ module });
}

async function load() {
  try {
    const [page, engine, unpack, worker, ...imported] = await Promise.all([
      fetchBytes('./pkg/page/page_bg.wasm').then(WebAssembly.compile),
      fetchBytes('./pkg/engine/engine_bg.wasm').then(WebAssembly.compile),
      fetchBytes('./pkg/unpack/unpack_bg.wasm'),
      fetchText('./worker.js'),
      ...IMPORTED.map(fetchText),
    ]);
    const script = imported.reduce((script, source, index) => {
      return script.replace(IMPORTED[index] ?? '', scriptUrl(source));
    }, worker);
    return { page, engine, unpack, url: scriptUrl(script) };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new TallyError(
      'not_loaded',
      'Playtally could not be loaded. Reload the page; if that does not ' +
        'help, use a current version of Chrome, Edge, Firefox or Safari. ' +
        `(The browser says: ${says})`,
    );
  }
}

/** @param {string} path */
async function fetchBytes(path) {
  return (await fetchOwn(path)).arrayBuffer();
}

/** @param {string} path */
async function fetchText(path) {
  return (await fetchOwn(path)).text();
}

/**
 * Fetches a file of this site.
 *
 * @param {string} path relative to this module
 */
async function fetchOwn(path) {
  const answer = await fetch(new URL(path, import.meta.url));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/**
 * Never revoked: a worker may have to be started at any time.
 *
 * @param {string} source
 */
function scriptUrl(source) {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}
