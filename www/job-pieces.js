// @ts-check
//# allFunctionsCalledOnLoad

/**
 * @typedef {import('./job-folder.js').JobFolder} JobFolder
 * @typedef {import('./job-folder.js').Piece} Piece
 * @typedef {{ run: Piece, index: Uint8Array }} Run
 * @typedef {{ source: number, place: number }} RunId
 * @typedef {{ runs: (Run | null)[], rejects: Piece | null }} Commit
 */

/**
 * Where everything is that a job has written: its state machine knows only
 * numbers of commits and parts.
 */
export class JobPieces {
  #folder;

  /** @type {Map<number, Commit>} */
  #commits = new Map();

  /**
   * The parts of the result in order, those that are there.
   *
   * @type {Piece[]}
   */
  parts = [];

  /**
   * The CSV of rejects.
   *
   * @type {Piece | null}
   */
  rejects = null;

  /**
   * @param {Promise<JobFolder | null>} folder in which those are that are
   *   files
   */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * @param {number} id
   * @param {Run[]} runs
   * @param {Piece | null} rejects
   */
  addCommit(id, runs, rejects) {
    this.#commits.set(id, { runs, rejects });
  }

  /** @param {number} id of a commit that is void */
  dropCommit(id) {
    const commit = this.#commits.get(id);
    if (!commit) return;
    this.#commits.delete(id);
    this.#clear(pieces(commit));
  }

  /** @param {RunId[]} ids of runs that nobody needs any more */
  dropRuns(ids) {
    const dropped = this.runs(ids).map(({ run }) => run);
    for (const { source, place } of ids) {
      const commit = this.#commits.get(source);
      if (commit) commit.runs[place] = null;
    }
    this.#clear(dropped);
  }

  /** @param {RunId[]} ids */
  runs(ids) {
    return ids.map(({ source, place }) => {
      const run = this.#commits.get(source)?.runs[place];
      if (!run) throw new Error('A run isn’t there any more.');
      return run;
    });
  }

  /** @param {number} id of a commit */
  rejectsOf(id) {
    return this.#commits.get(id)?.rejects ?? null;
  }

  /** The bytes of all that are files. */
  get onDisk() {
    return this.#all().reduce((sum, piece) => {
      return piece && 'name' in piece ? sum + piece.size : sum;
    }, 0);
  }

  /**
   * Removes what a dead worker had not handed over.
   *
   * @param {string} prefix what the names of its files begin with
   */
  clearAfter(prefix) {
    const needed = names(this.#all());
    this.#remove((name) => name.startsWith(prefix) && !needed.has(name));
  }

  /**
   * Removes all but the result, some time later, and then releases the
   * folder.
   */
  async end() {
    this.#commits.clear();
    const folder = await this.#folder;
    try {
      await folder?.clearAllBut(this.#all());
    } catch {
      // What can't be removed goes with the folder.
    }
    folder?.release();
  }

  /** @param {Piece[]} pieces to be removed */
  #clear(pieces) {
    const dropped = names(pieces);
    this.#remove((name) => dropped.has(name));
  }

  /**
   * Removes files some time soon. What can't be removed goes with the folder.
   *
   * @param {(name: string) => boolean} isUnneeded
   */
  #remove(isUnneeded) {
    this.#folder.then((folder) => folder?.clear(isUnneeded)).catch(() => {});
  }

  #all() {
    const committed = [...this.#commits.values()].flatMap(pieces);
    // Parts come in any order, and so there may be gaps.
    return [...committed, ...this.parts.flat(), this.rejects];
  }
}

/** @param {Commit} commit */
function pieces({ runs, rejects }) {
  const pieces = runs.map((entry) => entry?.run ?? null);
  return [...pieces, rejects].filter((piece) => piece !== null);
}

/**
 * The names of those pieces that are files.
 *
 * @param {(Piece | null)[]} pieces
 */
function names(pieces) {
  const names = new Set();
  for (const piece of pieces) {
    if (piece && 'name' in piece) names.add(piece.name);
  }
  return names;
}
