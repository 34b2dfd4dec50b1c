// @ts-check
import { element } from './element.js';
import { format } from './format.js';
/** @import { FileSettings, Report } from '../types.d.ts' */
/** @import { Again } from './result.js' */

/**
 * Offers to run files again as Windows-1252 in which there are records that
 * aren't UTF-8.
 *
 * @param {Report} report
 * @param {Again | null} again null if the files are not there any more
 */
export function otherEncoding({ notices }, again) {
  /** @type {Record<number, FileSettings>} */
  const changed = {};
  for (const { code, file } of notices) {
    if (code !== 'bad_encoding' || file == null) continue;
    changed[file] = { encoding: 'windows-1252' };
  }
  const count = Object.keys(changed).length;
  if (count === 0 || !again) return [];
  const which = count === 1 ? 'it' : format.plural(count, 'file');
  const text = `Run again and read ${which} as Windows-1252`;
  const button = element('button', { type: 'button', class: 'button' }, text);
  const run = () => again.run({}, changed);
  button.addEventListener('click', run, { once: true });
  return [element('p', {}, button)];
}
