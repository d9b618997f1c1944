import type {State} from '../space';
import {spaceOf} from '../spaces';
import {expectKnots, type Control} from './control';
import {linearThrough} from './linearControl';
import {spaceOfValues} from './values';

/**
 * The causal path that first lets time pass with the last value held, then moves to the new value with time held.
 * It lives on its own parameter: at 2 i it has reached `(ts[i], values[i])`, so on [0, 2 i] it depends on the first i +
 * 1 values only.
 * @param ts `[n]` increasing times, n >= 2
 * @param values `[n]` of shape `[m]` or `[batch, m]`
 * @returns a control on [0, 2 n - 2] whose first channel is time: `[1 + m]` or `[batch, 1 + m]`
 * @throws ArgumentError unless times increase and there is a finite value of one shape at each.
 * @reference Morrill, Kidger, Yang, Lyons 2022, On the choice of interpolation scheme for neural CDEs. arXiv:2106.11028
 */
export function rectilinearControl<U extends State>(ts: readonly number[], values: readonly U[]): Control<U> {
  const fn = 'rectilinearControl';
  expectKnots(fn, ts);
  spaceOfValues(fn, values, ts.length);
  const space = spaceOf(values[0], fn, 'values[0]');
  const corners = ts.flatMap((t, i) =>
    [...(i > 0 ? [space.prepend(t, values[i - 1])] : []), space.prepend(t, values[i])]);
  return linearThrough('rectilinear', corners.map((_, i) => i), corners);
}
