// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
/** @import { Inspection, Problem } from '../types.d.ts' */

/** Prices and revenues have two places, and as many as there are to come. */
const FEWEST = 2;

/** As many as the engine takes. */
const MOST = 18;

/** Numbers with decimal places where only whole ones are added up. */
export const decimals = {
  code: 'decimals',

  /**
   * Notes that there are such numbers.
   *
   * @param {Inspection} inspection
   * @param {number} places decimal places that are added up
   * @returns {Problem[]}
   */
  problems({ types, totals, columns, problems }, places) {
    // First it has to be said which numbers have decimal places.
    if (problems.some(({ code }) => code === 'ambiguous_numbers')) return [];
    const index = totals.find((index) => types[index ?? -1] === 'decimal');
    if (places > 0 || index == null) return [];
    const name = format.cut(columns[index] ?? '', 40);
    const message =
      `“${name}” has numbers with decimal places. Records with such numbers ` +
      'will be rejected, for only whole ones are added up.';
    return [{ code: decimals.code, severity: 'notice', message }];
  },

  /**
   * Offers to add up as many places as the first records have.
   *
   * @param {Inspection} inspection
   * @param {(places: number) => void} onPlaces
   */
  offer({ records, totals, decimalMark }, onPlaces) {
    const numbers = records.flatMap((record) => {
      return totals.map((index) => record[index ?? -1] ?? '');
    });
    const most = Math.max(...numbers.map((text) => count(text, decimalMark)));
    const places = Math.min(MOST, Math.max(FEWEST, most));
    const text = `Add up with ${format.plural(places, 'decimal place')}`;
    const button = element('button', { type: 'button', class: 'button' }, text);
    button.addEventListener('click', () => onPlaces(places));
    return element('p', { class: 'answer' }, button);
  },
};

/**
 * Counts the decimal places of a number, whatever stands around it.
 *
 * @param {string} text
 * @param {string} mark
 */
function count(text, mark) {
  const [, places = '', ...more] = text.split(mark);
  const [digits = ''] = /^\d*/.exec(places) ?? [];
  return more.length > 0 ? 0 : digits.length;
}
