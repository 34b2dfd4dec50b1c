// @ts-check
//# allFunctionsCalledOnLoad
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { field } from './field.js';
import { format } from './format.js';
/** @import { FileSettings, Inspection } from '../types.d.ts' */

/** Currencies that are offered where none of them was found. */
const USUAL = ['$', '€', '£', 'USD', 'EUR', 'GBP'];

/** For each column to total the choice of its currency. */
export class CurrencyFields {
  /** @readonly */
  place = element('div', { class: 'more-fields' });
  /** @type {HTMLSelectElement[]} */
  #selects = [];
  #onChange;

  /** @param {(changes: FileSettings) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * @param {Inspection} found
   * @param {string[]} said for each column, `'auto'` if nothing was
   */
  show({ currencies, allCurrencies, columns, totals }, said) {
    // Those that are there stay, for one of them may have the focus.
    while (this.#selects.length < currencies.length) this.#add();
    while (this.#selects.length > currencies.length) this.#remove();
    for (const [index, select] of this.#selects.entries()) {
      const own = said[index] ?? 'auto';
      const found = own === 'auto' ? currencies[index] || 'none' : '';
      offer(select, found, [...(allCurrencies[index] ?? []), own, ...USUAL]);
      choose(select, own);
      const name = format.cut(columns[totals[index] ?? -1] ?? '', 40);
      const [label] = select.labels ?? [];
      if (label) label.textContent = `Currency of ${name}`;
    }
  }

  #add() {
    const select = choice([], () => {
      const currencies = this.#selects.map(({ value }) => value);
      this.#onChange({ currencies });
    });
    this.#selects.push(select);
    this.place.append(field('Currency', select));
  }

  #remove() {
    this.#selects.pop();
    this.place.lastChild?.remove();
  }
}

/**
 * Fills a choice.
 *
 * @param {HTMLSelectElement} select
 * @param {string} found in words, or '' if something else was said
 * @param {string[]} currencies
 */
function offer(select, found, currencies) {
  const others = new Set(
    currencies.filter((currency) => {
      return currency !== '' && currency !== 'auto';
    }),
  );
  select.replaceChildren(
    element(
      'option',
      { value: 'auto' },
      found ? `As found: ${found}` : 'As found',
    ),
    element('option', { value: '' }, 'None'),
    ...Array.from(others, (value) => element('option', { value }, value)),
  );
}
