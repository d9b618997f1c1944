import type {NdArray} from '../../math/ndarray';
import {expect, expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {CancerCohort} from './simulator/cohort';
import {counterfactualTwins} from './simulator/counterfactual';
import {oneStepPlans, randomDoses, slidingPlans} from './simulator/plans';
import {counterfactualPlans, type Plans} from '../../evaluation/protocol';

/**
 * Which treatments, other than those given, are asked about. `'one step'`: each of the 16 pairs of doses for the next
 * step. `'sliding'`: one large dose of one drug at one step ahead, nothing else. `'random'`: doses drawn anew for every
 * patient and step.
 * @reference Melnychuk, Frauen, Feuerriegel 2022, Causal transformer for estimating counterfactual outcomes.
 * arXiv:2204.07258
 */
export type CancerPlanKind = 'one step' | 'sliding' | 'random';

/** Options of {@link cancerPlans}. */
export interface CancerPlansOptions {
  /** Steps ahead, at least 1; one-step plans have one. Default 6. */
  readonly horizon?: number;
  /** Source of random doses; needed for `'random'`, where equal generators ask about equal doses. */
  readonly rng?: Rng;
  /** How many random plans a patient and decision, at least 1; default 1. */
  readonly draws?: number;
}

/**
 * Counterfactual test sets of a simulated cohort: the same patients with the same noise up to the decision and after
 * it, under other doses from the decision on.
 * @throws ArgumentError for a kind that does not exist, or random doses without a generator
 */
export function cancerPlans(
  cohort: CancerCohort, kind: CancerPlanKind, {horizon = 6, rng, draws = 1}: CancerPlansOptions = {},
): Plans {
  const fn = 'cancerPlans', [patients, T] = cohort.doses.shape;
  expect(['one step', 'sliding', 'random'].includes(kind), {
    fn, argument: 'kind', expected: "'one step', 'sliding' or 'random'", received: kind,
  });
  expect(kind !== 'random' || rng, {fn, argument: 'rng', expected: 'a generator for random doses', received: rng});
  expectWhole(fn, {horizon, draws});
  const doses = (c: number): readonly NdArray[] => {
    const steps = Math.min(horizon, T - 1 - c);
    if (kind === 'one step') return oneStepPlans(patients).map(plan => plan.doses);
    if (kind === 'sliding') return slidingPlans(patients, steps).map(plan => plan.doses);
    return Array.from({length: draws}, (_, k) => randomDoses(patients, steps, fold(fold(rng!, c), k)));
  };
  return counterfactualPlans(`${kind} doses`, c =>
    doses(c).map(plan => counterfactualTwins(cohort, c, plan).trajectories));
}
