// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
import { table } from './table.js';
/** @import { Reject, Report } from '../types.d.ts' */

/** Longer text is folded away behind its beginning. */
const SHOWN_LENGTH = 120;

/** What can be done about rejects, and what spreadsheets do to them. */
const MENDING =
  'To add them after all, download the rejects, mend the column “Raw record” ' +
  'and choose that file here: it gives what is missing from this result. ' +
  'Mend it in a text editor. A spreadsheet may run raw text as a formula if ' +
  'it begins with =, +, - or @, and cuts what is longer than 32,767 ' +
  'characters.';

/**
 * Shows what could not be added: how much for which reason, and the first
 * of it one by one.
 *
 * @param {Report} report with one reject or more
 * @returns {HTMLElement}
 */
export function rejects({ reasons, firstRejects, rejected }) {
  const shown = firstRejects.length;
  const which =
    shown < rejected
      ? `The first ${format.count(shown)} of ${format.plural(rejected, 'rejected record')}`
      : format.plural(rejected, 'rejected record');
  return element(
    'section',
    { class: 'rejects' },
    element('h4', {}, 'Rejected records'),
    element('p', { class: 'hint' }, MENDING),
    table({
      caption: 'Rejected records by reason',
      columns: [{ name: 'Reason' }, { name: 'Records', number: true }],
      records: reasons.map(({ message, count }) => [
        message,
        format.count(count),
      ]),
    }),
    element(
      'details',
      { class: 'fold', open: shown <= 10 },
      element('summary', {}, which),
      rejectTable(which, firstRejects),
    ),
  );
}

/**
 * @param {string} caption
 * @param {Reject[]} list
 */
function rejectTable(caption, list) {
  return table({
    caption,
    columns: [
      { name: 'File' },
      { name: 'Record', number: true },
      { name: 'Line', number: true },
      { name: 'Byte', number: true },
      { name: 'Reason' },
      { name: 'Column' },
      { name: 'Value' },
      { name: 'Raw text' },
    ],
    records: list.map((reject) => [
      reject.file,
      format.count(reject.record),
      format.count(reject.line),
      format.count(reject.byte),
      reject.message,
      reject.column ?? '',
      reject.column === null ? '' : foldedText(reject.value),
      foldedText(reject.raw),
    ]),
  });
}

/** @param {string} text */
function foldedText(text) {
  if (text.length <= SHOWN_LENGTH) return element('code', {}, text);
  return element(
    'details',
    { class: 'raw' },
    element('summary', {}, element('code', {}, format.cut(text, SHOWN_LENGTH))),
    element('code', {}, text),
  );
}
