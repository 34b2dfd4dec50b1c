// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';

/** Where files are chosen: the inputs and the sample. */
export class Chooser {
  #input;
  #folder;
  #notice;

  /**
   * @param {HTMLElement} container holds the input, the button and the notice
   * @param {object} actions
   * @param {(files: File[]) => void} actions.onFiles
   * @param {(files: File[]) => void} actions.onFolder called with all files in
   *   a folder
   * @param {() => void} actions.onSample
   */
  constructor(container, { onFiles, onFolder, onSample }) {
    const sample = container.querySelector('#sample') ?? element('button');
    this.#input = input(container, '#files', onFiles);
    this.#folder = input(container, '#folder', onFolder);
    const folder = container.querySelector('#choose-folder');
    folder?.addEventListener('click', () => this.#folder.click());
    this.#notice = container.querySelector('#chooser-notice') ?? element('p');
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

/**
 * @param {HTMLElement} container
 * @param {string} selector
 * @param {(files: File[]) => void} onFiles
 * @returns {HTMLInputElement}
 */
function input(container, selector, onFiles) {
  /** @type {HTMLInputElement} */
  const found = container.querySelector(selector) ?? element('input');
  found.addEventListener('change', () => {
    const files = Array.from(found.files ?? []);
    // Otherwise choosing the same file again would be no change.
    found.value = '';
    if (files.length > 0) onFiles(files);
  });
  return found;
}
