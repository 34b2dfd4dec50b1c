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

/**
 * Chooses an option, unless it is chosen already: the browser takes that for a
 * change too, and looks through all fields of the page, which takes
 * milliseconds.
 *
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
export function choose(select, value) {
  const isChosen = select.selectedOptions[0]?.value === value;
  if (select.length > 0 && !isChosen) select.value = value;
}
