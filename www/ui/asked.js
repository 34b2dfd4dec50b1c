// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { JobSettings } from './job-settings.js';
import { whatWords } from './what-words.js';
/** @import { Asked, Inspection, KeyFormat, Problem } from '../types.d.ts' */

/** @typedef {{ keys: (number | null)[], totals: (number | null)[] }} Found */

const SAME = 'asked';
const OTHER = 'asked_otherwise';

/** What the job asked for that rejects come from. */
export const asked = {
  /**
   * What was asked of a file, if it can be: whoever mended it may have changed
   * its header.
   *
   * @param {Inspection} inspection
   * @returns {Asked | null}
   */
  of({ asked, columns }) {
    const { keys, totals } = asked ?? {};
    const indices = [...(keys ?? []), ...(totals ?? [])];
    return indices.every((index) => index < columns.length) ? asked : null;
  },

  /**
   * Whether it is what everybody asks for.
   *
   * @param {Asked} before
   */
  isUsual({ keys, totals, currencies, keyFormats, places }) {
    const lists = [currencies, keyFormats];
    return !keys && !totals && places === 0 && lists.flat().length === 0;
  },

  /**
   * Notes what it was, unless it is what everybody asks for, and whether the
   * same is asked now.
   *
   * @param {Inspection} inspection
   * @param {JobSettings} job
   * @returns {Problem[]}
   */
  problems(inspection, job) {
    const before = asked.of(inspection);
    // Currencies are shown, and changed, elsewhere.
    if (!before || asked.isUsual({ ...before, currencies: [] })) return [];
    const then = new JobSettings();
    then.ask(before, inspection.columns);
    const isSame = areSame(before, then, inspection, job);
    const what = whatWords(then);
    const message = isSame
      ? `As in the job that these rejects come from: ${what}. Change that ` +
        'under “What to total”.'
      : `The job that these rejects come from asked for something else: ` +
        `${what}. What is added here is in other groups than its result.`;
    const code = isSame ? SAME : OTHER;
    return [{ code, severity: 'notice', message }];
  },

  /**
   * Offers to ask for the same, if something else is asked for.
   *
   * @param {Problem} problem
   * @param {() => void} onAsk
   */
  offer({ code }, onAsk) {
    if (code !== OTHER) return null;
    const attributes = { type: 'button', class: 'button' };
    const button = element('button', attributes, 'Ask for the same');
    button.addEventListener('click', onAsk);
    return element('p', { class: 'answer' }, button);
  },
};

/**
 * @param {Asked} before
 * @param {JobSettings} then what it comes to
 * @param {Found} found the columns that are used now
 * @param {JobSettings} now
 */
function areSame(before, then, found, now) {
  return (
    then.places === now.places &&
    formats(then) === formats(now) &&
    areIn(before.keys ?? then.keys, found.keys, before.keys !== null) &&
    areIn(before.totals ?? then.totals, found.totals, before.totals !== null)
  );
}

/**
 * Whether columns are used, or as many if they are not known.
 *
 * @param {unknown[]} columns
 * @param {unknown[]} used
 * @param {boolean} areKnown
 */
function areIn(columns, used, areKnown) {
  return (
    columns.length === used.length &&
    (!areKnown || columns.every((column, index) => column === used[index]))
  );
}

/** @param {JobSettings} job */
function formats({ keys }) {
  return keys.map(({ format }) => formatWord(format)).join();
}

/** @param {KeyFormat | null} format */
function formatWord(format) {
  const { trim, fold, nfc, date } = format ?? {};
  return [trim && 'trim', fold && 'fold', nfc && 'nfc', date]
    .filter(Boolean)
    .join(' ');
}
