// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** All that a run leaves behind. */
export const output = `${root}target/bench`;

const programs = `${root}target/release/examples`;
const folder = `${output}/data`;

/**
 * Makes a file of song play data, or takes the one that was made before.
 *
 * @param {string} kind
 * @param {number} bytes
 * @returns {string} its path
 */
export function generated(kind, bytes) {
  return made(`${kind}-${bytes}.csv`, 'generate', (path) => {
    return [kind, String(bytes), '1', path];
  });
}

/**
 * What a file must come to.
 *
 * @param {string} file from `generated`
 * @returns {string} the path of the expected totals
 */
export function expected(file) {
  const name = file.slice(folder.length + 1);
  return made(`${name}.expected`, 'oracle', (path) => ['key', path, file]);
}

/**
 * Has a program make a file, unless there is one that is newer than it.
 *
 * @param {string} name
 * @param {string} program
 * @param {(path: string) => string[]} args
 */
function made(name, program, args) {
  const path = `${folder}/${name}`;
  const command = `${programs}/${program}`;
  const { mtimeMs } = statSync(command);
  if (existsSync(path) && statSync(path).mtimeMs > mtimeMs) return path;
  mkdirSync(folder, { recursive: true });
  execFileSync(command, args(`${path}.part`));
  renameSync(`${path}.part`, path);
  return path;
}
