// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { encodings } from './encodings.js';

/**
 * Makes the options of a choice among encodings, in their groups.
 *
 * @param {string} [but] the label of one that is not among them
 */
export function encodingGroups(but) {
  return encodings.map(([label, options]) => {
    const some = options.filter(([value]) => value !== but);
    const made = some.map(([value, text]) => {
      return element('option', { value }, text);
    });
    return element('optgroup', { label }, ...made);
  });
}
