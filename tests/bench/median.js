// @ts-check
/**
 * The middle one, or the mean of the two in the middle; NaN if there are none
 * or one of them is NaN.
 *
 * @param {number[]} numbers
 */
export function median(numbers) {
  if (numbers.some(Number.isNaN)) return NaN;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = NaN, high = NaN] = [
    sorted[Math.floor(middle)],
    sorted[Math.ceil(middle)],
  ];
  return (low + high) / 2;
}
