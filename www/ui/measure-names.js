// @ts-check
//# allFunctionsCalledOnLoad
/** @import { Measure } from './job-settings.js' */

/**
 * What can be said of each group beside its totals.
 *
 * @type {[Measure, string][]}
 */
export const measureNames = [
  ['count', 'Number of records'],
  ['min', 'Smallest'],
  ['max', 'Largest'],
  ['mean', 'Mean'],
];
