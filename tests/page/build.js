// @ts-check
import { execFileSync } from 'node:child_process';
import { root } from './data.js';

/** Builds the programs that make test data, before any test runs. */
export default function build() {
  const args = ['build', '--quiet', '--release', '--examples'];
  execFileSync('cargo', args, { cwd: root, stdio: 'inherit' });
}
