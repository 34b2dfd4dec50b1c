// @ts-check
//# allFunctionsCalledOnLoad
import { check } from './check.js';
import { checkbox } from './checkbox.js';
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { format } from './format.js';
/** @import { KeyFormat } from '../types.d.ts' */
/** @import { Role } from './job-settings.js' */

/** @type {[string, string][]} */
const WAYS = [
  ['plain', 'As it stands'],
  ['text', 'Ignoring case and blanks'],
  ['day', 'As a date, by day'],
  ['week', 'As a date, by week'],
  ['month', 'As a date, by month'],
  ['year', 'As a date, by year'],
];

/** @type {KeyFormat} what is offered first of what can be ignored */
const ALL = { trim: true, fold: true, nfc: true };

/** How the fields of a key column are read. */
export class KeyReading {
  #role;
  #onChange;
  #way = choice(WAYS, () => this.#change());
  #trim = checkbox(() => this.#change());
  #fold = checkbox(() => this.#change());
  #nfc = checkbox(() => this.#change());
  #details;

  /**
   * @param {HTMLElement} container
   * @param {Role} role changed here
   * @param {() => void} onChange
   */
  constructor(container, role, onChange) {
    this.#role = role;
    this.#onChange = onChange;
    this.#way.ariaLabel = `How ${format.cut(role.label, 40)} is read`;
    this.#show(role.format);
    this.#details = element(
      'div',
      { class: 'reading-details', hidden: this.#way.value !== 'text' },
      check('Blanks at either end don’t count', this.#trim),
      check('Capitals are as small letters', this.#fold),
      check('Accents are alike, however encoded', this.#nfc),
    );
    container.append(this.#way, this.#details);
  }

  /** @param {KeyFormat | null} format */
  #show(format) {
    choose(this.#way, format?.date ?? (format ? 'text' : 'plain'));
    const { trim, fold, nfc } = format?.date || !format ? ALL : format;
    this.#trim.checked = trim === true;
    this.#fold.checked = fold === true;
    this.#nfc.checked = nfc === true;
  }

  #change() {
    this.#details.hidden = this.#way.value !== 'text';
    this.#role.format = this.#format;
    this.#onChange();
  }

  /** @returns {KeyFormat | null} */
  get #format() {
    const way = this.#way.value;
    if (way === 'plain') return null;
    if (way !== 'text') {
      return { date: /** @type {KeyFormat['date']} */ (way) };
    }
    const format = {
      trim: this.#trim.checked,
      fold: this.#fold.checked,
      nfc: this.#nfc.checked,
    };
    return Object.values(format).includes(true) ? format : null;
  }
}
