// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
import { table } from './table.js';
/** @import { Inspection } from '../types.d.ts' */
/** @import { Role } from './job-settings.js' */

/**
 * Shows a file's first records, with what its columns are used for.
 *
 * @param {Inspection} inspection
 * @param {Role[]} roles
 */
export function recordTable(inspection, roles) {
  const { name, columns, records, keys, totals } = inspection;
  if (columns.length === 0) {
    return element('p', { class: 'hint' }, 'There is no record to show.');
  }
  const chosen = [...keys, ...totals];
  return table({
    caption: `First ${format.plural(records.length, 'record')} of ${name}`,
    columns: columns.map((column, index) => ({
      name: column || `Column ${index + 1}`,
      number: totals.includes(index),
      role: roles
        .filter((_, use) => chosen[use] === index)
        .map(({ label }) => format.cut(label, 24))
        .join(' and '),
    })),
    records,
  });
}
