// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
/** @import { Report } from '../types.d.ts' */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} digits
 * @property {string} figure the name of the figure in `data-figure`
 * @property {'sum' | 'beside'} [kind]
 */

/**
 * Sets out a job's books: what went in against what came out, as an
 * accountant would, each with the word on whether the two are equal.
 *
 * @param {Report} report
 * @returns {HTMLElement}
 */
export function balance(report) {
  return element(
    'div',
    { class: 'balance' },
    recordAccount(report),
    ...report.totals.map(totalAccount),
    byteAccount(report),
  );
}

/** @param {Report} report */
function recordAccount({ records, added, rejected, blank, leftOut = 0 }) {
  return account(
    'Records',
    [
      { name: 'Added', digits: String(added), figure: 'added' },
      { name: 'Rejected', digits: String(rejected), figure: 'rejected' },
      {
        name: 'Records read',
        digits: String(records),
        figure: 'records',
        kind: 'sum',
      },
      {
        name: 'Blank lines, not records',
        digits: String(blank),
        figure: 'blank',
        kind: 'beside',
      },
      ...(leftOut > 0 ? [linesLeftOut(leftOut)] : []),
    ],
    added + rejected === records,
    'Every record is accounted for',
  );
}

/**
 * @param {number} count
 * @returns {Line}
 */
function linesLeftOut(count) {
  const name = 'Lines before the table, left out';
  const digits = String(count);
  return { name, digits, figure: 'left-out', kind: 'beside' };
}

/** @param {Report['totals'][number]} total */
function totalAccount({ name, read, written }) {
  return account(
    name,
    [
      { name: 'In, from the files', digits: read, figure: 'total-read' },
      {
        name: 'Out, in the result',
        digits: written,
        figure: 'total-written',
        kind: 'sum',
      },
    ],
    read === written,
    'What went in came out',
  );
}

/** @param {Report} report */
function byteAccount({ files, bytes }) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const owner = files.length === 1 ? 'Size of the file' : 'Size of the files';
  return account(
    'Bytes',
    [
      { name: owner, digits: String(size), figure: 'size' },
      {
        name: 'Bytes read',
        digits: String(bytes),
        figure: 'bytes',
        kind: 'sum',
      },
    ],
    size === bytes,
    'Read to the last byte',
  );
}

/**
 * @param {string} title
 * @param {Line[]} lines
 * @param {boolean} balanced
 * @param {string} verdict said if it is
 */
function account(title, lines, balanced, verdict) {
  const entries = lines.map(({ name, digits, figure, kind }) => {
    const data = { value: digits, 'data-figure': figure };
    return element(
      'div',
      { class: kind },
      element('dt', {}, name),
      element('dd', {}, element('data', data, ...breakable(digits))),
    );
  });
  return element(
    'section',
    { class: 'account', 'data-balanced': String(balanced) },
    element('h5', {}, title),
    element('dl', {}, ...entries),
    element(
      'p',
      { class: 'verdict' },
      balanced ? verdict : 'This does not balance: don’t use the result',
    ),
  );
}

/**
 * Groups a number's digits so that a long one breaks between groups only.
 *
 * @param {string} digits
 */
function breakable(digits) {
  return format
    .digits(digits)
    .split(/(?<=,)/)
    .flatMap((group) => [group, element('wbr')]);
}
