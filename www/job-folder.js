// @ts-check

/**
 * What a worker wrote: a Blob, or the name of a file in the job's folder.
 *
 * @typedef {Blob | string} Piece
 */

/** The folder of all jobs: the origin may have other pages, with theirs. */
const ROOT = 'playtally';

/** How often a removal is tried, and the milliseconds before the next try. */
const TRIES = 50;
const PAUSE = 100;

/**
 * The folder of a job in the origin private file system.
 *
 * A lock of the same name is held as long as it is in use. So a folder
 * without one was left behind by a page that crashed or was closed.
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
   * @param {() => void} unlock
   */
  constructor(root, folder, id, unlock) {
    this.#root = root;
    this.#folder = folder;
    this.#id = id;
    this.#unlock = unlock;
  }

  /**
   * Creates a folder and locks it.
   *
   * @param {string} id of the job
   * @returns {Promise<JobFolder | null>} null if the browser has no such file
   *   system, or not here, as in some browsers' private windows
   */
  static async create(id) {
    let unlock = () => {};
    try {
      const root = await openRoot();
      unlock = await lock(id);
      const folder = await root.getDirectoryHandle(id, { create: true });
      return new JobFolder(root, folder, id, unlock);
    } catch {
      unlock();
      return null;
    }
  }

  /** Removes the folders that nobody uses. */
  static async tidy() {
    try {
      const root = await openRoot();
      for await (const id of root.keys()) {
        await navigator.locks.request(
          lockName(id),
          { ifAvailable: true },
          (lock) => lock && root.removeEntry(id, { recursive: true }),
        );
      }
    } catch {
      // There is no such file system, or something in it is still in use;
      // then it goes the next time.
    }
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
    if (piece instanceof Blob) return piece;
    const file = await this.#folder.getFileHandle(piece);
    return file.getFile();
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
   * Removes the folder with all that is in it. If that fails, it is left to
   * {@link JobFolder.tidy}.
   */
  async delete() {
    try {
      await remove(this.#root, this.#id);
    } finally {
      this.#unlock();
    }
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
function lock(id) {
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
