// @ts-check
//# allFunctionsCalledOnLoad
import { check } from './check.js';
import { checkbox } from './checkbox.js';
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { field } from './field.js';
import { Fold } from './fold.js';
import { format } from './format.js';
import { measureNames } from './measure-names.js';
import { RoleList } from './role-list.js';
import { whatWords } from './what-words.js';
/** @import { JobSettings } from './job-settings.js' */
/** @import { Column } from './role-list.js' */

const PLACES = Array.from({ length: 19 }, (_, places) => {
  const text = format.plural(places, 'decimal place');
  return /** @type {const} */ ([String(places), text]);
});

/** The panel that says what is totalled, and how. */
export class What {
  #settings;
  #onChange;
  #fold;
  #keys;
  #totals;
  #places = choice([['0', 'Whole numbers'], ...PLACES.slice(1)], () => {
    this.#changePlaces();
  });
  #meanPlaces = choice(PLACES, () => this.#changeMean());
  #meanField = field('Decimal places of the mean', this.#meanPlaces);

  /**
   * @param {HTMLDetailsElement} container
   * @param {JobSettings} settings changed here
   * @param {object} actions
   * @param {() => Column[]} actions.columns those that can be added
   * @param {() => void} actions.onChange called when files have to be
   *   inspected again
   */
  constructor(container, settings, { columns, onChange }) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#fold = new Fold(container, 'What to total');
    const changed = () => this.#changed();
    const [keys, totals] = [element('fieldset'), element('fieldset')];
    this.#keys = new RoleList(keys, 'keys', settings, { columns, changed });
    this.#totals = new RoleList(totals, 'totals', settings, {
      columns,
      changed,
    });
    totals.append(field('Numbers', this.#places));
    container.append(
      element('div', { class: 'panel' }, keys, totals, this.#measures()),
    );
    this.update();
  }

  /** Shows what the files have to offer. */
  update() {
    this.#keys.update();
    this.#totals.update();
    choose(this.#places, String(this.#settings.places));
    choose(this.#meanPlaces, String(this.#settings.meanPlaces));
    this.#meanField.hidden = !this.#settings.measures.has('mean');
    this.#fold.line = whatWords(this.#settings);
  }

  #measures() {
    const boxes = measureNames.map(([measure, text]) => {
      const box = checkbox(() => {
        const { measures } = this.#settings;
        if (box.checked) measures.add(measure);
        else measures.delete(measure);
        this.update();
      });
      return check(text, box);
    });
    return element(
      'fieldset',
      {},
      element('legend', {}, 'And of each'),
      element('div', { class: 'checks' }, ...boxes),
      this.#meanField,
    );
  }

  #changePlaces() {
    this.#settings.places = Number(this.#places.value);
    this.#changed();
  }

  #changeMean() {
    this.#settings.meanPlaces = Number(this.#meanPlaces.value);
    this.update();
  }

  #changed() {
    this.update();
    this.#onChange();
  }
}
