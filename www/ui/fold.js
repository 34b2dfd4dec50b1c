// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';

/** Settings that are folded away behind a line that says what they are. */
export class Fold {
  #line = element('span', { class: 'fold-line' });

  /**
   * @param {HTMLDetailsElement} container
   * @param {string} title
   * @param {string} [of] what else a listener needs to tell it from others
   */
  constructor(container, title, of = '') {
    const name = element('span', { class: 'fold-title' }, title);
    const whose = element('span', { class: 'visually-hidden' }, of);
    container.append(element('summary', {}, name, whose, this.#line));
  }

  /** @param {string} text */
  set line(text) {
    this.#line.textContent = text;
  }
}
