// @ts-check
//# allFunctionsCalledOnLoad
import { check } from './check.js';
import { checkbox } from './checkbox.js';
import { choice, choose } from './choice.js';
import { element } from './element.js';
import { field } from './field.js';
import { Fold } from './fold.js';
import { OrderChoice } from './order.js';
import { presets } from './presets.js';
/** @import { Options } from '../types.d.ts' */
/** @import { JobSettings } from './job-settings.js' */
/** @import { Writing } from './presets.js' */

/** @type {(readonly [string, string])[]} */
const PRESETS = [
  ...presets.map(({ name, text }) => /** @type {const} */ ([name, text])),
  ['own', 'As set here'],
];

/** The panel that says how the result is written. */
export class ResultChoice {
  #fold;
  #order = new OrderChoice(() => this.#update());
  #preset = choice(PRESETS, () => this.#takePreset());
  #delimiter = choice(
    [
      [',', 'Comma'],
      [';', 'Semicolon'],
      ['\t', 'Tab'],
      ['|', 'Pipe'],
    ],
    () => this.#update(),
  );
  #decimal = choice(
    [
      ['.', 'Point: 1.5'],
      [',', 'Comma: 1,5'],
    ],
    () => this.#update(),
  );
  #bom = checkbox(() => this.#update());
  #crlf = checkbox(() => this.#update());
  #neutralise = checkbox(() => this.#update());
  #stop = checkbox(() => this.#update());

  /** @param {HTMLDetailsElement} container */
  constructor(container) {
    this.#fold = new Fold(container, 'The result');
    this.#order.select.name = 'order';
    container.append(
      element('div', { class: 'panel' }, this.#usual(), this.#rare()),
    );
    this.#takePreset();
  }

  /** @param {JobSettings} settings whose columns the words are about */
  update(settings) {
    this.#order.update(settings);
    this.#update();
  }

  /** @returns {Options} only what is not the default */
  get options() {
    /** @type {Options} */
    const options = { order: this.#order.value };
    if (this.#preset.value !== 'any') Object.assign(options, this.#writing);
    if (this.#neutralise.checked) options.neutralise = true;
    if (this.#stop.checked) options.onReject = 'stop';
    return options;
  }

  #usual() {
    return element(
      'fieldset',
      { class: 'fields' },
      element('legend', { class: 'visually-hidden' }, 'How it is written'),
      field('Order of the result', this.#order.select),
      field('Result for', this.#preset),
      field('Between fields', this.#delimiter),
      field('Decimal mark of the result', this.#decimal),
    );
  }

  #rare() {
    return element(
      'fieldset',
      { class: 'checks long' },
      element(
        'legend',
        { class: 'visually-hidden' },
        'More of how it is written',
      ),
      check('Begins with a byte order mark', this.#bom),
      check('Lines end in CR LF', this.#crlf),
      check(
        'An apostrophe before keys that a spreadsheet would run as formulas',
        this.#neutralise,
      ),
      check('Stop at the first record that can’t be used', this.#stop),
    );
  }

  /** @returns {Writing} */
  get #writing() {
    return /** @type {Writing} */ ({
      outputDelimiter: this.#delimiter.value,
      outputDecimalMark: this.#decimal.value,
      bom: this.#bom.checked,
      terminator: this.#crlf.checked ? '\r\n' : '\n',
    });
  }

  #takePreset() {
    const preset = presets.find(({ name }) => name === this.#preset.value);
    if (preset) {
      const { writing } = preset;
      choose(this.#delimiter, writing.outputDelimiter);
      choose(this.#decimal, writing.outputDecimalMark);
      this.#bom.checked = writing.bom;
      this.#crlf.checked = writing.terminator === '\r\n';
    }
    this.#update();
  }

  #update() {
    const now = JSON.stringify(this.#writing);
    const preset = presets.find(({ writing }) => {
      return JSON.stringify(writing) === now;
    });
    choose(this.#preset, preset?.name ?? 'own');
    this.#fold.line = [
      this.#order.words,
      preset ? `for ${preset.short}` : 'written as set',
      this.#neutralise.checked && 'formulas made harmless',
      this.#stop.checked && 'stops at the first reject',
    ]
      .filter(Boolean)
      .join(' · ');
  }
}
