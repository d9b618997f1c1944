import {expect} from '../errors';

/**
 * Arithmetic mean.
 * @throws ArgumentError when there is no value.
 * @example
 * ```ts
 * import {mean} from './lib';
 * console.log(mean([1, 2, 6]));   // 3
 * ```
 */
export function mean(values: ArrayLike<number>): number {
  expect(values.length > 0, {fn: 'mean', argument: 'values', expected: 'at least one number', received: values});
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Number.isFinite(sum) ? sum / values.length : meanOfParts(values);
}

/** The mean where the sum overflows: each value is divided first. */
function meanOfParts(values: ArrayLike<number>): number {
  let part = 0;
  for (let i = 0; i < values.length; i++) part += values[i] / values.length;
  return part;
}

/** Options of {@link sd}. */
export interface SdOptions {
  /** Subtracted from the count: 1 for the sample's unbiased variance, 0 for the population's. Default 1. */
  readonly ddof?: 0 | 1;
}

/**
 * Standard deviation, in two passes.
 * @throws ArgumentError when `ddof` is neither 0 nor 1, or there are fewer than `1 + ddof` values.
 * @example
 * ```ts
 * import {sd} from './lib';
 * console.log(sd([1, 2, 3]), sd([1, 3], {ddof: 0}));   // 1 1
 * ```
 */
export function sd(values: ArrayLike<number>, {ddof = 1}: SdOptions = {}): number {
  expect(([0, 1] as number[]).includes(ddof), {fn: 'sd', argument: 'ddof', expected: '0 or 1', received: ddof});
  expect(values.length > ddof, {
    fn: 'sd', argument: 'values', expected: `at least ${1 + ddof} numbers`, received: values,
  });
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - ddof));
}

/**
 * The smallest value whose share of the total weight reaches `p` (the inverse of the weighted distribution function).
 * @param values `[n]`, none of them NaN
 * @param weights `[n]`, each >= 0 and finite, not all 0; equal by default
 * @param p in [0, 1]
 * @throws ArgumentError for no values, NaN among them, `p` outside [0, 1], or weights that are negative or all 0.
 */
export function weightedQuantile(values: ArrayLike<number>, p: number, weights?: ArrayLike<number>): number {
  const fn = 'weightedQuantile', n = values.length;
  expect(n > 0, {fn, argument: 'values', expected: 'at least one number', received: values});
  expect(!Array.from(values).some(Number.isNaN), {
    fn, argument: 'values', expected: 'numbers, none of them NaN', received: values,
    remedy: 'A missing value has no rank: leave it out, with its weight.',
  });
  expect(p >= 0 && p <= 1, {fn, argument: 'p', expected: 'in [0, 1]', received: p});
  const w = weights ? Float64Array.from(weights) : new Float64Array(n).fill(1);
  const total = w.reduce((sum, value) => sum + value, 0);
  expect(w.length === n && w.every(value => value >= 0) && total > 0 && total < Infinity, {
    fn, argument: 'weights', expected: `${n} numbers >= 0, not all 0`, received: w,
  });
  const order = Array.from(w.keys()).filter(i => w[i] > 0).sort((i, j) => values[i] - values[j]);
  let sum = 0;
  // Rounding in the running sum must not step over a quantile that falls exactly on a value.
  const found = order.find(i => (sum += w[i]) >= p * total * (1 - 1e-12));
  return values[found ?? order[order.length - 1]];
}
