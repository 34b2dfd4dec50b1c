// @ts-check
//# allFunctionsCalledOnLoad
import { headBytes } from './pkg/page/page.js';
import { TallyError } from './tally-error.js';

/** How many heads are kept: each may be a megabyte. */
const MOST = 4;

/**
 * The heads that were asked for last, the latest at the end.
 *
 * @type {Map<Blob, Promise<ArrayBuffer>>}
 */
const heads = new Map();

/**
 * Reads the first bytes of some files, as far as they are kept, since they
 * are wanted soon. Whether that works shows when they are.
 *
 * @param {Blob[]} files
 */
export function readAhead(files) {
  for (const file of files.slice(0, MOST)) read(file).catch(() => {});
}

/**
 * Reads the first bytes of a file, unless they are kept: it is inspected,
 * perhaps with one setting after the other, and then tallied.
 *
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {TallyError} if it can't be read
 */
export async function readHead(file, name) {
  try {
    return new Uint8Array(await read(file));
  } catch (error) {
    heads.delete(file);
    throw TallyError.unreadable(name, error);
  }
}

/** @param {Blob} file */
function read(file) {
  const head = heads.get(file) ?? file.slice(0, headBytes()).arrayBuffer();
  heads.delete(file);
  heads.set(file, head);
  const [oldest] = heads.keys();
  if (heads.size > MOST && oldest) heads.delete(oldest);
  return head;
}
