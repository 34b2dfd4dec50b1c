// @ts-check
import { readFileSync, readdirSync } from 'node:fs';

/** Milliseconds between samples; one takes about 2 ms. */
const INTERVAL = 100;

/**
 * Samples the memory of a process and all it started: anonymous and shared
 * memory, which is what a tab costs, Blobs included.
 *
 * The system's exact account divides shared pages among those that share
 * them, but it takes 30 to 60 ms of a core to draw up, and holds the processes
 * up meanwhile. So it is drawn up once, at rest; what comes on top is told by
 * counters that cost nothing, in which a page that comes to be shared later
 * counts for each that shares it.
 */
export class MemoryWatch {
  /** @readonly megabytes when the watch began */
  base;
  /** The most megabytes seen so far. */
  peak;
  #pid;
  #atRest;
  #timer;

  /** @param {number} pid */
  constructor(pid) {
    this.#pid = pid;
    this.base = this.peak = exactly(pid);
    this.#atRest = counted(pid);
    this.#timer = setInterval(() => this.#sample(), INTERVAL);
  }

  /** Ends the watch with a last look. */
  end() {
    clearInterval(this.#timer);
    this.#sample();
  }

  #sample() {
    const now = this.base + counted(this.#pid) - this.#atRest;
    this.peak = Math.max(this.peak, now);
  }
}

/** @param {number} pid */
function exactly(pid) {
  return megabytes(pid, 'smaps_rollup', /^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm);
}

/** @param {number} pid */
function counted(pid) {
  return megabytes(pid, 'status', /^Rss(?:Anon|Shmem):\s+(\d+) kB/gm);
}

/**
 * Adds figures up over a process and all it started.
 * https://docs.kernel.org/filesystems/proc.html
 *
 * @param {number} pid
 * @param {string} file
 * @param {RegExp} figures
 */
function megabytes(pid, file, figures) {
  const kibibytes = tree(pid)
    .flatMap((pid) => [...read(`/proc/${pid}/${file}`).matchAll(figures)])
    .reduce((sum, [, figure]) => sum + Number(figure), 0);
  return (kibibytes * 1024) / 1e6;
}

/**
 * A process and all it started, from whichever of its threads.
 *
 * @param {number} pid
 * @returns {number[]}
 */
function tree(pid) {
  const children = threads(pid)
    .flatMap((id) => read(`/proc/${pid}/task/${id}/children`).split(' '))
    .filter(Boolean);
  return [pid, ...children.flatMap((child) => tree(Number(child)))];
}

/** @param {number} pid */
function threads(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** @param {string} path of a process, which may have ended meanwhile */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
