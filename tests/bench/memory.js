// @ts-check
import { readFileSync, readdirSync } from 'node:fs';

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
    return children(pid).reduce((sum, child) => sum + ofTree(child), of(pid));
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

/**
 * The processes that a process has started, from whichever of its threads.
 *
 * @param {number} pid
 */
function children(pid) {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => {
      const path = `/proc/${pid}/task/${thread}/children`;
      return readFileSync(path, 'utf8').split(' ');
    })
    .filter(Boolean)
    .map(Number);
}

/**
 * https://docs.kernel.org/filesystems/proc.html
 *
 * @param {number} pid
 */
function of(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const figures = rollup.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm);
  const kibibytes = [...figures].reduce((sum, [, kb]) => sum + Number(kb), 0);
  return (kibibytes * 1024) / 1e6;
}
