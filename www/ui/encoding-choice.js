// @ts-check
//# allFunctionsCalledOnLoad
import { choice, choose } from './choice.js';
import { encodingGroups } from './encoding-groups.js';
/** @import { Inspection } from '../types.d.ts' */

/** In what encoding a file is: the one found, or any other. */
export class EncodingChoice {
  /** @readonly */
  select;

  /** @param {(encoding: string) => void} onChange */
  constructor(onChange) {
    this.select = choice([['auto', 'As found']], () => {
      onChange(this.select.value);
    });
    this.select.append(...encodingGroups());
  }

  /**
   * @param {Inspection} found
   * @param {string} [value] what was said, if it was
   */
  show({ encoding, encodingGuessed }, value = 'auto') {
    const [first] = this.select.options;
    // What was found stays there to go back to.
    if (first && value === 'auto' && encoding) {
      const how = encodingGuessed ? 'guessed' : 'detected';
      first.textContent = `${encoding} (${how})`;
    }
    choose(this.select, value);
  }
}
