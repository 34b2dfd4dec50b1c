// @ts-check
//# allFunctionsCalledOnLoad
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { encodingGroups } from './encoding-groups.js';
import { field } from './field.js';
import { format } from './format.js';
/** @import { FileSettings, Report } from '../types.d.ts' */
/** @import { Again } from './result.js' */

/** What such files nearly always are. */
const LIKELIEST = 'windows-1252';

/**
 * Offers to run files again in another encoding in which there are records
 * that aren't UTF-8.
 *
 * @param {Report} report
 * @param {Again | null} again null if the files are not there any more
 */
export function otherEncoding({ notices }, again) {
  const files = notices
    .filter(({ code }) => code === 'bad_encoding')
    .flatMap(({ file }) => file ?? []);
  if (files.length === 0 || !again) return [];
  const select = choice([], () => {});
  select.append(...encodingGroups('utf-8'));
  choose(select, LIKELIEST);
  const attributes = { type: 'button', class: 'button' };
  const button = element('button', attributes, 'Run again in this encoding');
  const run = () => {
    /** @type {[number, FileSettings][]} */
    const own = files.map((file) => [file, { encoding: select.value }]);
    again.run({}, Object.fromEntries(own));
  };
  button.addEventListener('click', run, { once: true });
  const which =
    files.length === 1 ? 'the file' : format.plural(files.length, 'file');
  const line = field(`Read ${which} as`, select);
  return [element('div', { class: 'again' }, line, button)];
}
