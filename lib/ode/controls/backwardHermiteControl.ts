import type {State} from '../space';
import {expectKnots, type Control} from './control';
import {hermite} from './cubic';
import {spaceOfValues} from './values';

/**
 * The cubic through the values whose slope at each knot is the difference quotient of the interval before it (of the
 * first interval at the first knot). Once continuously differentiable; on (ts[i], ts[i+1]] it depends on values up to i
 * + 1 and no later ones.
 * @param ts `[n]` increasing times, n >= 2
 * @param values `[n]` of shape `[m]` or `[batch, m]`
 * @throws ArgumentError unless times increase and there is a finite value of one shape at each.
 * @reference Morrill, Kidger, Yang, Lyons 2022, On the choice of interpolation scheme for neural CDEs. arXiv:2106.11028
 */
export function backwardHermiteControl<U extends State>(ts: readonly number[], values: readonly U[]): Control<U> {
  expectKnots('backwardHermiteControl', ts);
  const space = spaceOfValues('backwardHermiteControl', values, ts.length);
  const ends = ts.slice(1).map((t, i) =>
    space.combine(null, [-1 / (t - ts[i]), 1 / (t - ts[i])], [values[i], values[i + 1]]));
  return hermite('backward-hermite', space, {ts, values, starts: [ends[0], ...ends], ends});
}
