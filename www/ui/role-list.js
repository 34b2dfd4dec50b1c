// @ts-check
//# allFunctionsCalledOnLoad
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { format } from './format.js';
import { KeyReading } from './key-reading.js';
/** @import { Inspection } from '../types.d.ts' */
/** @import { JobSettings, Role, Use } from './job-settings.js' */

/** @typedef {{ name: string, type: Inspection['types'][number] }} Column */

const WORDS = {
  keys: { legend: 'One total for each', add: 'Add a key' },
  totals: { legend: 'Add up', add: 'Add a total' },
};

/** The columns that are keys, or those that are totalled. */
export class RoleList {
  #container;
  #use;
  #settings;
  #columns;
  #changed;
  /** @type {Map<Role, HTMLElement>} */
  #lines = new Map();
  #list = element('ul', { class: 'roles' });
  #more = choice([], () => {});
  #add = element('button', { type: 'button', class: 'button' }, 'Add');
  #adding;

  /**
   * @param {HTMLElement} container
   * @param {Use} use
   * @param {JobSettings} settings changed here
   * @param {object} actions
   * @param {() => Column[]} actions.columns those that can be added
   * @param {() => void} actions.changed
   */
  constructor(container, use, settings, { columns, changed }) {
    this.#container = container;
    this.#use = use;
    this.#settings = settings;
    this.#columns = columns;
    this.#changed = changed;
    const { legend, add } = WORDS[use];
    this.#more.ariaLabel = `${add}: column`;
    this.#add.ariaLabel = add;
    this.#add.addEventListener('click', () => this.#addRole());
    this.#adding = element('p', { class: 'adding' }, this.#more, this.#add);
    container.append(element('legend', {}, legend), this.#list, this.#adding);
  }

  /** Shows the roles there are, and the columns that can be added. */
  update() {
    const roles = this.#settings[this.#use];
    for (const [role, line] of this.#lines) {
      if (roles.includes(role)) continue;
      this.#lines.delete(role);
      line.remove();
    }
    for (const role of roles) {
      if (!this.#lines.has(role)) this.#addLine(role);
    }
    for (const button of this.#list.querySelectorAll('button')) {
      button.disabled = roles.length === 1;
    }
    this.#offer();
  }

  #offer() {
    const columns = this.#columns();
    const before = this.#more.value;
    const options = columns.map(({ name }) => {
      return element('option', { value: name }, format.cut(name, 60));
    });
    this.#more.replaceChildren(...options);
    const names = columns.map(({ name }) => name);
    choose(this.#more, names.includes(before) ? before : this.#likeliest());
    const isNone = columns.length === 0;
    this.#adding.hidden = isNone || !this.#settings.canAdd(this.#use);
  }

  /** The first column that looks as if it were of this use. */
  #likeliest() {
    const columns = this.#columns();
    const isTotal = this.#use === 'totals';
    const fits = columns.find(({ type }) => {
      return (type === 'integer' || type === 'decimal') === isTotal;
    });
    return (fits ?? columns[0])?.name ?? '';
  }

  #addRole() {
    const role = this.#settings.add(this.#use, this.#more.value);
    this.#changed();
    this.#lines.get(role)?.querySelector('button')?.focus();
  }

  /** @param {Role} role */
  #addLine(role) {
    const name = format.cut(role.label, 40);
    const remove = element('button', { type: 'button', class: 'link' });
    remove.append('Remove');
    remove.ariaLabel = `Remove ${name}`;
    remove.addEventListener('click', () => this.#remove(role));
    const line = element(
      'li',
      {},
      element('bdi', { class: 'role-name' }, name),
      remove,
    );
    if (this.#use === 'keys') {
      const reading = element('div', { class: 'reading' });
      new KeyReading(reading, role, this.#changed);
      remove.before(reading);
    }
    this.#lines.set(role, line);
    this.#list.append(line);
  }

  /** @param {Role} role */
  #remove(role) {
    this.#settings.remove(this.#use, role);
    this.#changed();
    // The button that had the focus has gone.
    const button = this.#container.querySelector('button:enabled');
    if (button instanceof HTMLElement) button.focus();
  }
}
