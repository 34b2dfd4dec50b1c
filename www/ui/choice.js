// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { unique } from './unique.js';

/**
 * Makes a select.
 *
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {() => void} onChange
 */
export function choice(options, onChange) {
  const made = element('select', { id: unique('choice') });
  for (const [value, text] of options) {
    made.append(element('option', { value }, text));
  }
  made.addEventListener('change', onChange);
  return made;
}
