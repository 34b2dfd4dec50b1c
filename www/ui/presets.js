// @ts-check
//# allFunctionsCalledOnLoad
/** @import { Options } from '../types.d.ts' */

/**
 * @typedef {Required<Pick<Options,
 *   'outputDelimiter' | 'outputDecimalMark' | 'bom' | 'terminator'>>} Writing
 */

/**
 * How the result is written for the programs that it may go to.
 *
 * @type {{ name: string, text: string, short: string, writing: Writing }[]}
 */
export const presets = [
  {
    name: 'any',
    text: 'Any program',
    short: 'any program',
    writing: {
      outputDelimiter: ',',
      outputDecimalMark: '.',
      bom: false,
      terminator: '\n',
    },
  },
  {
    name: 'excel',
    text: 'Excel',
    short: 'Excel',
    writing: {
      outputDelimiter: ',',
      outputDecimalMark: '.',
      bom: true,
      terminator: '\r\n',
    },
  },
  {
    name: 'europe',
    text: 'Excel in Europe: semicolons, decimal comma',
    short: 'Excel in Europe',
    writing: {
      outputDelimiter: ';',
      outputDecimalMark: ',',
      bom: true,
      terminator: '\r\n',
    },
  },
];
