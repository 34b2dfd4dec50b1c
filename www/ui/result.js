// @ts-check
//# allFunctionsCalledOnLoad
import { balance } from './balance.js';
import { element } from './element.js';
import { fileTable } from './file-table.js';
import { format } from './format.js';
import { formulas } from './formulas.js';
import { otherEncoding } from './other-encoding.js';
import { problemList } from './problems.js';
import { rejects } from './rejects.js';
import { table } from './table.js';
/** @import { FileSettings, Inspection, Options, Report, Tally } from '../types.d.ts' */

/**
 * How to run a job again: with its options, some of them changed, those of
 * single files too, by their places.
 *
 * @typedef {object} Again
 * @property {Options} options
 * @property {(changes: Options, own?: Record<number, FileSettings>) => void} run
 */

/** The usual record limit, and what a next run multiplies it by. */
const RECORD_LIMIT = 2 ** 20;
const NEXT_LIMIT = 16;

/** What the total is called in the result if the columns are the usual ones. */
const USUAL_TOTAL = 'Total Number of Plays for Date';

/** What is seen of a finished job. */
export class Result {
  /** @type {string[]} */
  #addresses = [];
  #records = element('div', { class: 'result-records' });

  /**
   * @param {HTMLElement} container
   * @param {Tally} tally
   * @param {Again | null} again null if the files are not there any more
   * @param {HTMLElement} [more] shown instead of everything but the downloads
   */
  constructor(container, { csv, rejects: rejectBlob, report }, again, more) {
    const names = report.files.map(({ name }) => name);
    const links = [
      this.#download('Download CSV', csv, fileName(names, 'totals')),
    ];
    links[0]?.classList.add('primary');
    if (rejectBlob) {
      const name = fileName(names, 'rejects');
      links.push(this.#download('Download rejects', rejectBlob, name));
    }
    if (more) {
      const downloads = element('p', { class: 'downloads' }, ...links, more);
      container.append(summary(report), downloads);
      return;
    }
    container.append(
      summary(report),
      howLong(report),
      element('p', { class: 'downloads' }, ...links),
      problemList(report.notices),
      ...higherLimit(report, again),
      ...otherEncoding(report, again),
      ...formulas(report, again),
      element('h4', {}, 'The balance'),
      balance(report),
    );
    if (report.groups > 0) container.append(this.#records);
    if (report.rejected > 0) container.append(rejects(report));
    if (report.files.length > 1) container.append(fileTable(report));
  }

  /**
   * Shows the beginning of the result.
   *
   * @param {Inspection} inspection of the result
   * @param {Tally} tally
   */
  showRecords({ columns, records }, { report, written }) {
    const { groups, totals } = report;
    const shown = records.length;
    const which =
      shown < groups
        ? `First ${format.count(shown)} of ${format.plural(groups, 'record')}`
        : format.plural(groups, 'record');
    const firstTotal = written?.keys ?? placeOfTotals(columns, totals);
    // Numbers for another country's spreadsheet are shown as they stand.
    const isPlain = written?.decimalMark !== ',';
    this.#records.replaceChildren(
      element('h4', {}, 'The result'),
      element('p', { class: 'hint' }, which),
      table({
        caption: `${which} of the result`,
        columns: columns.map((name, index) => {
          return { name, number: index >= firstTotal };
        }),
        records: records.map((record) =>
          record.map((field, index) =>
            index >= firstTotal && isPlain ? format.digits(field) : field,
          ),
        ),
      }),
    );
  }

  /** Frees the downloads; they can't be had any more. */
  close() {
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    this.#addresses = [];
  }

  /**
   * @param {string} text
   * @param {Blob} blob
   * @param {string} download the file's name
   */
  #download(text, blob, download) {
    const href = URL.createObjectURL(blob);
    this.#addresses.push(href);
    return element('a', { class: 'button', href, download }, text);
  }
}

/**
 * Finds where totals begin in a result of an earlier version, which doesn't
 * say how many keys it has: by the name of the first one.
 *
 * @param {string[]} columns
 * @param {Report['totals']} totals
 */
function placeOfTotals(columns, [first]) {
  const names = [USUAL_TOTAL, `Total ${first?.name}`];
  const index = columns.findIndex((name, index) => {
    return index > 0 && names.includes(name);
  });
  return index < 0 ? columns.length : index;
}

/** @param {Report} report */
function summary({ records, groups }) {
  if (records === 0) {
    return element('p', { class: 'summary' }, 'There was no record to add.');
  }
  const from = format.plural(records, 'record');
  const to = element(
    'data',
    { value: groups, 'data-figure': 'groups' },
    format.count(groups),
  );
  const noun = groups === 1 ? ' total' : ' totals';
  return element('p', { class: 'summary' }, `${from} became `, to, noun, '.');
}

/** @param {Report} report */
function howLong({ bytes, seconds, workers }) {
  const text = [
    `Took ${format.duration(seconds)}`,
    format.speed(bytes, seconds),
    format.plural(workers, 'worker'),
  ].join(', ');
  return element('p', { class: 'hint', 'data-figure': 'time' }, `${text}.`);
}

/**
 * Offers a higher record limit if a quote was given up at this one.
 *
 * @param {Report} report
 * @param {Again | null} again
 */
function higherLimit({ notices }, again) {
  if (!notices.some(({ code }) => code === 'quote_limit')) return [];
  if (!again) return [];
  const { recordLimitBytes = RECORD_LIMIT } = again.options;
  const limit = recordLimitBytes * NEXT_LIMIT;
  const text = `Run again with a limit of ${format.size(limit)}`;
  const button = element('button', { type: 'button', class: 'button' }, text);
  const run = () => again.run({ recordLimitBytes: limit });
  button.addEventListener('click', run, { once: true });
  return [element('p', {}, button)];
}

/**
 * Names a download after the one file it came from, or after the day.
 *
 * @param {string[]} names
 * @param {string} what
 */
function fileName(names, what) {
  const [name] = names;
  if (name !== undefined && names.length === 1) {
    return `${name.replace(/\.[^.]{1,4}$/, '')} ${what}.csv`;
  }
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return `playtally ${what} ${day}.csv`;
}
