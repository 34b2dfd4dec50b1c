// @ts-check
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { output } from './data.js';
import { MemoryWatch } from './memory.js';
/** @import { Measurement, Task } from './contenders.js' */

const python = `${output}/venv/bin/python`;
const script = fileURLToPath(
  new URL('contenders/duckdb-native.py', import.meta.url),
);

/**
 * Measures native DuckDB in a process of its own, with as many threads as
 * there are cores.
 *
 * @param {Task} task
 * @returns {Promise<Measurement>}
 */
export async function measureNative({ file, answer, limit }) {
  const threads = String(availableParallelism());
  const query = spawn(python, [script, threads, file, answer], {
    timeout: limit * 1000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [says, complains] = ['', ''];
  query.stdout.on('data', (text) => (says += text));
  query.stderr.on('data', (text) => (complains += text));
  const ended = new Promise((resolve, reject) => {
    query.on('close', resolve).on('error', reject);
  });
  const memory = new MemoryWatch(query.pid ?? 0);
  await ended.finally(() => memory.end());
  const { base, peak } = memory;
  if (query.killed) {
    return { problem: `over ${limit} s`, stopped: limit, base, peak };
  }
  const problem = complains.trim().split('\n').at(-1);
  if (query.exitCode !== 0) return { problem, base, peak };
  return { seconds: JSON.parse(says).seconds, base, peak };
}
