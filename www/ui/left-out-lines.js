// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
/** @import { Inspection } from '../types.d.ts' */

/**
 * Shows the lines before a table that are left out, and offers to say another
 * line on which it begins.
 *
 * @param {Inspection} inspection
 * @param {() => void} onChange called when another is to be said
 */
export function leftOutLines({ preamble, leftOut }, onChange) {
  const attributes = { type: 'button', class: 'link' };
  const button = element('button', attributes, 'Change the line');
  button.addEventListener('click', onChange);
  const rest = leftOut - preamble.length;
  const more = rest > 0 ? [`… and ${format.plural(rest, 'more line')}`] : [];
  return element(
    'div',
    { class: 'answer' },
    element('pre', { class: 'left-out' }, [...preamble, ...more].join('\n')),
    button,
  );
}
