// @ts-check
//# allFunctionsCalledOnLoad
/** @import { Asked, KeyFormat, Options } from '../types.d.ts' */

/**
 * A column that the job asks every file for.
 *
 * @typedef {object} Role
 * @property {string} label what the page calls it
 * @property {string} name what files are searched for, unless one says another
 * @property {KeyFormat | null} format how a key is read; null: as it stands
 */

/** @typedef {'keys' | 'totals'} Use */
/** @typedef {NonNullable<Options['measures']>[number]} Measure */

/** As many keys, and as many totals, as the engine takes. */
const MOST_COLUMNS = 8;

/** What is totalled, and how: the settings that all files of a job share. */
export class JobSettings {
  keys = [role('Song'), role('Date')];
  totals = [role('Plays', 'Number of Plays')];
  #usual = { keys: this.keys, totals: this.totals };
  /** Decimal places of totals. */
  places = 0;
  /** @type {Set<Measure>} */
  measures = new Set();
  /** Decimal places of a mean. */
  meanPlaces = 6;

  /** All columns, keys first. */
  get roles() {
    return [...this.keys, ...this.totals];
  }

  /** The options that decide how fields are read. */
  get reading() {
    /** @type {Options} */
    const options = {};
    const formats = this.keys.map(({ format }) => format);
    if (formats.some((format) => format)) options.keyFormats = formats;
    if (this.places > 0) options.places = this.places;
    return options;
  }

  /** All of it, for the job. */
  get options() {
    const options = this.reading;
    if (this.measures.size > 0) options.measures = [...this.measures];
    if (this.measures.has('mean')) options.meanPlaces = this.meanPlaces;
    return options;
  }

  /** Whether a key is read as a date. */
  get hasDates() {
    return this.keys.some(({ format }) => format?.date);
  }

  /**
   * Whether files are asked for the usual columns.
   *
   * @param {Use} use
   */
  isUsual(use) {
    const [roles, usual] = [this[use], this.#usual[use]];
    return (
      roles.length === usual.length &&
      roles.every((role, index) => role === usual[index])
    );
  }

  /**
   * Asks for what another job asked of a file.
   *
   * @param {Asked} asked
   * @param {string[]} columns of the file
   */
  ask({ keys, totals, keyFormats, places }, columns) {
    this.#ask('keys', keys, columns);
    this.#ask('totals', totals, columns);
    this.keys.forEach((role, index) => {
      role.format = said(keyFormats[index]);
    });
    this.places = places;
  }

  /**
   * Asks for columns, or for the usual ones if there are none. The roles are
   * new, for what was chosen for others doesn't hold for them.
   *
   * @param {Use} use
   * @param {number[] | null} indices
   * @param {string[]} columns
   */
  #ask(use, indices, columns) {
    if (indices) {
      this[use] = indices.map((index) => {
        return role(columns[index]?.trim() || `Column ${index + 1}`);
      });
    } else {
      this[use] = this.#usual[use].map(({ label, name }) => role(label, name));
      this.#usual[use] = this[use];
    }
  }

  /** @param {Use} use */
  canAdd(use) {
    return this[use].length < MOST_COLUMNS;
  }

  /**
   * @param {Use} use
   * @param {string} name of the column
   * @returns {Role}
   */
  add(use, name) {
    const added = role(name.trim(), name);
    this[use] = [...this[use], added];
    return added;
  }

  /**
   * @param {Use} use
   * @param {Role} removed
   */
  remove(use, removed) {
    this[use] = this[use].filter((role) => role !== removed);
  }
}

/**
 * @param {string} label
 * @param {string} [name]
 * @returns {Role}
 */
function role(label, name = label) {
  return { label, name, format: null };
}

/**
 * A format, unless it leaves everything as it stands.
 *
 * @param {KeyFormat} [format]
 */
function said(format) {
  return format && Object.values(format).some(Boolean) ? format : null;
}
