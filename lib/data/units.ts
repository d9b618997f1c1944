import {expect, isWhole} from '../errors';
import {permutation} from '../math/discrete';
import type {Rng} from '../math/rng';
import {expectUnits, pick} from './cut';
import {isGrid} from './times';
import type {Trajectories} from './trajectories';

/**
 * The trajectories of some units, in the order given.
 * @param units each in [0, N); repeats are allowed, and repeat ids
 * @throws ArgumentError for a unit that does not exist
 */
export function takeUnits<S extends Trajectories>(trajectories: S, units: ArrayLike<number>): S {
  const {time, counts, followed, ids, outcomes, treatments, observed, statics} = trajectories;
  const rows = expectUnits('takeUnits', units, outcomes.shape[0]);
  return Object.freeze({
    ...trajectories,
    ...(isGrid(time) ? {} : {time: pick(time, rows)}),
    ...(counts && {counts: Int32Array.from(units, i => counts[i])}),
    followed: Float64Array.from(units, i => followed[i]),
    ids: Array.from(units, i => ids[i]),
    outcomes: pick(outcomes, rows),
    treatments: pick(treatments, rows),
    observed: pick(observed, rows),
    statics: pick(statics, rows),
  });
}

/**
 * Random disjoint groups of units, e.g. training, validation and test.
 * @param sizes units in each group; together at most N
 * @throws ArgumentError for sizes that are no whole numbers >= 0, or that add up to more than N
 */
export function splitUnits<S extends Trajectories>(trajectories: S, sizes: readonly number[], rng: Rng): S[] {
  const N = trajectories.outcomes.shape[0], total = sizes.reduce((a, b) => a + b, 0);
  expect(sizes.every(n => isWhole(n, 0)) && total <= N, {
    fn: 'splitUnits', argument: 'sizes', expected: `whole numbers >= 0 with a sum of at most N = ${N}`, received: sizes,
  });
  const order = permutation(rng, N);
  const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((a, b) => a + b, 0));
  return sizes.map((n, k) => takeUnits(trajectories, order.subarray(starts[k], starts[k] + n)));
}
