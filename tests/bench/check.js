// @ts-check
import { createReadStream } from 'node:fs';

const [COMMA = 0, QUOTE = 0, LF = 0] = Buffer.from(',"\n');

/** Stands for the end of a field in the hash of a record. */
const FIELD_END = 256;

/**
 * What a file of totals comes to, whatever the order of its records and
 * however they are quoted: their number, and a sum of hashes of each. The
 * header isn't counted. A set of records wouldn't fit a Map.
 *
 * @typedef {{ records: number, hash: string }} Digest
 */

/**
 * Takes the digest of a file of totals whose records end with LF.
 *
 * @param {string} path
 * @returns {Promise<Digest>}
 */
export async function digest(path) {
  const state = new State();
  const options = { highWaterMark: 1 << 20 };
  for await (const chunk of createReadStream(path, options)) {
    state.push(chunk);
  }
  return state.digest();
}

/**
 * Says what is wrong with an answer; '' if nothing is.
 *
 * @param {Digest} answer
 * @param {Digest} expected
 */
export function difference(answer, expected) {
  if (answer.records !== expected.records) {
    return `${answer.records} records for ${expected.records}`;
  }
  return answer.hash === expected.hash ? '' : 'other keys or totals';
}

class State {
  #quoted = false;
  /** Whether a quote was just met in a quoted field: its end, or half a quote. */
  #closing = false;
  #started = false;
  #records = -1;
  #sums = [0, 0];
  // FNV-1a and a sibling of it.
  #one = 0;
  #two = 0;

  /** @param {Buffer} bytes */
  push(bytes) {
    for (const byte of bytes) this.#next(byte);
  }

  /** @returns {Digest} */
  digest() {
    if (this.#started) this.#endRecord();
    const [one = 0, two = 0] = this.#sums;
    return { records: this.#records, hash: `${one}-${two}` };
  }

  /** @param {number} byte */
  #next(byte) {
    this.#started = true;
    if (this.#quoted && !this.#closing) {
      if (byte === QUOTE) this.#closing = true;
      else this.#mix(byte);
      return;
    }
    if (byte === QUOTE) {
      if (this.#closing) this.#mix(QUOTE);
      this.#quoted = true;
      this.#closing = false;
      return;
    }
    this.#quoted = false;
    this.#closing = false;
    if (byte === LF) this.#endRecord();
    else this.#mix(byte === COMMA ? FIELD_END : byte);
  }

  /** @param {number} value */
  #mix(value) {
    this.#one = Math.imul(this.#one ^ value, 0x0100_0193);
    this.#two = Math.imul(this.#two ^ value, 0x5bd1_e995) ^ (this.#two >>> 15);
  }

  #endRecord() {
    if (this.#records >= 0) {
      this.#sums[0] = (scramble(this.#one) + this.#sums[0]) >>> 0;
      this.#sums[1] = (scramble(this.#two) + this.#sums[1]) >>> 0;
    }
    this.#records += 1;
    this.#one = this.#two = 0;
    this.#started = false;
  }
}

/**
 * Makes every bit depend on every other, so that sums don't cancel:
 * murmur3's finaliser.
 *
 * @param {number} hash
 */
function scramble(hash) {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
