// @ts-check
//# allFunctionsCalledOnLoad
import { JobFolder } from './job-folder.js';
import { TallyError } from './tally-error.js';

/**
 * @typedef {import('./job-folder.js').Piece} Piece
 * @typedef {import('./types.d.ts').Report} Report
 * @typedef {import('./types.d.ts').StoredJob} StoredJob
 * @typedef {import('./types.d.ts').Tally} Result
 * @typedef {import('./types.d.ts').Written} Written
 *
 * @typedef {object} Manifest what a finished job was and what it left
 * @property {typeof VERSION} version
 * @property {{ name: string, size: number }[]} files
 * @property {string} finished a time as ISO 8601 has it
 * @property {Report} report
 * @property {Written} [written] what earlier versions don't say
 * @property {Piece[]} parts of the result, in order
 * @property {Piece | null} rejects
 */

/** The version of the manifests that are written and read here. */
const VERSION = 1;

/**
 * Sets down what a job that is done was and what it left.
 *
 * @param {Omit<Manifest, 'version' | 'finished'>} job
 * @returns {Manifest}
 */
export function describe(job) {
  return { version: VERSION, finished: new Date().toISOString(), ...job };
}

/**
 * The result of a finished job.
 *
 * @param {string} id
 * @param {Manifest} manifest
 * @param {JobFolder | null} folder in which its pieces are, if any is a file
 * @returns {Promise<Result>}
 */
export async function open(id, manifest, folder) {
  const { parts, rejects, report, written = null } = manifest;
  /** @param {Piece[]} pieces to be laid end to end */
  const csv = async (pieces) => {
    const read = pieces.map((piece) => folder?.read(piece) ?? piece);
    const blobs = /** @type {Blob[]} */ (await Promise.all(read));
    return new Blob(blobs, { type: 'text/csv' });
  };
  return {
    id,
    csv: await csv(parts),
    rejects: rejects === null ? null : await csv([rejects]),
    report,
    written,
    // Memory behind a Blob is the browser's to free, once nobody holds it.
    close: async () => folder?.delete(),
  };
}

/**
 * The finished jobs that are on disk.
 *
 * @returns {Promise<StoredJob[] | null>} the newest first; null if the
 *   browser has no place for them
 */
export async function list() {
  const folders = await JobFolder.all();
  if (!folders) return null;
  const jobs = await Promise.all(folders.map(find));
  return jobs
    .filter((job) => job !== null)
    .sort((a, b) => b.finished.getTime() - a.finished.getTime());
}

/**
 * @param {JobFolder} folder
 * @returns {Promise<StoredJob | null>} null if the job isn't finished
 */
async function find(folder) {
  const manifest = await folder.readManifest();
  if (!manifest) return null;
  const { files, finished, report } = manifest;
  const whole = await isWhole(folder, manifest);
  const { id } = folder;
  return {
    ...{ id, files, report },
    finished: new Date(finished),
    status: whole ? 'done' : 'damaged',
    bytes: pieces(manifest).reduce((sum, { size }) => sum + size, 0),
    open: async () => {
      if (await isWhole(folder, manifest)) return open(id, manifest, folder);
      throw new TallyError(
        'damaged_result',
        'The result of this job is not on disk any more as it was written. ' +
          'Delete it and process the files again.',
      );
    },
    delete: () => folder.delete(),
  };
}

/**
 * Whether all that a job left is there, and as long as it was.
 *
 * @param {JobFolder} folder
 * @param {Manifest} manifest
 */
async function isWhole(folder, manifest) {
  if (manifest.version !== VERSION) return false;
  try {
    const checks = pieces(manifest).map(async (piece) => {
      return (await folder.read(piece)).size === piece.size;
    });
    return (await Promise.all(checks)).every(Boolean);
  } catch {
    return false;
  }
}

/**
 * The files of a job, of which nothing else is left once it is on disk.
 *
 * @param {Manifest} manifest
 */
function pieces({ parts = [], rejects = null }) {
  const all = rejects === null ? parts : [...parts, rejects];
  return /** @type {import('./job-folder.js').PieceFile[]} */ (all);
}
