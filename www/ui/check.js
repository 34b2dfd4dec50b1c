// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';

/**
 * Sets a checkbox before its label.
 *
 * @param {string} text
 * @param {HTMLInputElement} control with an id
 */
export function check(text, control) {
  const label = element('label', { for: control.id }, text);
  return element('p', { class: 'check' }, control, label);
}
