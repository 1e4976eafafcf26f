/**
 * The arithmetic of the benchmark: middle, spread, slope. Pure.
 *
 * @module
 */

/** The share of the median over which a series says more of the machine than of the program. */
export const LOADED = 0.3;

/** The middle value; of an even number the mean of the two in the middle. `NaN` of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * How far apart the values are, as a share of the median: what the middle 80 % of them span, so
 * that one outlier of many does not count, and of five nearly everything does.
 */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  if (!(middle > 0)) return 0;
  return (quantile(values, 0.9) - quantile(values, 0.1)) / middle;
}

/** The value below which a share of them lie, between neighbours in proportion. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * The exponent by which a figure grows from one size to the next: 1 is linear, 2 quadratic. It is the
 * slope between two points on paper that is logarithmic both ways.
 */
export function slope(
  from: { readonly size: number; readonly figure: number },
  to: { readonly size: number; readonly figure: number },
): number {
  return Math.log(to.figure / from.figure) / Math.log(to.size / from.size);
}
