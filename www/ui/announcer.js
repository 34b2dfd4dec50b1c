// @ts-check
//# allFunctionsCalledOnLoad

/** Tells those who listen to the page what those who see it have seen. */
export class Announcer {
  #container;

  /** @param {HTMLElement} container a polite live region */
  constructor(container) {
    this.#container = container;
  }

  /** @param {string} text a short sentence */
  say(text) {
    this.#container.textContent = text;
  }
}
