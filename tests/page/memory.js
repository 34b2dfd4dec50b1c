// @ts-check
import { readFileSync, readdirSync } from 'node:fs';

/** How often memory is looked at, in milliseconds. */
const INTERVAL = 100;

/** Watches the memory of the browser that this process has started. */
export class MemoryWatch {
  #before = browserMemory();
  #most = this.#before;
  #timer = setInterval(() => {
    this.#most = Math.max(this.#most, browserMemory());
  }, INTERVAL);

  /**
   * Ends the watch.
   *
   * @returns {number} the most bytes that were in use at a time, without
   *   those that were in use before
   */
  stop() {
    clearInterval(this.#timer);
    return this.#most - this.#before;
  }
}

/**
 * The bytes that all processes of the browser hold: not those of the
 * programs' files, which the system can drop, but those of shared memory,
 * each counted once.
 */
function browserMemory() {
  const parents = processes();
  const mine = [...parents.keys()].filter((id) => descends(id, parents));
  return mine.reduce((sum, id) => sum + memory(id), 0);
}

/** Every process's parent. */
function processes() {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(ids.map((id) => [Number(id), parent(id)]));
}

/** @param {string} id */
function parent(id) {
  // The name before the last bracket may have anything in it.
  const rest = read(id, 'stat').split(') ').at(-1) ?? '';
  return Number(rest.split(' ')[1]);
}

/**
 * Whether this process is an ancestor of another.
 *
 * @param {number} id the other
 * @param {Map<number, number>} parents
 */
function descends(id, parents) {
  /** @type {number | undefined} */
  let ancestor = parents.get(id);
  while (ancestor && ancestor !== process.pid) ancestor = parents.get(ancestor);
  return ancestor === process.pid;
}

/** @param {number} id */
function memory(id) {
  const found = read(String(id), 'smaps_rollup').matchAll(
    /^Pss_(?:Anon|Shmem): +(\d+) kB$/gm,
  );
  return [...found].reduce((sum, [, kilobytes]) => {
    return sum + Number(kilobytes) * 1024;
  }, 0);
}

/**
 * @param {string} id of a process, which may have ended
 * @param {string} name
 */
function read(id, name) {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
