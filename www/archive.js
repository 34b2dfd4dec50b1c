// @ts-check
//# allFunctionsCalledOnLoad
import { containerOf, headBytes, isText } from './pkg/page/page.js';
import { Directory, Unpacker, rejectedFiles } from './pkg/unpack/unpack.js';
import { enterUnpack } from './code.js';
import { readHead } from './heads.js';
import { TallyError } from './tally-error.js';

/**
 * @typedef {import('./protocol.d.ts').Packing} Packing
 * @typedef {import('./protocol.d.ts').Entry} Entry
 * @typedef {import('./types.d.ts').FileSettings} FileSettings
 * @typedef {import('./types.d.ts').Asked} Asked
 *
 * @typedef {object} Rejected
 * @property {Entry} entry
 * @property {boolean} header
 * @property {FileSettings} written how it was written, and still is
 * @property {Asked} asked what was asked of it
 * @property {boolean} isUtf8
 *
 * A file to be tallied, which may lie in another one.
 *
 * @typedef {object} Opened
 * @property {string} name with that of the archive
 * @property {Blob} file its bytes, as they are packed
 * @property {Packing | null} packing null if they are not
 * @property {Uint8Array} head the first bytes of its text
 * @property {boolean} last whether they are all
 * @property {TallyError | null} error why it can't be unpacked
 * @property {string[]} leftOut the files beside it that are taken for no
 *   tables
 * @property {boolean} isFirst whether it is the first that is read by default
 *   of those in the archive, or the only one
 * @property {FileSettings} known what its text is known to be
 * @property {Asked | null} asked what the job asked of it that rejected it
 */

/** What is left to say of most files. */
const USUAL = {
  error: null,
  leftOut: [],
  isFirst: true,
  known: {},
  asked: null,
};

/** The bytes that are read at once for the head of what is unpacked. */
const CHUNK = 2 ** 16;

/**
 * Finds the files that a file stands for: itself, or those that are in it.
 *
 * @param {Blob} file
 * @param {string} name
 * @param {string} [path] the one that is meant of those in it
 * @returns {AsyncGenerator<Opened, void, void>} at least one
 * @throws {TallyError} if it can't be read
 */
