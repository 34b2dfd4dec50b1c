// @ts-check
import { initSync } from './pkg/playtally.js';
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
 */

/** What is allowed once files are read. */
const SEALED = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval' blob:",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** How worker.js names the module that it imports. */
const IMPORTED = './pkg/playtally.js';

const loaded = load();
// Whoever enters is told.
loaded.catch(() => {});

let sealed = false;

/**
 * Waits for the code and seals the page. Nothing may read a file before.
 *
 * @returns {Promise<void>}
 * @throws {TallyError} if the code can't be loaded or run
 */
export async function enter() {
  const { module } = await loaded;
  if (sealed) return;
  sealed = true;
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = SEALED;
  document.head.append(meta);
  initSync({ module });
}

/**
 * Starts a worker.
 *
 * @returns {Promise<{ worker: Worker, module: WebAssembly.Module }>} the
 *   worker, and the module it is to be given first
 */
export async function startWorker() {
  await enter();
  const { module, url } = await loaded;
  return { worker: new Worker(url, { type: 'module' }), module };
}

async function load() {
  try {
    const [module, imported, worker] = await Promise.all([
      compile(),
      fetchText(IMPORTED),
      fetchText('./worker.js'),
    ]);
    const library = scriptUrl(imported);
    const url = scriptUrl(worker.replace(IMPORTED, library));
    return { module, url };
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

async function compile() {
  const answer = await fetchOwn('./pkg/playtally_bg.wasm');
  return WebAssembly.compile(await answer.arrayBuffer());
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
