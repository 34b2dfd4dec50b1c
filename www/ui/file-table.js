// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
import { table } from './table.js';
/** @import { FileReport, Report } from '../types.d.ts' */

/**
 * Shows what each file gave to a result.
 *
 * @param {Report} report of several files
 */
export function fileTable({ files, totals, leftOut = 0 }) {
  const caption = 'What each file gave';
  const names = [
    ...['Records', 'Added', 'Rejected', 'Blank lines'],
    ...(leftOut > 0 ? ['Left-out lines'] : []),
    ...totals.map(({ name }) => name),
    'Size',
  ];
  return element(
    'section',
    { class: 'file-table' },
    element('h4', {}, caption),
    table({
      caption,
      columns: [
        { name: 'File' },
        ...names.map((name) => ({ name, number: true })),
      ],
      records: files.map((file) => fields(file, totals.length, leftOut > 0)),
    }),
  );
}

/**
 * @param {FileReport} file
 * @param {number} count of totals
 * @param {boolean} hasLeftOut whether lines of any file are left out
 */
function fields(file, count, hasLeftOut) {
  // Jobs of earlier versions on disk don't say what each file came to.
  const { totals = Array.from({ length: count }, () => '–') } = file;
  return [
    file.name,
    format.count(file.records),
    format.count(file.added),
    format.count(file.rejected),
    format.count(file.blank),
    ...(hasLeftOut ? [format.count(file.leftOut)] : []),
    ...totals.map(format.digits),
    format.size(file.size),
  ];
}
