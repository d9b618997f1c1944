import type {History, Plan} from '../../data/history';
import {lastObserved} from '../../data/last';
import type {Scaler} from '../../data/scaler';
import {ndarray, type NdArray} from '../../math/ndarray';

/**
 * A question as one row of numbers a unit, for methods that read tables: standardised outcomes (0 where missing) with
 * their masks, past treatments, statics and the first `steps` planned treatments.
 * @returns `[N, L dy + L dy + (L - 1) da + ds + steps da]` for a history of L times
 */
export function tabular(history: History, plan: Plan, steps: number, scale: Scaler): NdArray {
  const {outcomes, observed, treatments, statics} = history;
  const known = [scale.forward(outcomes, observed), observed, treatments, statics];
  const planned = {array: plan.treatments, used: steps * plan.treatments.shape[2]};
  return beside([...known.map(array => ({array, used: width(array)})), planned]);
}

/** `[N, dy]`: the last measured outcomes, standardised; 0, the training mean, where there is none. */
export function lastStandardised({outcomes, observed}: History, scale: Scaler): NdArray {
  return lastObserved({outcomes: scale.forward(outcomes), observed}, new Float64Array(scale.mean.length));
}

/**
 * Arrays of N rows side by side, `[N, sum of used]`. @param parts `array [N, ...]`, of which the first `used` numbers
 * a row are taken
 */
export function beside(parts: readonly {readonly array: NdArray; readonly used: number}[]): NdArray {
  const N = parts[0].array.shape[0], d = parts.reduce((sum, {used}) => sum + used, 0), out = new Float64Array(N * d);
  for (let i = 0, to = 0; i < N; i++)
    for (const {array, used} of parts) {
      const from = i * width(array);
      out.set(array.data.subarray(from, from + used), to);
      to += used;
    }
  return ndarray([N, d], out);
}

/** Numbers a row of an array `[rows, ...]`. */
export const width = ({shape}: NdArray): number => shape.slice(1).reduce((a, b) => a * b, 1);
