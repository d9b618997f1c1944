import {trajectories, type Trajectories} from '../../lib/data';
import {bernoulli, fold, integers, ndarray, normal, rng, uniform, type NdArray} from '../../lib/math';

export interface IrregularOptions {
  readonly N?: number;
  /** Most times of a unit, at least 4. */
  readonly T?: number;
  readonly observedShare?: number;
  /** How much longer each unit is followed than it is measured. */
  readonly longer?: number;
}

/** Random trajectories whose units each have times of their own, 3 to T of them: 2 outcomes, 2 treatments, 1 static. */
export function irregular(
  seed: number, {N = 6, T = 9, observedShare = 0.8, longer = 0.5}: IrregularOptions = {},
): Trajectories {
  const source = rng(seed), counts = Int32Array.from(integers(fold(source, 'counts'), N, {high: T - 2}), n => n + 3);
  counts[0] = T;
  const inside = (at: number) => at % T < counts[Math.floor(at / T)];
  const gaps = uniform(fold(source, 'gaps'), N * T).map(u => 0.2 + 1.8 * u);
  const time = gaps.slice();
  for (let at = 0; at < N * T; at++) time[at] = at % T === 0 ? gaps[at] : time[at - 1] + (inside(at) ? gaps[at] : 0);
  const seen = bernoulli(fold(source, 'seen'), N * T * 2, observedShare);
  const observed = Float64Array.from({length: N * T * 2}, (_, k) => (inside(Math.floor(k / 2)) ? seen[k] : 0));
  const drawn = (name: string) =>
    normal(fold(source, name), N * T * 2).map((v, k) => (inside(Math.floor(k / 2)) ? v : 0));
  return trajectories({
    name: 'irregular', timeUnit: 'h', time: ndarray([N, T], time), counts,
    outcomes: ndarray([N, T, 2], drawn('outcomes').map((v, k) => v * observed[k])),
    observed: ndarray([N, T, 2], observed), treatments: ndarray([N, T, 2], drawn('treatments')),
    statics: ndarray([N, 1], normal(fold(source, 'statics'), N)),
    followed: Float64Array.from(counts, (n, i) => time[i * T + n - 1] + longer),
    channels: {
      outcomes: [{name: 'a', unit: ''}, {name: 'b', unit: ''}],
      treatments: [{name: 'u', unit: ''}, {name: 'v', unit: ''}], statics: [{name: 'age', unit: 'a'}],
    },
  });
}

/**
 * Another future for each unit: outcomes after its `time`, and treatments and times of measurement after its `end`, are
 * changed. The treatment at work at `end` goes on.
 */
export function changedAfter(truth: Trajectories, time: readonly number[], end = time): Trajectories {
  const [N, T] = truth.outcomes.shape, times = truth.time as NdArray;
  const after = (limit: readonly number[]) => (place: number) => times.data[place] > limit[Math.floor(place / T)];
  const moved = ({shape, data}: NdArray, hit: (place: number) => boolean, by = 7) =>
    ndarray(shape, data.map((v, at) => (hit(Math.floor(at / (shape[2] ?? 1))) ? v + by : v)));
  return {
    ...truth,
    time: moved(ndarray([N, T], times.data), after(end), 0.05), followed: truth.followed.map(t => t + 0.05),
    outcomes: moved(truth.outcomes, after(time)), treatments: moved(truth.treatments, after(end)),
  };
}

/** Other treatments in the intervals that begin after `from` and up to `to`. */
export function otherwiseTreated(truth: Trajectories, from: readonly number[], to: readonly number[]): Trajectories {
  const [, T] = truth.outcomes.shape, times = (truth.time as NdArray).data, {shape, data} = truth.treatments;
  const hit = (place: number) =>
    times[place] > from[Math.floor(place / T)] && times[place] <= to[Math.floor(place / T)];
  return {...truth, treatments: ndarray(shape, data.map((v, at) => (hit(Math.floor(at / shape[2])) ? v + 3 : v)))};
}
