// @ts-check
//# allFunctionsCalledOnLoad
import { TallyError } from './tally-error.js';

/**
 * The bytes that even the smallest job needs: its result and its account.
 * How much a large one needs is not known before: that depends on how many
 * keys the files have in common.
 */
const LEAST = 1e6;

/**
 * Asks how many bytes the browser would let a job keep on disk. It may say
 * too much: some browsers say the same on every disk, for privacy.
 *
 * https://developer.mozilla.org/docs/Web/API/StorageManager/estimate
 *
 * @returns {Promise<number | null>} null if the browser doesn't say
 * @throws {TallyError} if that is certainly too little
 */
export async function findRoom() {
  const { quota, usage = 0 } = (await navigator.storage?.estimate()) ?? {};
  if (quota === undefined) return null;
  const room = Math.max(0, quota - usage);
  if (room < LEAST) {
    throw TallyError.noSpace(
      `It needs ${inMegabytes(LEAST)} or more, and ${inMegabytes(room)} ` +
        'are left.',
    );
  }
  return room;
}

/**
 * The error of a job that used up its room, whatever the browser said before.
 *
 * @param {number} disk the bytes that it has on disk
 * @param {number} share the part of its input that was read
 */
export function usedUp(disk, share) {
  // Partial results grow as the input is read, and the result, which has the
  // same groups, stands beside them before they can go.
  const needed = (2 * disk) / Math.max(share, 0.01);
  const percent = Math.floor(share * 100);
  if (disk === 0) {
    return TallyError.noSpace(
      `It was refused any when ${percent} % of its input was read.`,
    );
  }
  return TallyError.noSpace(
    `It had ${inMegabytes(disk)} there when ${percent} % of its input was ` +
      `read, so it needs about ${inMegabytes(needed)}.`,
  );
}

/** @param {number} bytes */
function inMegabytes(bytes) {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
