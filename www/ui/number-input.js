// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { unique } from './unique.js';

/**
 * Makes a field for a whole number from 1.
 *
 * @param {(value: number | null) => void} onChange given null if it was
 *   emptied
 */
export function numberInput(onChange) {
  const made = element('input', {
    ...{ type: 'number', id: unique('number') },
    ...{ min: 1, step: 1, inputmode: 'numeric' },
  });
  made.addEventListener('change', () => {
    if (made.reportValidity()) onChange(made.value ? made.valueAsNumber : null);
  });
  return made;
}
