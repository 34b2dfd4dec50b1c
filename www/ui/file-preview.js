// @ts-check
import { element } from './element.js';
import { format } from './format.js';
import { problemList } from './problems.js';
import { table } from './table.js';
/** @import { FileSettings, Inspection, Problem } from '../types.d.ts' */
/** @typedef {FileSettings & { file: File }} FileSource */

const KEYS = ['Song', 'Date'];
const TOTALS = ['Number of Plays'];
/** What the columns are called on the page, keys first. */
const ROLES = ['Song', 'Date', 'Plays'];
const DELIMITERS = [
  [',', 'Comma ,'],
  [';', 'Semicolon ;'],
  ['\t', 'Tab'],
  ['|', 'Pipe |'],
];

let made = 0;

/** One chosen file: its first records, and what its columns are used for. */
export class FilePreview {
  /** @readonly */
  file;
  #container;
  #inspect;
  #onChange;
  /** @type {FileSettings} what the person has set; the rest is found */
  #settings = {};
  /** @type {Inspection | null} null until the latest inspection is there */
  #inspection = null;
  /** @type {Problem[]} */
  #problems = [];
  #busy = true;
  /** The number of the latest inspection; what an earlier one says is stale. */
  #latest = 0;

  #flag = element('span', { class: 'flag' });
  #problemPlace = element('div');
  #recordPlace = element('div');
  #selects = ROLES.map(() => element('select'));
  #delimiter = element('select');
  #header = element('input', { type: 'checkbox' });

  /**
   * @param {HTMLDetailsElement} container
   * @param {File} file
   * @param {object} actions
   * @param {(source: FileSource) => Promise<Inspection>} actions.inspect
   * @param {() => void} actions.onChange called when `problems` may differ
   */
  constructor(container, file, { inspect, onChange }) {
    this.file = file;
    this.#container = container;
    this.#inspect = inspect;
    this.#onChange = onChange;
    this.#build();
    void this.#refresh();
  }

