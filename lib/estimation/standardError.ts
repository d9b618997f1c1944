import {expect} from '../errors';
import {expectTimes} from './folds';

/**
 * What rows have to do with each other. `clusters`: rows of one group may depend on each other in any way, groups do
 * not. `time`: dependence fades with the distance in time and is gone at `reach`.
 */
export type Dependence =
  | {readonly kind: 'none'}
  | {readonly kind: 'clusters'; /** `[n]` */ readonly groups: ArrayLike<number>}
  | {
    readonly kind: 'time';
    /** `[n]`, no two equal. */
    readonly times: ArrayLike<number>;
    /** Above 0, in units of `times`. */
    readonly reach: number;
  };

/**
 * Standard error of an estimate whose error is the sum of what single rows contribute. Clusters are weighed by
 * G / (G - 1) for G of them; time by a weight that falls linearly with the distance.
 * @param influence `[n]`: what each row adds to the estimate's error
 * @throws ArgumentError for sizes that differ, fewer than two clusters, or times that are not finite or come twice
 * @reference Liang, Zeger 1986, Longitudinal data analysis using generalized linear models. doi:10.1093/biomet/73.1.13
 * @reference Newey, West 1987, A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
 * covariance matrix. doi:10.2307/1913610
 */
export function standardError(influence: ArrayLike<number>, dependence: Dependence = {kind: 'none'}): number {
  const values = Float64Array.from(influence);
  if (dependence.kind === 'clusters') return clustered(values, dependence.groups);
  if (dependence.kind === 'time') return timed(values, dependence.times, dependence.reach);
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
}

const fn = 'standardError';

function clustered(values: Float64Array, groups: ArrayLike<number>): number {
  const n = values.length, sums = new Map<number, number>();
  expect(groups.length === n, {fn, argument: 'groups', expected: `${n} numbers`, received: groups.length});
  values.forEach((v, i) => sums.set(groups[i], (sums.get(groups[i]) ?? 0) + v));
  const G = sums.size;
  expect(G >= 2, {fn, argument: 'groups', expected: 'of at least two kinds', received: G});
  return Math.sqrt(G / (G - 1) * [...sums.values()].reduce((sum, s) => sum + s * s, 0));
}

function timed(values: Float64Array, times: ArrayLike<number>, reach: number): number {
  const n = values.length;
  expect(times.length === n, {fn, argument: 'times', expected: `${n} numbers`, received: times.length});
  expect(reach > 0 && reach < Infinity, {fn, argument: 'reach', expected: 'finite and above 0', received: reach});
  expectTimes(fn, times);
  const order = Array.from(values.keys()).sort((a, b) => times[a] - times[b]);
  let sum = 0;
  order.forEach((i, a) => {
    sum += values[i] ** 2;
    for (let b = a + 1; b < n && times[order[b]] - times[i] < reach; b++)
      sum += 2 * (1 - (times[order[b]] - times[i]) / reach) * values[i] * values[order[b]];
  });
  return Math.sqrt(Math.max(0, sum));
}
