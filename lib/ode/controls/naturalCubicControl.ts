import type {State, VectorSpace} from '../space';
import {expectKnots, type Control} from './control';
import {hermite} from './cubic';
import {spaceOfValues} from './values';

/**
 * The natural cubic spline through the values: twice continuously differentiable, second derivative 0 at both ends.
 * Every value shapes the whole path, so it is *not causal*: never use it where a forecast must not see later values.
 * @param ts `[n]` increasing times, n >= 2
 * @param values `[n]` of shape `[m]` or `[batch, m]`
 * @throws ArgumentError unless times increase and there is a finite value of one shape at each.
 * @reference de Boor 2001, A practical guide to splines, chapter IV. ISBN 978-0-387-95366-3
 */
export function naturalCubicControl<U extends State>(ts: readonly number[], values: readonly U[]): Control<U> {
  expectKnots('naturalCubicControl', ts);
  const space = spaceOfValues('naturalCubicControl', values, ts.length), slopes = naturalSlopes(space, ts, values);
  return hermite('natural-cubic', space, {ts, values, starts: slopes, ends: slopes.slice(1)});
}

/**
 * Slopes at the knots that make the second derivative continuous: a tridiagonal system, solved from top to bottom and
 * back.
 */
function naturalSlopes<U extends State>(space: VectorSpace<U>, ts: readonly number[], values: readonly U[]): U[] {
  const n = ts.length, inverse = (i: number): number => (i < 0 || i > n - 2 ? 0 : 1 / (ts[i + 1] - ts[i]));
  const above: number[] = [], reduced: U[] = [];
  for (let i = 0; i < n; i++) {
    const before = inverse(i - 1), after = inverse(i), pivot = 2 * (before + after) - before * (above[i - 1] ?? 0);
    above.push(after / pivot);
    // Row i reads: before s[i-1] + 2 (before + after) s[i] + after s[i+1] = 3 before^2 (x[i] - x[i-1]) + 3 after^2
    // (x[i+1] - x[i]).
    const near = [Math.max(i - 1, 0), i, Math.min(i + 1, n - 1)].map(j => values[j]);
    const weights = [-3 * before ** 2, 3 * (before ** 2 - after ** 2), 3 * after ** 2];
    reduced.push(space.combine(null, [...weights, -before].map(w => w / pivot), [...near, reduced[i - 1]
      ?? values[0]]));
  }
  const slopes = [...reduced];
  for (let i = n - 2; i >= 0; i--) slopes[i] = space.combine(reduced[i], [-above[i]], [slopes[i + 1]]);
  return slopes;
}