export async function* open(file, name, path) {
  const head = await readHead(file, name);
  const container = containerOf(head);
  if (!container) {
    const last = head.length === file.size;
    yield { ...USUAL, name, file, packing: null, head, last };
    return;
  }
  await enterUnpack();
  const packing = { container, entry: null, encoding: null };
  if (container !== 'zip' && container !== 'rejects') {
    yield await openPacked(name, file, packing);
    return;
  }
  try {
    if (container === 'rejects') {
      yield* openRejects(file, name, head, path);
      return;
    }
    const { entries, first, leftOut } = await choose(file, name, path);
    for (const entry of entries) {
      const opened = await openEntry(file, name, entry);
      yield { ...opened, leftOut, isFirst: entry.name === first };
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    yield refused(name, file, packing, error);
  }
}

/**
 * What is in an archive, and what of it is read by default.
 *
 * @typedef {object} Content
 * @property {Entry[]} all
 * @property {Entry[]} entries those that are read
 * @property {string[]} leftOut the names of the others
 */

/**
 * What is known of archives: each of the files in one may be opened by itself.
 *
 * @type {WeakMap<Blob, Content>}
 */
const contents = new WeakMap();

/**
 * Chooses among the files in an archive those that are meant.
 *
 * @param {Blob} file
 * @param {string} name
 * @param {string} [path] the one that is meant
 */
async function choose(file, name, path) {
  const content = contents.get(file) ?? (await survey(file, name));
  contents.set(file, content);
  const { all, entries, leftOut } = content;
  const first = entries[0]?.name;
  if (path === undefined) return { entries, first, leftOut };
  const meant = all.filter((entry) => entry.name === path);
  if (meant.length === 0) throw noSuchFile(name, path);
  const others = leftOut.filter((other) => other !== path);
  return { entries: meant, first, leftOut: others };
}

/**
 * Chooses what is read by default of the files in an archive: those that are
 * tables by their names or, if there are none, those that are text.
 *
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<Content>}
 */
async function survey(file, name) {
  const { tables, others } = await list(file, name);
  const all = [...tables, ...others];
  if (tables.length > 0) {
    const leftOut = others.map(({ name }) => name);
    return { all, entries: tables, leftOut };
  }
  const entries = [];
  const leftOut = [];
  for (const entry of others) {
    const { error, head } = await openEntry(file, name, entry);
    if (error || isText(head)) entries.push(entry);
    else leftOut.push(entry.name);
  }
  // If there is no text at all, the first file says so.
  if (entries.length > 0) return { all, entries, leftOut };
  return { all, entries: others.slice(0, 1), leftOut: [] };
}

/**
 * @param {Blob} file an archive that holds several files
 * @param {string} name
 * @param {Entry} entry
 */
function openEntry(file, name, entry) {
  const part = file.slice(entry.start, entry.end);
  const packing = { container: 'zip', entry, encoding: null };
  return openPacked(`${name}/${entry.name}`, part, packing);
}

/**
 * Opens the files whose rejects are in a rejects CSV, each of which is as it
 * was, but for the records that were not rejected.
 *
 * @param {Blob} file
 * @param {string} name
 * @param {Uint8Array} head
 * @param {string} [path] the one that is meant
 * @returns {AsyncGenerator<Opened, void, void>}
 * @throws {TallyError} if it was changed so that it can't be read
 */
async function* openRejects(file, name, head, path) {
  const { size } = file;
  /** @type {Rejected[]} */
  const all = rejectedFiles(name, size, head, head.length === size);
  const files = all.filter(({ entry }) => (path ?? entry.name) === entry.name);
  if (files.length === 0) throw noSuchFile(name, path);
  for (const { entry, header, written, asked, isUtf8 } of files) {
    const packing = { container: 'rejects', entry, encoding: null };
    const opened = await openPacked(`${name}/${entry.name}`, file, packing);
    const begin = { ...written, header, firstLine: 1 };
    const known = isUtf8 ? { ...begin, encoding: 'utf-8' } : begin;
    yield { ...opened, known, asked };
  }
}

/**
 * @param {string} name of an archive
 * @param {string} [path] of what isn't in it
 */
function noSuchFile(name, path) {
  const message = `${name}: There is no file “${path}” in this archive.`;
  return new TallyError('damaged_archive', message, name);
}

/**
 * Reads the directory of an archive.
 *
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<{ tables: Entry[], others: Entry[] }>}
 */
async function list(file, name) {
  const directory = new Directory(name, file.size);
  try {
    for (;;) {
      const range = directory.wants();
      if (!range) return directory.entries();
      const [start = 0, end = 0] = range;
      directory.push(await read(file, name, start, end));
    }
  } finally {
    directory.free();
  }
}

/**
 * Unpacks the head of a file.
 *
 * @param {string} name
 * @param {Blob} file
 * @param {Packing} packing
 * @returns {Promise<Opened>}
 */
async function openPacked(name, file, packing) {
  try {
    // As much as its head can't be too much.
    const unpacker = new Unpacker(packing, name, file.size, 1);
    try {
      const { head, last } = await unpackHead(unpacker, file, name);
      return { ...USUAL, name, file, packing, head, last };
    } finally {
      unpacker.free();
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return refused(name, file, packing, error);
  }
}

/**
 * @param {Unpacker} unpacker
 * @param {Blob} file
 * @param {string} name
 */
async function unpackHead(unpacker, file, name) {
  const head = new Uint8Array(headBytes());
  let [length, at] = [0, 0];
  while (length < head.length) {
    const piece = unpacker.piece();
    if (piece) {
      const some = piece.subarray(0, head.length - length);
      head.set(some, length);
      length += some.length;
    } else if (at < file.size) {
      unpacker.push(await read(file, name, at, at + CHUNK));
      at += CHUNK;
      if (at >= file.size) unpacker.finish();
    } else {
      return { head: head.slice(0, length), last: true };
    }
  }
  return { head, last: false };
}

/**
 * @param {string} name
 * @param {Blob} file
 * @param {Packing} packing
 * @param {TallyError} error
 * @returns {Opened}
 */
function refused(name, file, packing, error) {
  const head = new Uint8Array();
  return { ...USUAL, name, file, packing, head, last: true, error };
}

/**
 * Whether an error says something of the archive, and not of the machine.
 *
 * @param {unknown} error
 * @returns {error is TallyError}
 */
function isRefusal(error) {
  if (!(error instanceof Error) || error.name !== 'TallyError') return false;
  return /** @type {TallyError} */ (error).code !== 'unreadable';
}

/**
 * @param {Blob} file
 * @param {string} name
 * @param {number} start
 * @param {number} end
 */
async function read(file, name, start, end) {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch (error) {
    throw TallyError.unreadable(name, error);
  }
}
