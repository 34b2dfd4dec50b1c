// @ts-check
import { checkbox } from './checkbox.js';
import { check } from './check.js';
import { element } from './element.js';
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
 * Asks how values are to be read that can be read in two ways.
 *
 * @param {Problem} problem
 * @param {Inspection} inspection
 * @param {object} ask
 * @param {boolean} ask.isOne whether it is the only file
 * @param {Decide} ask.onDecide
 * @returns {HTMLElement | null} null if the problem is of another kind
 */
export function doubt({ code }, { examples }, { isOne, onDecide }) {
  if (code === 'ambiguous_dates') {
    return question(examples.dates, dateAnswers, { isOne, onDecide });
  }
  if (code === 'ambiguous_numbers') {
    return question(examples.numbers, numberAnswers, { isOne, onDecide });
  }
  return null;
}

/**
 * @param {string[]} examples
 * @param {(example: string) => Answer[]} answers
 * @param {{ isOne: boolean, onDecide: Decide }} ask
 */
function question([first = ''], answers, { isOne, onDecide }) {
  const everywhere = checkbox(() => {});
  const buttons = answers(first).map((answer) => {
    const attributes = { type: 'button', class: 'button' };
    const button = element('button', attributes, answer.text);
    button.addEventListener('click', () => {
      onDecide(answer, everywhere.checked);
    });
    return button;
  });
  const legend = element('legend', {}, 'What does ');
  legend.append(element('bdi', {}, format.cut(first, 40)), ' mean?');
  return element(
    'fieldset',
    { class: 'doubt' },
    legend,
    ...buttons,
    ...(isOne ? [] : [check('The same in all files that ask', everywhere)]),
  );
}

/**
 * @param {string} example
 * @returns {Answer[]}
 */
function dateAnswers(example) {
  const [, one = '', two = '', year = ''] =
    /(\d{1,2})\D+(\d{1,2})\D+(\d{2,4})/.exec(example) ?? [];
  return [
    {
      text: `${day(one, two, year)}: day first`,
      settings: { dateOrder: 'dmy' },
    },
    {
      text: `${day(two, one, year)}: month first`,
      settings: { dateOrder: 'mdy' },
    },
  ];
}

/**
 * @param {string} day
 * @param {string} month
 * @param {string} year
 */
function day(day, month, year) {
  const name = MONTHS[Number(month) - 1];
  return name ? `${Number(day)} ${name} ${year}` : 'A date';
}

/**
 * @param {string} example
 * @returns {Answer[]}
 */
function numberAnswers(example) {
  const [, whole = '', mark, part = ''] =
    /^\D*(\d{1,3})([.,])(\d{3})\s*$/.exec(example) ?? [];
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
