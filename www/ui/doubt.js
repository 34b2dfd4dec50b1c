// @ts-check
import { checkbox } from './checkbox.js';
import { check } from './check.js';
import { element } from './element.js';
import { format } from './format.js';
/** @import { FileSettings, Inspection, Problem } from '../types.d.ts' */

/** @typedef {(settings: FileSettings, everywhere: boolean) => void} Decide */
/** @typedef {{ text: string, settings: FileSettings }} Answer */

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** How many more examples are shown. */
const MORE = 4;

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
function question([first = '', ...more], answers, { isOne, onDecide }) {
  const everywhere = checkbox(() => {});
  const buttons = answers(first).map(({ text, settings }) => {
    const attributes = { type: 'button', class: 'button' };
    const button = element('button', attributes, text);
    button.addEventListener('click', () => {
      onDecide(settings, everywhere.checked);
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
    ...moreExamples(more),
    ...(isOne ? [] : [check('The same in all files that ask', everywhere)]),
  );
}

/** @param {string[]} examples */
function moreExamples(examples) {
  if (examples.length === 0) return [];
  const some = examples.slice(0, MORE).map((text) => format.cut(text, 40));
  const text = `The file also has ${some.join(', ')}.`;
  return [element('p', { class: 'hint' }, text)];
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
  const mark = /[.,](?=\d+\s*$)/.exec(example)?.[0] === ',' ? ',' : '.';
  const other = mark === ',' ? '.' : ',';
  const [whole = '', part = ''] = example.trim().split(mark);
  const name = mark === ',' ? 'comma' : 'point';
  return [
    {
      text: `${format.digits(whole + part)}: the ${name} marks thousands`,
      settings: { thousandsMark: mark, decimalMark: other },
    },
    {
      text: `${format.digits(`${whole}.${part}`)}: the ${name} marks decimals`,
      settings: { decimalMark: mark, thousandsMark: '' },
    },
  ];
}
