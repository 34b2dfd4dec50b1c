// @ts-check
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const programs = `${root}target/release/examples`;
const cache = cacheFolder(`${root}target/page-data`);

/**
 * Makes a file of song play data, or takes the one that was made before.
 *
 * @param {'plain' | 'typical' | 'high' | 'quoted'} kind see tests/page/generate.rs
 * @param {number} megabytes
 * @param {number} [seed]
 * @returns {string} its path
 */
export function generated(kind, megabytes, seed = 1) {
  const args = [kind, String(megabytes * 1e6), String(seed)];
  return cached(`${kind}-${megabytes}-${seed}.csv`, (path) => {
    execFileSync(`${programs}/generate`, [...args, path]);
  });
}

/**
 * What files must come to, by tests/page/oracle.rs.
 *
 * @param {string[]} files paths from `generated`
 * @returns {string} the path of the expected result
 */
export function expected(...files) {
  return expectedIn('key', ...files);
}

/**
 * The same in some order.
 *
 * @param {NonNullable<import('../../www/types.d.ts').Options['order']>} order
 * @param {string[]} files
 */
export function expectedIn(order, ...files) {
  const names = files.map((file) => file.slice(cache.length + 1, -4));
  return cached(`${names.join('+')}.${order}`, (path) => {
    execFileSync(`${programs}/oracle`, [order, path, ...files]);
  });
}

/**
 * What a file of `high` kind must come to, by the system's own programs: too
 * many groups for a map. Its fields have no quotes and its songs one length,
 * so that lines are in the order of their keys if they are in that of their
 * bytes.
 *
 * @param {string} file a path from `generated`
 * @returns {string} the path of the expected result
 */
export function sorted(file) {
  return cached(`${file.slice(cache.length + 1, -4)}.sorted`, (path) => {
    const program = `
      set -euo pipefail
      {
        echo 'Song,Date,Total Number of Plays for Date'
        tail -n +2 "$1" | LC_ALL=C sort | awk -F, '
          { key = $1 FS $2 }
          key != last { if (NR > 1) print last FS sum; last = key; sum = 0 }
          { sum += $3 }
          END { print last FS sum }'
      } > "$2"`;
    execFileSync('bash', ['-c', program, 'bash', file, path]);
  });
}

/**
 * Writes a file into a test's own folder.
 *
 * @param {import('@playwright/test').TestInfo} testInfo
 * @param {string} name
 * @param {string | Uint8Array} content
 * @returns {string} its path
 */
export function written(testInfo, name, content) {
  const path = testInfo.outputPath(name);
  writeFileSync(path, content);
  return path;
}

/**
 * Throws if two files differ, and says where.
 *
 * @param {string} actual
 * @param {string} wanted
 */
export function sameBytes(actual, wanted) {
  execFileSync('cmp', [actual, wanted], { stdio: 'pipe' });
}

/**
 * @param {string} name
 * @param {(path: string) => void} make
 */
function cached(name, make) {
  const path = `${cache}/${name}`;
  if (existsSync(path)) return path;
  make(`${path}.part`);
  renameSync(`${path}.part`, path);
  return path;
}

/**
 * Makes a folder that belongs to these versions of the programs, and removes
 * those of earlier ones.
 *
 * @param {string} parent
 */
function cacheFolder(parent) {
  const hash = createHash('sha256');
  for (const name of ['generate', 'oracle']) {
    hash.update(readFileSync(`${root}tests/page/${name}.rs`));
  }
  const version = hash.digest('hex').slice(0, 12);
  mkdirSync(`${parent}/${version}`, { recursive: true });
  for (const other of readdirSync(parent)) {
    if (other !== version) rmSync(`${parent}/${other}`, { recursive: true });
  }
  return `${parent}/${version}`;
}
