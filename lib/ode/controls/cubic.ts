import type {State, VectorSpace} from '../space';
import {intervalOf, type Control} from './control';

/**
 * Values at times, and the time derivatives between them: interval i starts with `starts[i]` and ends with `ends[i]`.
 */
export interface CubicPieces<U> {
  readonly ts: readonly number[];
  readonly values: readonly U[];
  readonly starts: readonly U[];
  readonly ends: readonly U[];
}

/**
 * The piecewise cubic with these values and time derivatives.
 * @internal
 */
export function hermite<U extends State>(
  kind: 'natural-cubic' | 'backward-hermite', space: VectorSpace<U>, {ts, values, starts, ends}: CubicPieces<U>,
): Control<U> {
  const knots = Object.freeze([...ts]);
  return Object.freeze({
    kind, knots,
    on(t0: number, t1: number) {
      const i = intervalOf(knots, t0, t1), h = knots[i + 1] - knots[i];
      const corners = [values[i], values[i + 1], starts[i], ends[i]];
      const at = (t: number): U => space.combine(null, hermiteWeights((t - knots[i]) / h, h), corners);
      const slope = (t: number): U => space.combine(null, hermiteSlopes((t - knots[i]) / h, h), corners);
      return {at, slope};
    },
  });
}

/**
 * Weights of (start value, end value, start slope, end slope) in the cubic at theta in [0, 1] of an interval of width
 * `h`.
 */
function hermiteWeights(theta: number, h: number): number[] {
  const rest = 1 - theta, blend = theta * theta * (3 - 2 * theta);
  return [1 - blend, blend, h * theta * rest * rest, -h * theta * theta * rest];
}

/** Time derivative of {@link hermiteWeights}. */
function hermiteSlopes(theta: number, h: number): number[] {
  const blend = (6 * theta * (1 - theta)) / h;
  return [-blend, blend, (1 - theta) * (1 - 3 * theta), theta * (3 * theta - 2)];
}
