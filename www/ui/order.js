// @ts-check
//# allFunctionsCalledOnLoad
import { choice } from './choice.js';
import { format } from './format.js';
/** @import { Options } from '../types.d.ts' */
/** @import { JobSettings } from './job-settings.js' */
/** @typedef {NonNullable<Options['order']>} Order */

/** In what order the records of the result are to stand. */
export class OrderChoice {
  /** @readonly */
  select;

  /** @param {() => void} onChange */
  constructor(onChange) {
    /** @type {Order[]} */
    const orders = ['key', 'total', 'first'];
    this.select = choice(
      orders.map((order) => [order, order]),
      onChange,
    );
  }

  /** @returns {Order} */
  get value() {
    return /** @type {Order} */ (this.select.value);
  }

  /** The words for it. */
  get words() {
    return this.select.selectedOptions[0]?.textContent ?? '';
  }

  /** @param {JobSettings} settings whose columns the words are about */
  update({ keys, totals }) {
    const names = keys.map(({ label }) => format.cut(label, 30));
    const [first = ''] = names;
    const total = format.cut(totals[0]?.label ?? '', 30);
    const words = [
      `By ${names.join(', then ')}`,
      `Largest ${total} first`,
      `By ${first} as it comes in the files`,
    ];
    Array.from(this.select.options).forEach((option, index) => {
      option.replaceChildren(words[index] ?? '');
    });
  }
}
