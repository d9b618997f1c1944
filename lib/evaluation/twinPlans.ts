import type {Cohort} from '../data/cohort';
import {expectWhole} from '../errors';
import {permutation} from '../math/discrete';
import {ndarray, type NdArray} from '../math/ndarray';
import {fold, type Rng} from '../math/rng';
import {counterfactualPlans, type Plans} from './protocol';

/**
 * Scores what would have been in a simulated cohort under treatments that were not given.
 * @param plans treatments from decision index c on, each `[N, s, da]`
 */
export function twinPlans(name: string, cohort: Cohort, plans: (c: number) => readonly NdArray[]): Plans {
  return counterfactualPlans(name, c => plans(c).map(plan => cohort.twins(c, plan).trajectories));
}

/** Options of {@link swappedPlans}. */
export interface SwappedPlansOptions {
  /** Steps ahead, at least 1; fewer near the end of the series. Default 6. */
  readonly horizon?: number;
  /** Decides whose treatments a unit gets: equal generators ask about equal plans. */
  readonly rng: Rng;
  /** How many plans a unit and decision, at least 1. Default 1. */
  readonly draws?: number;
}

/**
 * Every unit under the treatments that another unit, drawn at random, was given at the same times: plans that occur,
 * detached from the state that led to them. They fit any simulated cohort.
 * @throws ArgumentError unless horizon and draws are whole numbers >= 1
 */
export function swappedPlans(cohort: Cohort, {horizon = 6, rng, draws = 1}: SwappedPlansOptions): Plans {
  expectWhole('swappedPlans', {horizon, draws});
  const {treatments} = cohort.trajectories, [N, T] = treatments.shape;
  return twinPlans("other units' treatments", cohort, c => {
    const steps = Math.min(horizon, T - 1 - c);
    return Array.from({length: draws}, (_, k) => from(treatments, permutation(fold(fold(rng, c), k), N), c, steps));
  });
}

/** Treatments in [c, c + steps) of units in another order. */
function from({shape: [N, T, da], data}: NdArray, order: ArrayLike<number>, c: number, steps: number): NdArray {
  const out = new Float64Array(N * steps * da);
  const rows = (from: number) => data.subarray(from * da, (from + steps) * da);
  for (let i = 0; i < N; i++) out.set(rows(order[i] * T + c), i * steps * da);
  return ndarray([N, steps, da], out);
}
