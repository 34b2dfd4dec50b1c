// @ts-check
/**
 * One contender with one file.
 *
 * @typedef {object} Run
 * @property {string} contender
 * @property {string} data the kind of it
 * @property {number} round from 1
 * @property {number} bytes
 * @property {number} [seconds]
 * @property {string} [problem] why there is no answer
 * @property {boolean} [stopped] whether that is because it took too long
 * @property {string} [wrong] what is wrong with the answer
 * @property {number} base memory before the file was chosen, in megabytes
 * @property {number} peak
 */

const HEAD = [
  '| | MB/s | of reading | Playtally is | peak MB | |',
  '|---|--:|--:|--:|--:|---|',
];

/**
 * Writes the medians as Markdown, a table for each kind of data.
 *
 * @param {Run[]} runs
 * @param {Record<string, string>} names of the contenders
 */
export function tables(runs, names) {
  const kinds = [...new Set(runs.map(({ data }) => data))];
  return kinds
    .map((kind) => {
      const these = runs.filter(({ data }) => data === kind);
      const size = Math.round((these[0]?.bytes ?? 0) / 1e6);
      const lines = Object.entries(names).map(([id, name]) => {
        return line(these, id, name);
      });
      return [`### ${kind}, ${size} MB\n`, ...HEAD, ...lines].join('\n');
    })
    .join('\n\n');
}

/**
 * @param {Run[]} runs of one kind of data
 * @param {string} id
 * @param {string} name
 */
function line(runs, id, name) {
  const own = runs.filter(({ contender }) => contender === id);
  const rate = medianRate(runs, id);
  const cells = [
    name,
    rate.toFixed(rate < 10 ? 1 : 0),
    (rate / medianRate(runs, 'read')).toFixed(2),
    `${(medianRate(runs, 'playtally') / rate).toFixed(2)} × as fast`,
    median(own.map(({ peak }) => peak)).toFixed(0),
    [...new Set(own.map(remark))].join('; '),
  ];
  const known = cells.map((cell) => (cell.startsWith('NaN') ? '' : cell));
  return `| ${known.join(' | ')} |`;
}

/** @param {Run} run */
function remark({ problem, wrong }) {
  return problem ?? (wrong ? `wrong: ${wrong}` : '');
}

/**
 * The median rate of a contender, in MB/s; NaN if it ever gave no answer.
 *
 * @param {Run[]} runs
 * @param {string} id
 */
function medianRate(runs, id) {
  const own = runs.filter(({ contender }) => contender === id);
  const rates = own.map(({ bytes, seconds = NaN }) => bytes / 1e6 / seconds);
  return rates.every(Number.isFinite) ? median(rates) : NaN;
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (low + high) / 2;
}
