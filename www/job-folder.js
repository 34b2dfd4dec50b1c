// @ts-check
//# allFunctionsCalledOnLoad

/**
 * What a worker wrote: a few bytes, a Blob, or a file in the job's folder.
 *
 * @typedef {{ name: string, size: number }} PieceFile
 * @typedef {Uint8Array<ArrayBuffer> | Blob | PieceFile} Piece
 */

/**
 * @typedef {import('./finished-job.js').Manifest} Manifest
 */

/** The folder of all jobs: the origin may have other pages, with theirs. */
const ROOT = 'playtally';

/** How often a removal is tried, and the milliseconds before the next try. */
const TRIES = 50;
const PAUSE = 100;

/**
 * The file that is written last, and so makes a job a finished one. It says
 * which other files belong to it.
 */
export const MANIFEST = 'job.json';

/**
 * The folder of a job in the origin private file system.
 *
 * A lock of the same name is held as long as a page works on it. So a folder
 * without one, in which there is no manifest either, was left behind by a
 * page that crashed or was closed.
 *
 * https://developer.mozilla.org/docs/Web/API/File_System_API/Origin_private_file_system
 */
export class JobFolder {
  #root;
  #folder;
  #id;
  #unlock;

  /**
   * @param {FileSystemDirectoryHandle} root
   * @param {FileSystemDirectoryHandle} folder
   * @param {string} id
   * @param {() => void} [unlock]
   */
  constructor(root, folder, id, unlock = () => {}) {
    this.#root = root;
    this.#folder = folder;
    this.#id = id;
    this.#unlock = unlock;
  }

  /**
   * The folders that are there, whoever works on them.
   *
   * @returns {Promise<JobFolder[] | null>} null if the browser has no such
   *   file system
   */
  static async all() {
    try {
      const root = await openRoot();
      const folders = [];
      for await (const [id, entry] of root.entries()) {
        const folder = /** @type {FileSystemDirectoryHandle} */ (entry);
        folders.push(new JobFolder(root, folder, id));
      }
      return folders;
    } catch {
      return null;
    }
  }

  /** Removes what belongs to no finished job and what nobody works on. */
  static async tidy() {
    for (const folder of (await JobFolder.all()) ?? []) {
      await navigator.locks.request(
        lockName(folder.id),
        { ifAvailable: true },
        // What is still in use goes the next time.
        (lock) => lock && folder.#tidy().catch(() => {}),
      );
    }
  }

  async #tidy() {
    const manifest = await this.readManifest();
    if (!manifest) return remove(this.#root, this.#id);
    await this.clearAllBut([...manifest.parts, manifest.rejects]);
  }

  get id() {
    return this.#id;
  }

  /** The path by which workers find it. */
  get path() {
    return `${ROOT}/${this.#id}`;
  }

  /**
   * The bytes of a piece.
   *
   * @param {Piece} piece
   * @returns {Promise<Blob>}
   */
  async read(piece) {
    if (!('name' in piece)) return new Blob([piece]);
    const file = await this.#folder.getFileHandle(piece.name);
    return file.getFile();
  }

  /**
   * What the job was and which files it has.
   *
   * @returns {Promise<Manifest | null>} null if it isn't finished
   */
  async readManifest() {
    try {
      const file = await this.read({ name: MANIFEST, size: 0 });
      return JSON.parse(await file.text());
    } catch {
      return null;
    }
  }

  /**
   * Removes files that no running worker has open.
   *
   * @param {(name: string) => boolean} isUnneeded
   */
  async clear(isUnneeded) {
    for await (const name of this.#folder.keys()) {
      if (isUnneeded(name)) await remove(this.#folder, name);
    }
  }

  /**
   * Removes what a finished job doesn't need.
   *
   * @param {(Piece | null)[]} needed
   */
  async clearAllBut(needed) {
    const names = new Set([MANIFEST]);
    for (const piece of needed) {
      if (piece && 'name' in piece) names.add(piece.name);
    }
    await this.clear((name) => !names.has(name));
  }

  /** Says that this page doesn't work on it any more. */
  release() {
    this.#unlock();
  }

  /**
   * Removes the folder with all that is in it. If that fails, it is left to
   * {@link JobFolder.tidy}: so the manifest goes first.
   */
  async delete() {
    try {
      await remove(this.#folder, MANIFEST);
      await remove(this.#root, this.#id);
    } finally {
      this.#unlock();
    }
  }
}

/**
 * Where a job will work, so that it needn't wait for that when it begins:
 * its folder is locked, and not made yet.
 */
export class JobPlace {
  #root = openRoot();
  #unlock;

  constructor() {
    this.id = crypto.randomUUID();
    this.#unlock = lock(this.id);
    // What goes wrong is known when the folder is made.
    for (const asked of [this.#root, this.#unlock]) asked.catch(() => {});
  }

  /**
   * Makes the folder. Call it once.
   *
   * @returns {Promise<JobFolder | null>} null if the browser has no such file
   *   system, or not here, as in some browsers' private windows
   */
  async makeFolder() {
    try {
      // The site's data may have been removed since.
      return await this.#makeIn(await this.#root).catch(async () => {
        return this.#makeIn(await openRoot());
      });
    } catch {
      this.#unlock.then((unlock) => unlock()).catch(() => {});
      return null;
    }
  }

  /** @param {FileSystemDirectoryHandle} root */
  async #makeIn(root) {
    const unlock = await this.#unlock;
    const folder = await root.getDirectoryHandle(this.id, { create: true });
    return new JobFolder(root, folder, this.id, unlock);
  }
}

async function openRoot() {
  const origin = await navigator.storage.getDirectory();
  return origin.getDirectoryHandle(ROOT, { create: true });
}

/** @param {string} id */
function lockName(id) {
  return `${ROOT}/${id}`;
}

/**
 * Locks a folder, which no other page must have.
 *
 * @param {string} id
 * @returns {Promise<() => void>} what unlocks it
 */
async function lock(id) {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(lockName(id), () => {
      return new Promise((unlock) => resolve(() => unlock(undefined)));
    });
    held.catch(reject);
  });
}

/**
 * Removes an entry. What a worker had open is released some time after its
 * end, so it may take several tries.
 *
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 */
async function remove(folder, name) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await folder.removeEntry(name, { recursive: true });
    } catch (error) {
      if (isNotFound(error)) return;
      if (left === 0) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** @param {unknown} error */
function isNotFound(error) {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
