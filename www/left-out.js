// @ts-check
//# allFunctionsCalledOnLoad

/**
 * @typedef {import('./types.d.ts').Problem} Problem
 */

/** The most names that a notice lists. */
const LISTED = 5;

/**
 * Says which files in an archive are not read.
 *
 * @param {string[]} names one or more
 * @param {string} [archive] its name, if that isn't plain
 * @returns {Problem}
 */
export function leftOutNotice(names, archive) {
  const more = names.length - LISTED;
  const list = names.slice(0, LISTED).join(', ');
  const all = more > 0 ? `${list} and ${more} more` : list;
  const about =
    names.length === 1
      ? `as it does not look like a table: ${all}. If it holds`
      : `as they do not look like tables: ${all}. If they hold`;
  const message =
    `${archive === undefined ? '' : `${archive}: `}Not read, ${about} ` +
    'records, unpack the archive and choose that by itself.';
  return { code: 'left_out', severity: 'notice', message };
}

/** The files in archives that a job doesn't read. */
export class LeftOut {
  /** @type {Map<Blob, { archive: string, names: Set<string> }>} */
  #archives = new Map();

  /**
   * Notes what lies beside a file that is read.
   *
   * @param {Blob} file the archive
   * @param {string} archive its name
   * @param {string[]} leftOut
   */
  add(file, archive, leftOut) {
    if (leftOut.length === 0) return;
    const known = this.#archives.get(file);
    // What is said of one file in it leaves out no other that is read.
    const both = known ? leftOut.filter((n) => known.names.has(n)) : leftOut;
    this.#archives.set(file, { archive, names: new Set(both) });
  }

  /** What is to be said of them, once for each archive. */
  get notices() {
    return [...this.#archives.values()]
      .filter(({ names }) => names.size > 0)
      .map(({ archive, names }) => leftOutNotice([...names], archive));
  }
}
