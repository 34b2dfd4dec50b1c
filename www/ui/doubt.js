// @ts-check
//# allFunctionsCalledOnLoad
import { checkbox } from './checkbox.js';
import { check } from './check.js';
import { element } from './element.js';
import { formatWords } from './format-words.js';
import { format } from './format.js';
/** @import { FileSettings, Inspection, Problem } from '../types.d.ts' */

/**
 * What the person may say: the settings that follow, and how many decimal
 * places the totals need for it.
 *
 * @typedef {{ text: string, settings: FileSettings, places?: number }} Answer
 */
/** @typedef {(answer: Answer, everywhere: boolean) => void} Decide */

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/**
 * Asks how values are to be read that can be read in two ways, and which
 * currency is to be totalled where there are several.
 *
 * @param {Problem} problem
 * @param {Inspection} inspection
 * @param {object} ask
 * @param {boolean} ask.isOne whether it is the only file
 * @param {Decide} ask.onDecide
 * @returns {HTMLElement | null} null if the problem is of another kind
 */
export function doubt({ code }, inspection, ask) {
  const { dates, orders, numbers } = inspection.examples;
  const [[date = ''], [number = '']] = [dates, numbers];
  switch (code) {
    case 'ambiguous_dates':
      return question(meaning(date), dateAnswers(date, orders), ask);
    case 'ambiguous_numbers':
      return question(meaning(number), numberAnswers(number), ask);
    case 'mixed_currencies':
      return question(
        ['Which is to be totalled?'],
        currencies(inspection),
        ask,
      );
    default:
      return null;
  }
}

/** @param {string} example */
function meaning(example) {
  const shown = element('bdi', {}, format.cut(example, 40));
  return ['What does ', shown, ' mean?'];
}

/**
 * @param {(string | Node)[]} words
 * @param {Answer[]} answers
 * @param {{ isOne: boolean, onDecide: Decide }} ask
 */
function question(words, answers, { isOne, onDecide }) {
  const everywhere = checkbox(() => {});
  const buttons = answers.map((answer) => {
    const attributes = { type: 'button', class: 'button' };
    const button = element('button', attributes, answer.text);
    button.addEventListener('click', () => {
      onDecide(answer, everywhere.checked);
    });
    return button;
  });
  return element(
    'fieldset',
    { class: 'doubt' },
    element('legend', {}, ...words),
    ...buttons,
    ...(isOne ? [] : [check('The same in all files that ask', everywhere)]),
  );
}

/**
 * @param {string} example
 * @param {Inspection['examples']['orders']} orders
 * @returns {Answer[]}
 */
function dateAnswers(example, orders) {
  const [, ...numbers] =
    /(\d{1,2})\D+(\d{1,2})\D+(\d{1,4})/.exec(example) ?? [];
  return orders.map((dateOrder) => {
    const part = (/** @type {string} */ letter) => {
      return numbers[dateOrder.indexOf(letter)] ?? '';
    };
    const shown = day(part('d'), part('m'), part('y'));
    const text = `${shown}: ${formatWords.dateOrder(dateOrder)}`;
    return { text, settings: { dateOrder } };
  });
}

/**
 * @param {string} day
 * @param {string} month
 * @param {string} year
 */
function day(day, month, year) {
  const name = MONTHS[Number(month) - 1];
  return name ? `${Number(day)} ${name} ${wholeYear(year)}` : 'A date';
}

/** @param {string} year of four digits, or two as the engine takes them */
function wholeYear(year) {
  if (year.length > 2) return year;
  return String(Number(year) + (Number(year) < 69 ? 2000 : 1900));
}

/**
 * Offers the currencies of the first column that has several.
 *
 * @param {Inspection} inspection
 * @returns {Answer[]}
 */
function currencies({ currencies, allCurrencies }) {
  const index = allCurrencies.findIndex((all, index) => {
    return all.length > 1 && currencies[index] === '';
  });
  return (allCurrencies[index] ?? []).map((currency) => {
    // Nothing is said of the other columns.
    /** @type {string[]} */
    const currencies = [];
    currencies[index] = currency;
    return { text: currency, settings: { currencies } };
  });
}

/**
 * @param {string} example
 * @returns {Answer[]}
 */
function numberAnswers(example) {
  const [, whole = '', mark, part = ''] =
    /^\D*(\d{1,3})([.,])(\d{3})\D*$/.exec(example) ?? [];
  if (!mark) return [decimals('.', '1.5'), decimals(',', '1,5')];
  const isComma = mark === ',';
  return [
    {
      text: `${format.digits(whole + part)}: the ${isComma ? 'comma' : 'point'} marks thousands`,
      settings: { decimalMark: isComma ? '.' : ',' },
    },
    { ...decimals(isComma ? ',' : '.', `${whole}.${part}`), places: 3 },
  ];
}

/**
 * @param {',' | '.'} mark
 * @param {string} example
 * @returns {Answer}
 */
function decimals(mark, example) {
  const name = mark === ',' ? 'comma' : 'point';
  return {
    text: `${example}: the ${name} marks decimals`,
    settings: { decimalMark: mark },
  };
}
