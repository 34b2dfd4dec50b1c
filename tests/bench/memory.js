// @ts-check
import { readFileSync } from 'node:fs';

/** Taking a sample holds the processes up, so it is not done too often. */
const INTERVAL = 200;

/**
 * Watches the memory of a process and all it started: anonymous and shared
 * memory, shared pages divided among those that share them, which is what a
 * tab costs, Blobs included.
 */
export class MemoryWatch {
  /** @readonly megabytes when the watch began */
  base;
  /** The most megabytes seen so far. */
  peak;
  #pid;
  #timer;

  /** @param {number} pid */
  constructor(pid) {
    this.#pid = pid;
    this.base = this.peak = ofTree(pid);
    this.#timer = setInterval(() => this.#sample(), INTERVAL);
  }

  /** Ends the watch with a last look. */
  end() {
    clearInterval(this.#timer);
    this.#sample();
  }

  #sample() {
    this.peak = Math.max(this.peak, ofTree(this.#pid));
  }
}

/**
 * @param {number} pid
 * @returns {number} megabytes
 */
function ofTree(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children
      .split(' ')
      .filter(Boolean)
      .reduce((sum, child) => sum + ofTree(Number(child)), of(pid));
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

/**
 * https://docs.kernel.org/filesystems/proc.html
 *
 * @param {number} pid
 */
function of(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const figures = rollup.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm);
  return [...figures].reduce((sum, [, kb]) => sum + Number(kb), 0) / 1024;
}
