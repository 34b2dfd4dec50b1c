// @ts-check
//# allFunctionsCalledOnLoad

let made = 0;

/**
 * Makes an id that no other element has, so that a label can name its control.
 *
 * @param {string} what
 */
export function unique(what) {
  return `${what}-${(made += 1)}`;
}
