// @ts-check
/**
 * Waits until the last byte of a Blob can be read.
 *
 * @param {Blob} blob
 */
export async function lastByte(blob) {
  await blob.slice(-1).arrayBuffer();
}
