// @ts-check
import { element } from './element.js';
/** @import { Options } from '../types.d.ts' */
/** @typedef {NonNullable<Options['order']>} Order */

/** @type {[Order, string][]} */
const ORDERS = [
  ['key', 'Song, then date'],
  ['total', 'Most plays first'],
  ['first', 'Songs as they come in the files'],
];

/** In what order the records of the result are to stand. */
export class OrderChoice {
  #select = element('select', { id: 'order', name: 'order' });

  /** @param {HTMLElement} container */
  constructor(container) {
    for (const [value, text] of ORDERS) {
      this.#select.append(element('option', { value }, text));
    }
    container.append(
      element('label', { for: this.#select.id }, 'Order of the result'),
      this.#select,
    );
  }

  /** @returns {Order} */
  get value() {
    return /** @type {Order} */ (this.#select.value);
  }
}