  /** What stands against processing the file, or null before it is known. */
  get errors() {
    if (this.#busy) return null;
    return this.#problems.filter(({ severity }) => severity === 'error');
  }

  /** The file with all its settings, as the preview shows them. */
  get source() {
    /** @type {FileSource} */
    const source = { file: this.file, ...this.#settings };
    const found = this.#inspection;
    if (!found) return source;
    source.delimiter = found.delimiter;
    source.header = found.header;
    // A file without a record has no columns to name.
    if ([...found.keys, ...found.totals].includes(null)) return source;
    source.keys = found.keys.filter((index) => index !== null);
    source.totals = found.totals.filter((index) => index !== null);
    return source;
  }

  /** Brings what has to be set into view. */
  reveal() {
    this.#container.open = true;
    const wrong = this.#selects.find((select) => !select.value);
    (wrong ?? this.#selects[0])?.focus();
  }

  async #refresh() {
    const mine = (this.#latest += 1);
    this.#setBusy(true);
    this.#onChange();
    const source = { file: this.file, ...this.#settings };
    try {
      const inspection = await this.#inspect(source);
      if (mine !== this.#latest) return;
      this.#inspection = inspection;
      this.#problems = inspection.problems;
    } catch (error) {
      if (mine !== this.#latest) return;
      this.#inspection = null;
      this.#problems = [unreadable(error)];
    }
    this.#setBusy(false);
    this.#show();
    this.#onChange();
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    this.#container.setAttribute('aria-busy', String(busy));
  }

  #build() {
    const id = `file-${(made += 1)}`;
    const { name, size } = this.file;
    const title = element('bdi', { class: 'file-name' }, name);
    this.#container.append(
      element(
        'summary',
        {},
        element('h3', {}, title),
        element('span', { class: 'file-size' }, format.size(size)),
        this.#flag,
      ),
      element(
        'div',
        { class: 'file-body' },
        this.#problemPlace,
        element(
          'div',
          { class: 'settings' },
          this.#columnFields(id, name),
          this.#formatFields(id, name),
        ),
        this.#recordPlace,
      ),
    );
    this.#recordPlace.append(
      element('p', { class: 'hint' }, 'Reading the first records…'),
    );
    this.#flag.textContent = 'Reading…';
    for (const [value = '', text = ''] of DELIMITERS) {
      this.#delimiter.append(element('option', { value }, text));
    }
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  #columnFields(id, name) {
    const fields = this.#selects.map((select, index) => {
      select.id = `${id}-${ROLES[index]?.toLowerCase()}`;
      select.name = select.id;
      select.disabled = true;
      select.addEventListener('change', () => this.#changeColumns());
      return labelled(ROLES[index] ?? '', select);
    });
    const legend = element('legend', {}, 'Columns');
    legend.append(element('span', { class: 'visually-hidden' }, ` of ${name}`));
    return element('fieldset', { class: 'columns' }, legend, ...fields);
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  #formatFields(id, name) {
    this.#delimiter.id = `${id}-delimiter`;
    this.#header.id = `${id}-header`;
    this.#delimiter.disabled = true;
    this.#header.disabled = true;
    this.#delimiter.addEventListener('change', () => this.#changeDelimiter());
    this.#header.addEventListener('change', () => this.#changeHeader());
    const legend = element('legend', {}, 'Format');
    legend.append(element('span', { class: 'visually-hidden' }, ` of ${name}`));
    return element(
      'fieldset',
      { class: 'format' },
      legend,
      labelled('Delimiter', this.#delimiter),
      element(
        'p',
        { class: 'check' },
        this.#header,
        element('label', { for: this.#header.id }, 'First record is a header'),
      ),
    );
  }

  #changeColumns() {
    this.#keepColumns();
    void this.#refresh();
  }

  #changeDelimiter() {
    // Another delimiter makes other columns, which have to be found anew.
    const { keys, totals, ...rest } = this.#settings;
    this.#settings = { ...rest, delimiter: this.#delimiter.value };
    void this.#refresh();
  }

  #changeHeader() {
    this.#settings.header = this.#header.checked;
    this.#keepColumns();
    void this.#refresh();
  }

  /** Makes what the selects say the person's own choice. */
  #keepColumns() {
    const chosen = this.#selects.map(({ value }, index) => {
      return value === '' ? ([...KEYS, ...TOTALS][index] ?? '') : Number(value);
    });
    this.#settings.keys = chosen.slice(0, KEYS.length);
    this.#settings.totals = chosen.slice(KEYS.length);
  }

  #show() {
    const errors = this.errors ?? [];
    this.#flag.textContent =
      errors.length > 0 ? format.plural(errors.length, 'problem') : 'Ready';
    this.#container.dataset.state = errors.length > 0 ? 'error' : 'ready';
    if (errors.length > 0) this.#container.open = true;
    this.#problemPlace.replaceChildren(problemList(this.#problems));
    if (!this.#inspection) {
      this.#recordPlace.replaceChildren();
      return;
    }
    this.#showSettings(this.#inspection);
    this.#recordPlace.replaceChildren(this.#recordTable(this.#inspection));
  }

  /** @param {Inspection} inspection */
  #showSettings({ columns, keys, totals, delimiter, header }) {
    const chosen = [...keys, ...totals];
    this.#selects.forEach((select, index) => {
      const options = columns.map((name, value) => {
        const text = format.cut(name, 60) || `Column ${value + 1}`;
        return element('option', { value }, text);
      });
      const none = element('option', { value: '' }, 'Choose a column');
      none.disabled = true;
      select.replaceChildren(none, ...options);
      select.value = String(chosen[index] ?? '');
      select.disabled = columns.length === 0;
      select.ariaInvalid = String(select.value === '' && !select.disabled);
    });
    const known = Array.from(this.#delimiter.options, ({ value }) => value);
    if (!known.includes(delimiter)) {
      const text = `Other: ${delimiter}`;
      this.#delimiter.append(element('option', { value: delimiter }, text));
    }
    this.#delimiter.value = delimiter;
    this.#delimiter.disabled = false;
    this.#header.checked = header;
    this.#header.disabled = false;
  }

  /** @param {Inspection} inspection */
  #recordTable({ name, columns, records, keys, totals }) {
    if (columns.length === 0) {
      return element('p', { class: 'hint' }, 'There is no record to show.');
    }
    const chosen = [...keys, ...totals];
    const first = records.length;
    return table({
      caption: `First ${format.plural(first, 'record')} of ${name}`,
      columns: columns.map((column, index) => ({
        name: column || `Column ${index + 1}`,
        number: totals.includes(index),
        role: ROLES.filter((_, use) => chosen[use] === index).join(' and '),
      })),
      records,
    });
  }
}

/**
 * @param {string} text
 * @param {HTMLSelectElement} control
 */
function labelled(text, control) {
  const label = element('label', { for: control.id }, text);
  return element('p', { class: 'field' }, label, control);
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
function unreadable(error) {
  const message =
    error instanceof Error
      ? error.message
      : 'The file can’t be read. Choose it again.';
  return { code: 'unreadable', severity: 'error', message };
}
