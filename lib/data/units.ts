import {expect, isWhole} from '../errors';
import {permutation} from '../math/discrete';
import type {Rng} from '../math/rng';
import {expectUnits, pick} from './cut';
import type {Trajectories} from './trajectories';

/** The trajectories of some units, in the order given. @param units each in [0, N); repeats are allowed */
export function takeUnits(trajectories: Trajectories, units: ArrayLike<number>): Trajectories {
  const rows = expectUnits('takeUnits', units, trajectories.outcomes.shape[0]);
  return Object.freeze({
    ...trajectories,
    outcomes: pick(trajectories.outcomes, rows),
    treatments: pick(trajectories.treatments, rows),
    observed: pick(trajectories.observed, rows),
    statics: pick(trajectories.statics, rows),
  });
}

/**
 * Random disjoint groups of units, e.g. training, validation and test.
 * @param sizes units in each group; together at most N
 */
export function splitUnits(trajectories: Trajectories, sizes: readonly number[], rng: Rng): Trajectories[] {
  const N = trajectories.outcomes.shape[0], total = sizes.reduce((a, b) => a + b, 0);
  expect(sizes.every(n => isWhole(n, 0)) && total <= N, {
    fn: 'splitUnits', argument: 'sizes', expected: `whole numbers >= 0 with a sum of at most N = ${N}`, received: sizes,
  });
  const order = permutation(rng, N);
  const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((a, b) => a + b, 0));
  return sizes.map((n, k) => takeUnits(trajectories, order.subarray(starts[k], starts[k] + n)));
}
