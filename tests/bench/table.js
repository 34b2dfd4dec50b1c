// @ts-check
/** @import { Contender } from './contenders.js' */
/** @import { Results } from './results.js' */

const HEAD = [
  '| | MB/s | ÷ read limit | Playtally ÷ this | peak MB | this peak ÷ Playtally’s | |',
  '|---|--:|--:|--:|--:|--:|---|',
];

/**
 * Writes the medians as Markdown, a table for each match.
 *
 * @param {Results} results
 * @param {Map<string, Contender>} contenders
 */
export function tables(results, contenders) {
  return results.matches
    .map((match) => {
      const lines = results.contenders(match).map((id) => {
        return line(results, match, id, contenders.get(id)?.name ?? id);
      });
      return [`### ${results.title(match)}\n`, ...HEAD, ...lines].join('\n');
    })
    .join('\n\n');
}

/**
 * @param {Results} results
 * @param {string} match
 * @param {string} id
 * @param {string} name
 */
function line(results, match, id, name) {
  const own = results.of(match, id);
  const playtally = results.of(match, 'playtally');
  const read = results.of(match, 'read');
  const cells = [
    name,
    own.rate,
    own.rate.over(read.rate),
    playtally.rate.over(own.rate),
    own.peak,
    own.peak.over(playtally.peak),
    own.remarks.join('; '),
  ];
  return `| ${cells.join(' | ')} |`;
}
