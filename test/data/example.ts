import {trajectories, type GridTrajectories} from '../../lib/data';
import {bernoulli, fold, ndarray, normal, rng} from '../../lib/math';

/** Random trajectories with gaps: N units, T uneven times, 2 outcomes, 3 treatments, 1 static. */
export function example(
  seed: number, {N = 7, T = 9, observedShare = 0.8}: {N?: number; T?: number; observedShare?: number} = {},
): GridTrajectories {
  const source = rng(seed), observed = Float64Array.from(bernoulli(fold(source, 'seen'), N * T * 2, observedShare));
  const values = normal(fold(source, 'outcomes'), N * T * 2).map((v, i) => v * observed[i]);
  return trajectories({
    name: 'example', time: Float64Array.from({length: T}, (_, t) => t + 0.1 * t * t), timeUnit: 'h',
    outcomes: ndarray([N, T, 2], values), observed: ndarray([N, T, 2], observed),
    treatments: ndarray([N, T, 3], normal(fold(source, 'treatments'), N * T * 3)),
    statics: ndarray([N, 1], normal(fold(source, 'statics'), N)),
    channels: {
      outcomes: [{name: 'a', unit: ''}, {name: 'b', unit: ''}], statics: [{name: 'age', unit: 'a'}],
      treatments: [{name: 'u', unit: ''}, {name: 'v', unit: ''}, {name: 'w', unit: ''}],
    },
  });
}
