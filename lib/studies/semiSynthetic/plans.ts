import type {Plans} from '../../evaluation/protocol';
import {twinPlans} from '../../evaluation/twinPlans';
import {expect, expectWhole} from '../../errors';
import {bernoulli} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import type {SemiSyntheticCohort} from './cohort';

/**
 * Which treatments are asked about: each treatment at each hour with probability 1/2, both always, or none. Both always
 * for longer than six hours never comes about under the policy, so no record can speak of it.
 */
export type SemiSyntheticPlanKind = 'random' | 'always' | 'never';

/** Options of {@link semiSyntheticPlans}. */
export interface SemiSyntheticPlansOptions {
  /** Hours ahead, at least 1. Default 6. */
  readonly horizon?: number;
  /** Source of random plans; needed for `'random'`. */
  readonly rng?: Rng;
}

/**
 * Treatments of `patients` patients over `hours` hours, `[patients, hours, 2]`, each 0 or 1.
 * @throws ArgumentError for numbers that are not whole and >= 1, another kind, or random plans without `rng`
 */
export function semiSyntheticPlan(
  kind: SemiSyntheticPlanKind, patients: number, hours: number, rng?: Rng,
): NdArray {
  const fn = 'semiSyntheticPlan', shape = [patients, hours, 2], n = 2 * patients * hours;
  expectWhole(fn, {patients, hours});
  expect(['random', 'always', 'never'].includes(kind), {
    fn, argument: 'kind', expected: "'random', 'always' or 'never'", received: kind,
  });
  expect(kind !== 'random' || rng, {fn, argument: 'rng', expected: 'a generator for random plans', received: rng});
  if (kind === 'random') return ndarray(shape, Float64Array.from(bernoulli(rng!, n, 0.5)));
  return ndarray(shape, new Float64Array(n).fill(kind === 'always' ? 1 : 0));
}

/**
 * Counterfactual test sets of a cohort: its twins under plans of this kind from each decision on.
 * @throws ArgumentError unless `horizon` is a whole number >= 1; from the plans: as {@link semiSyntheticPlan}
 */
export function semiSyntheticPlans(
  cohort: SemiSyntheticCohort, kind: SemiSyntheticPlanKind, {horizon = 6, rng}: SemiSyntheticPlansOptions = {},
): Plans {
  const [N, T] = cohort.trajectories.outcomes.shape;
  expectWhole('semiSyntheticPlans', {horizon});
  return twinPlans(`${kind} treatments`, cohort, c => {
    const hours = Math.min(horizon, T - 1 - c);
    return [semiSyntheticPlan(kind, N, hours, rng && fold(rng, c))];
  });
}
