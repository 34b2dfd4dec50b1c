// @ts-check
//# allFunctionsCalledOnLoad
import { check } from './check.js';
import { checkbox } from './checkbox.js';
import { choice, choose } from './choice.js';
import { CurrencyFields } from './currency-fields.js';
import { element } from './element.js';
import { EncodingChoice } from './encoding-choice.js';
import { field } from './field.js';
import { Fold } from './fold.js';
import { formatWords } from './format-words.js';
import { numberInput } from './number-input.js';
/** @import { FileSettings, Inspection } from '../types.d.ts' */

/** @typedef {{ numbers: boolean, dates: boolean }} Matters */

const FOUND = /** @type {const} */ (['auto', 'As found']);

/** How one file is written: what was found, and what the person says. */
export class FormatFields {
  #fold;
  #delimiter = choice(formatWords.delimiters, () => {
    this.#onChange({ delimiter: this.#delimiter.value });
  });
  #encoding = new EncodingChoice((encoding) => this.#onChange({ encoding }));
  #header = checkbox(() => this.#onChange({ header: this.#header.checked }));
  #firstLine = numberInput((line) => {
    this.#onChange({ firstLine: line ?? 'auto' });
  });
  #decimal = choice([FOUND, ['.', 'Point: 1.5'], [',', 'Comma: 1,5']], () =>
    this.#changeMarks(this.#decimal, this.#thousands),
  );
  #thousands = choice(
    [
      FOUND,
      ['', 'None: 1000'],
      [',', 'Comma: 1,000'],
      ['.', 'Point: 1.000'],
      [' ', 'Space: 1 000'],
      ["'", 'Apostrophe: 1’000'],
    ],
    () => this.#changeMarks(this.#thousands, this.#decimal),
  );
  #dates = choice(
    [
      FOUND,
      ['ymd', 'Year first: 2024-03-04'],
      ['dmy', 'Day first: 04/03/2024'],
      ['mdy', 'Month first: 03/04/2024'],
      ['serial', 'Spreadsheet days: 45355'],
    ],
    () => this.#changeDates(),
  );
  #brackets = choice(
    [FOUND, ['true', 'Negative: (5) is −5'], ['false', 'No number']],
    () => this.#changeBrackets(),
  );
  #currencies = new CurrencyFields((changes) => this.#onChange(changes));
  #numberFields = [
    field('Decimal mark', this.#decimal),
    field('Thousands mark', this.#thousands),
    field('Brackets', this.#brackets),
    this.#currencies.place,
  ];
  #dateField = field('Order of dates', this.#dates);
  #onChange;
  #container;

  /**
   * @param {HTMLDetailsElement} container
   * @param {string} name of the file
   * @param {(changes: FileSettings) => void} onChange
   */
  constructor(container, name, onChange) {
    this.#onChange = onChange;
    this.#container = container;
    this.#fold = new Fold(container, 'Format', ` of ${name}`);
    container.append(
      element(
        'div',
        { class: 'fields' },
        field('Delimiter', this.#delimiter),
        field('Encoding', this.#encoding.select),
        field('Table begins on line', this.#firstLine),
        ...this.#numberFields,
        this.#dateField,
        check('First record is a header', this.#header),
      ),
    );
  }

  /**
   * @param {Inspection} found
   * @param {FileSettings} settings what the person said
   * @param {Matters} matters
   */
  show(found, settings, matters) {
    this.#fold.line = formatWords.line(found, matters);
    this.#showDelimiter(found.delimiter);
    this.#encoding.show(found, settings.encoding);
    this.#header.checked = found.header;
    this.#firstLine.value = String(found.firstLine);
    this.#showMarks(found, settings);
    this.#currencies.show(found, settings.currencies ?? []);
    for (const line of this.#numberFields) line.hidden = !matters.numbers;
    this.#dateField.hidden = !matters.dates;
  }

  /** Lets the person say on which line the table begins. */
  askFirstLine() {
    this.#container.open = true;
    this.#firstLine.focus();
    this.#firstLine.select();
  }

  /** @param {string} delimiter */
  #showDelimiter(delimiter) {
    const select = this.#delimiter;
    const known = Array.from(select.options, ({ value }) => value);
    if (!known.includes(delimiter)) {
      const text = formatWords.delimiter(delimiter);
      select.append(element('option', { value: delimiter }, text));
    }
    choose(select, delimiter);
  }

  /**
   * @param {Inspection} found
   * @param {FileSettings} settings
   */
  #showMarks(found, settings) {
    const { decimalMark, thousandsMark, brackets, dateOrder } = found;
    const { mark, dateOrder: order } = formatWords;
    const said = settings.brackets?.toString();
    show(this.#brackets, said, brackets ? 'negative' : 'none');
    show(this.#decimal, settings.decimalMark, mark(decimalMark));
    show(this.#thousands, settings.thousandsMark, mark(thousandsMark));
    show(this.#dates, settings.dateOrder, order(dateOrder));
  }

  /**
   * Takes a mark, and back the other one if it was the same.
   *
   * @param {HTMLSelectElement} changed
   * @param {HTMLSelectElement} other
   */
  #changeMarks(changed, other) {
    if (changed.value === other.value) other.value = 'auto';
    this.#onChange(
      /** @type {FileSettings} */ ({
        decimalMark: this.#decimal.value,
        thousandsMark: this.#thousands.value,
      }),
    );
  }

  #changeBrackets() {
    const { value } = this.#brackets;
    this.#onChange({ brackets: value === 'auto' ? value : value === 'true' });
  }

  #changeDates() {
    const dateOrder = this.#dates.value;
    this.#onChange(/** @type {FileSettings} */ ({ dateOrder }));
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string | undefined} said by the person, if anything was
 * @param {string} found in words
 */
function show(select, said, found) {
  const [first] = select.options;
  if (first) first.textContent = said ? 'As found' : `As found: ${found}`;
  choose(select, said ?? 'auto');
}
