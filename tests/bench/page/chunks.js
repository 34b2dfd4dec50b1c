// @ts-check
/** Measured: larger ones gain nothing, smaller ones cost up to a half. */
const CHUNK_BYTES = 2 << 20;

/**
 * Held from here so that the reader can't be collected while it waits; such a
 * read never settles in Chromium.
 *
 * @type {Set<unknown>}
 */
const held = new Set();

/**
 * Reads a Blob in the quickest way there is in Chromium: into the same buffer
 * over and over. A chunk is void once the next one is asked for.
 *
 * @param {Blob} blob
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* chunks(blob) {
  const stream = blob.stream();
  const reader = stream.getReader({ mode: 'byob' });
  held.add(stream).add(reader);
  let buffer = new ArrayBuffer(CHUNK_BYTES);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) break;
    yield value;
    buffer = /** @type {ArrayBuffer} */ (value.buffer);
  }
  held.delete(stream);
  held.delete(reader);
}
