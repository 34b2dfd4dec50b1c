// @ts-check
//# allFunctionsCalledOnLoad
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { field } from './field.js';
import { format } from './format.js';
/** @import { Inspection } from '../types.d.ts' */
/** @import { Role } from './job-settings.js' */

/** Which columns of one file are used for what. */
export class ColumnFields {
  #container;
  #name;
  #onChange;
  /** @type {Map<Role, HTMLSelectElement>} */
  #selects = new Map();

  /**
   * @param {HTMLFieldSetElement} container
   * @param {string} name of the file
   * @param {(role: Role, index: number) => void} onChange
   */
  constructor(container, name, onChange) {
    this.#container = container;
    this.#name = name;
    this.#onChange = onChange;
  }

  /** Gives the focus to the first column that has to be chosen. */
  focus() {
    const selects = [...this.#selects.values()];
    const wrong = selects.find((select) => !select.value);
    (wrong ?? selects[0])?.focus();
  }

  /**
   * @param {Role[]} roles
   * @param {Inspection} inspection made for these roles
   */
  show(roles, { columns, keys, totals }) {
    this.#build(roles);
    const chosen = [...keys, ...totals];
    roles.forEach((role, index) => {
      const select = this.#selects.get(role);
      if (select) showColumns(select, columns, chosen[index] ?? null);
    });
  }

  /** @param {Role[]} roles */
  #build(roles) {
    const shown = [...this.#selects.keys()];
    if (roles.length === shown.length && roles.every((r, i) => r === shown[i]))
      return;
    this.#selects = new Map(roles.map((role) => [role, this.#select(role)]));
    const legend = element('legend', {}, 'Columns');
    const of = ` of ${this.#name}`;
    legend.append(element('span', { class: 'visually-hidden' }, of));
    const fields = Array.from(this.#selects, ([{ label }, select]) => {
      return field(format.cut(label, 40), select);
    });
    this.#container.replaceChildren(
      legend,
      element('div', { class: 'fields' }, ...fields),
    );
  }

  /** @param {Role} role */
  #select(role) {
    const select = choice([], () => this.#onChange(role, Number(select.value)));
    return select;
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} columns
 * @param {number | null} chosen
 */
function showColumns(select, columns, chosen) {
  const options = columns.map((name, value) => {
    const text = format.cut(name, 60) || `Column ${value + 1}`;
    return element('option', { value }, text);
  });
  const none = element('option', { value: '' }, 'Choose a column');
  none.disabled = true;
  select.replaceChildren(none, ...options);
  choose(select, String(chosen ?? ''));
  select.disabled = columns.length === 0;
  select.ariaInvalid = String(select.value === '' && !select.disabled);
}
