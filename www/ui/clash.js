// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
/** @import { FilePreview } from './file-preview.js' */

/**
 * Finds the first file that has a column in another currency than a file
 * before it, for they can't be added up together.
 *
 * @param {FilePreview[]} previews
 */
export function clash(previews) {
  /** @type {{ preview: FilePreview, currency: string }[]} */
  const firsts = [];
  for (const preview of previews) {
    for (const [index, { column, currency }] of preview.currencies.entries()) {
      if (!currency) continue;
      const first = (firsts[index] ??= { preview, currency });
      if (first.currency === currency) continue;
      const here = `${format.cut(column, 40)} is in ${currency} in `;
      const there = ` and in ${first.currency} in `;
      const words = [
        ...[here, name(preview), there, name(first.preview)],
        '. Currencies aren’t added up together: leave one file out. ',
        element('button', { type: 'button', class: 'link' }, 'Show'),
      ];
      return { preview, words };
    }
  }
  return null;
}

/** @param {FilePreview} preview */
function name({ chosen }) {
  return element('bdi', {}, format.cut(chosen.name, 40));
}
