// @ts-check
//# allFunctionsCalledOnLoad
import { format } from './format.js';
/** @import { FileSettings, Inspection } from '../types.d.ts' */

/** @type {readonly (readonly [string, string])[]} */
const DELIMITERS = [
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['\t', 'Tab'],
  ['|', 'Pipe'],
  [':', 'Colon'],
  [' ', 'Space'],
  ['~', 'Tilde'],
  ['^', 'Caret'],
  ['\u0001', 'Control-A'],
];

/** @type {Record<string, string>} */
const MARKS = {
  '': 'none',
  '.': 'point',
  ',': 'comma',
  ' ': 'space',
  "'": 'apostrophe',
};

/** @type {Record<string, string>} */
const DATE_ORDERS = {
  ymd: 'year first',
  dmy: 'day first',
  mdy: 'month first',
  serial: 'spreadsheet days',
};

/** @type {Record<string, string>} */
const TERMINATORS = { '\n': 'LF', '\r\n': 'CR LF', '\r': 'CR' };

/** The words for how files are written. */
export const formatWords = {
  delimiters: DELIMITERS,

  /** @param {string} delimiter */
  delimiter(delimiter) {
    const known = DELIMITERS.find(([value]) => value === delimiter);
    return known?.[1] ?? `Other: ${delimiter}`;
  },

  /** @param {string} mark */
  mark(mark) {
    return MARKS[mark] ?? mark;
  },

  /** @param {Inspection['dateOrder']} order */
  dateOrder(order) {
    return (order && DATE_ORDERS[order]) ?? 'not known';
  },

  /**
   * Says in one line how a file is written.
   *
   * @param {Inspection} inspection
   * @param {object} matters
   * @param {boolean} matters.numbers whether the marks of numbers, their
   *   currencies and brackets do
   * @param {boolean} matters.dates whether the order of dates does
   */
  line(inspection, { numbers, dates }) {
    const { encoding, encodingGuessed, bom, header, terminator } = inspection;
    const { decimalMark, thousandsMark, dateOrder } = inspection;
    const { firstLine, leftOut } = inspection;
    const currencies = [...new Set(inspection.currencies)].filter(Boolean);
    return [
      formatWords.delimiter(inspection.delimiter),
      encodingGuessed ? `${encoding} (guessed)` : encoding,
      bom && 'byte order mark',
      header ? 'header' : 'no header',
      leftOut > 0 && `from line ${format.count(firstLine)}`,
      terminator && TERMINATORS[terminator],
      numbers && `decimal ${formatWords.mark(decimalMark)}`,
      numbers &&
        thousandsMark &&
        `${formatWords.mark(thousandsMark)} for thousands`,
      numbers && currencies.length > 0 && `amounts in ${currencies.join(', ')}`,
      numbers && inspection.brackets && '(5) is −5',
      dates && `dates ${formatWords.dateOrder(dateOrder)}`,
    ]
      .filter(Boolean)
      .join(' · ');
  },
};
