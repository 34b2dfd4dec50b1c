// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
/** @import { Problem } from '../types.d.ts' */

/**
 * Lists what a person should know about a file or a job, errors first.
 *
 * @param {Problem[]} problems
 * @param {(problem: Problem) => Node | null} [answer] what to do about one
 * @returns {HTMLUListElement}
 */
export function problemList(problems, answer) {
  const items = [...problems]
    .sort((a, b) => rank(a) - rank(b))
    .map((problem) => {
      const word = problem.severity === 'error' ? 'Error' : 'Note';
      return element(
        'li',
        { 'data-severity': problem.severity, 'data-code': problem.code },
        element('strong', {}, `${word}: `),
        problem.message,
        answer?.(problem) ?? '',
      );
    });
  return element('ul', { class: 'problems', hidden: !items.length }, ...items);
}

/** @param {Problem} problem */
function rank(problem) {
  return problem.severity === 'error' ? 0 : 1;
}
