// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';

/**
 * Sets a control under its label.
 *
 * @param {string} text
 * @param {HTMLSelectElement | HTMLInputElement} control with an id
 */
export function field(text, control) {
  const label = element('label', { for: control.id }, text);
  return element('p', { class: 'field' }, label, control);
}
