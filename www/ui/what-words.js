// @ts-check
//# allFunctionsCalledOnLoad
import { format } from './format.js';
import { measureNames } from './measure-names.js';
/** @import { JobSettings, Role } from './job-settings.js' */

/**
 * Says what is totalled in a few words.
 *
 * @param {JobSettings} settings
 */
export function whatWords({ keys, totals, places, measures }) {
  const also = measureNames.filter(([measure]) => measures.has(measure));
  return [
    `${list(totals.map(({ label }) => format.cut(label, 30)))} for each ${list(keys.map(key))}`,
    places > 0 && format.plural(places, 'decimal place'),
    also.length > 0 && also.map(([, text]) => text.toLowerCase()).join(', '),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** @param {Role} role */
function key({ label, format: reading }) {
  const name = format.cut(label, 30);
  if (reading?.date) return `${name} (${reading.date})`;
  const { trim, fold, nfc } = reading ?? {};
  const ignored = [trim && 'blanks', fold && 'case', nfc && 'forms of accents'];
  const words = ignored.filter(Boolean).join(', ');
  return words ? `${name} (ignoring ${words})` : name;
}

/** @param {string[]} names */
function list(names) {
  const others = names.slice(0, -1);
  const last = names.at(-1) ?? '';
  return others.length > 0 ? `${others.join(', ')} and ${last}` : last;
}
