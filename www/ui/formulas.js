// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
/** @import { Report } from '../types.d.ts' */
/** @import { Again } from './result.js' */

/**
 * Warns of keys that a spreadsheet would run, and offers to make them
 * harmless.
 *
 * @param {Report} report
 * @param {Again | null} again null if the files are not there any more
 */
export function formulas({ formulas: count = 0 }, again) {
  if (count === 0) return [];
  const isDone = again?.options.neutralise ?? false;
  const button = element('button', { type: 'button', class: 'button' });
  button.append('Process again with apostrophes');
  const run = () => again?.run({ neutralise: true });
  button.addEventListener('click', run, { once: true });
  const line = element(
    'li',
    { 'data-severity': 'notice', 'data-code': 'formulas' },
    element('strong', {}, 'Note: '),
    isDone ? harmless(count) : harmful(count),
    again && !isDone ? element('p', { class: 'answer' }, button) : '',
  );
  return [element('ul', { class: 'problems' }, line)];
}

/** @param {number} count */
function harmful(count) {
  const [begin, them] = count === 1 ? ['begins', 'it'] : ['begin', 'them'];
  return (
    `${format.plural(count, 'key')} ${begin} as a formula does, with =, +, -, ` +
    `@ or a tab. A spreadsheet that opens the result may run ${them}. With an ` +
    'apostrophe before such keys it takes them for text.'
  );
}

/** @param {number} count */
function harmless(count) {
  const keys = format.plural(count, 'key');
  return `${keys} would be run as formulas by a spreadsheet: an apostrophe stands before each.`;
}
