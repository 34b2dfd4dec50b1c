// @ts-check
import { element } from './element.js';

/** Where files are chosen: the file input and the sample. */
export class Chooser {
  #input;
  #notice;

  /**
   * @param {HTMLElement} container holds the input, the button and the notice
   * @param {object} actions
   * @param {(files: File[]) => void} actions.onFiles
   * @param {() => void} actions.onSample
   */
  constructor(container, { onFiles, onSample }) {
    const sample = container.querySelector('button') ?? element('button');
    this.#input = container.querySelector('input') ?? element('input');
    this.#notice = container.querySelector('#chooser-notice') ?? element('p');
    this.#input.addEventListener('change', () => {
      const files = Array.from(this.#input.files ?? []);
      // Otherwise choosing the same file again would be no change.
      this.#input.value = '';
      if (files.length > 0) onFiles(files);
    });
    sample.addEventListener('click', onSample);
  }

  focus() {
    this.#input.focus();
  }

  /** @param {string} text what was wrong with the choice, or '' */
  notice(text) {
    this.#notice.textContent = text;
    this.#notice.toggleAttribute('hidden', text === '');
  }
}
