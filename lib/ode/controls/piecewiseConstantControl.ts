import type {State} from '../space';
import {expectKnots, intervalOf, type Control} from './control';
import {spaceOfValues} from './values';

/**
 * The control that is `values[i]` on (ts[i], ts[i+1]]: a treatment plan. Solvers end a step at every jump, so no step
 * sees two values.
 * @param ts `[n + 1]` increasing bounds
 * @param values `[n]` of shape `[m]` or `[batch, m]`
 * @throws ArgumentError unless times increase and there is a finite value of one shape for each interval.
 */
export function piecewiseConstantControl<U extends State>(ts: readonly number[], values: readonly U[]): Control<U> {
  const fn = 'piecewiseConstantControl';
  expectKnots(fn, ts);
  const space = spaceOfValues(fn, values, ts.length - 1), knots = Object.freeze([...ts]);
  return Object.freeze({
    kind: 'piecewise-constant' as const, knots,
    on(t0: number, t1: number) {
      const value = values[intervalOf(knots, t0, t1)];
      return {at: () => value, slope: () => space.combine(null, [0], [value])};
    },
  });
}
