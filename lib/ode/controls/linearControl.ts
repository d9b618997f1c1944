import type {State} from '../space';
import {expectKnots, intervalOf, type Control} from './control';
import {spaceOfValues} from './values';

/**
 * Straight lines through the values at the knots. Between two observations it looks ahead to the second one.
 * @param ts `[n]` increasing times, n >= 2
 * @param values `[n]` of shape `[m]` or `[batch, m]`
 * @throws ArgumentError unless times increase and there is a finite value of one shape at each.
 */
export function linearControl<U extends State>(ts: readonly number[], values: readonly U[]): Control<U> {
  expectKnots('linearControl', ts);
  return linearThrough('linear', ts, values);
}

/** @internal */
export function linearThrough<U extends State>(
  kind: 'linear' | 'rectilinear', ts: readonly number[], values: readonly U[],
): Control<U> {
  const space = spaceOfValues(`${kind}Control`, values, ts.length), knots = Object.freeze([...ts]);
  return Object.freeze({
    kind, knots,
    on(t0: number, t1: number) {
      const i = intervalOf(knots, t0, t1), ends = [values[i], values[i + 1]], width = knots[i + 1] - knots[i];
      return {
        at: (t: number) => space.combine(null, [(knots[i + 1] - t) / width, (t - knots[i]) / width], ends),
        slope: () => space.combine(null, [-1 / width, 1 / width], ends),
      };
    },
  });
}
