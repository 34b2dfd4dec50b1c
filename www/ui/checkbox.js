// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { unique } from './unique.js';

/**
 * Makes a checkbox.
 *
 * @param {() => void} onChange
 */
export function checkbox(onChange) {
  const made = element('input', { type: 'checkbox', id: unique('check') });
  made.addEventListener('change', onChange);
  return made;
}
