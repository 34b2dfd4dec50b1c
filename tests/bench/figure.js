// @ts-check
/** @typedef {'' | '<' | '>'} Sign '<' says that the figure is lower */

/** @type {Record<Sign, Sign>} */
const OPPOSITE = { '': '', '<': '>', '>': '<' };

/**
 * A positive figure, or a bound of one: of a contender that was stopped only
 * bounds are known. Without a value nothing is known.
 */
export class Figure {
  static none = new Figure(NaN);

  /**
   * @param {number} value
   * @param {Sign} [sign]
   */
  constructor(value, sign = '') {
    /** @readonly */
    this.value = value;
    /** @readonly @type {Sign} */
    this.sign = sign;
  }

  /**
   * The largest of those that are known, or a bound that it is below.
   *
   * @param {Figure[]} figures none of which is '>'
   */
  static largest(figures) {
    const [first = Figure.none] = known(figures).reverse();
    return first;
  }

  /**
   * The least of those that are known, or a bound that it is above.
   *
   * @param {Figure[]} figures none of which is '<'
   */
  static least(figures) {
    const [first = Figure.none] = known(figures);
    return first;
  }

  /**
   * This divided by another.
   *
   * @param {Figure} other
   */
  over(other) {
    const signs = new Set([this.sign, OPPOSITE[other.sign]]);
    signs.delete('');
    if (signs.size > 1) return Figure.none;
    const [sign = ''] = signs;
    return new Figure(this.value / other.value, sign);
  }

  /**
   * @param {number} bound
   * @returns {boolean | undefined} undefined if it isn't known
   */
  isAtLeast(bound) {
    if (Number.isNaN(this.value)) return undefined;
    const is = this.value >= bound;
    const settles = this.sign === '' || (this.sign === '>') === is;
    return settles ? is : undefined;
  }

  /**
   * @param {number} bound
   * @returns {boolean | undefined} undefined if it isn't known
   */
  isAtMost(bound) {
    return new Figure(bound).over(this).isAtLeast(1);
  }

  /** Three digits, or all before the point; '' if nothing is known. */
  toString() {
    if (Number.isNaN(this.value)) return '';
    const digits = this.value < 10 ? 2 : this.value < 100 ? 1 : 0;
    return `${this.sign} ${this.value.toFixed(digits)}`.trim();
  }
}

/**
 * Those with a value, in ascending order.
 *
 * @param {Figure[]} figures
 */
function known(figures) {
  return figures
    .filter(({ value }) => !Number.isNaN(value))
    .toSorted((a, b) => a.value - b.value);
}
