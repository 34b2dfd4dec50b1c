// @ts-check
import { element } from './element.js';
import { format } from './format.js';
import { table } from './table.js';
/** @import { Reject, Report } from '../types.d.ts' */

/** Longer raw text is folded away behind its beginning. */
const RAW_LENGTH = 120;

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
      { name: 'Raw text' },
    ],
    records: list.map(({ file, record, line, byte, message, raw }) => [
      file,
      format.count(record),
      format.count(line),
      format.count(byte),
      message,
      rawText(raw),
    ]),
  });
}

/** @param {string} raw */
function rawText(raw) {
  if (raw.length <= RAW_LENGTH) return element('code', {}, raw);
  return element(
    'details',
    { class: 'raw' },
    element('summary', {}, element('code', {}, format.cut(raw, RAW_LENGTH))),
    element('code', {}, raw),
  );
}
