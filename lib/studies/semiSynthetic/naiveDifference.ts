import {snapshot} from '../../data/view';
import {expect, expectWhole} from '../../errors';
import {mean} from '../../math/statistics';
import type {SemiSyntheticCohort} from './cohort';
import {semiSyntheticPlan} from './plans';

/**
 * Those who were treated at one hour beside those who were not: the difference of their mean outcomes an hour later,
 * and the parts of which it is the sum, each in units of the outcome.
 */
export interface NaiveDifference {
  /** How many got some treatment at that hour. */
  readonly treated: number;
  /** Mean outcome of the treated minus that of the others. */
  readonly difference: number;
  /** What the treatments of that hour did to the treated, by their twins without them. */
  readonly effect: number;
  /**
   * How the treated differ in phi_Y of what is hidden: the policy sees it itself (its strength) and through recent
   * outcomes, which contain it.
   */
  readonly hiddenTerm: number;
  /** How they differ in spline and path, which the record of outcomes shows. */
  readonly ownCourse: number;
  /** How they differ in what earlier treatments still do. */
  readonly earlierEffects: number;
  /** How they differ in the noise of that hour: by chance alone. */
  readonly noise: number;
}

/**
 * Takes the careless comparison apart. `difference` is `effect`, the causal part, plus how the two groups would have
 * differed without it, term by term of eqs. (10) and (12).
 * @param decision hour of the treatment, from 0 to one before the last
 * @throws ArgumentError when everybody is treated or nobody, or treatments are probabilities
 */
export function naiveDifference(cohort: SemiSyntheticCohort, decision: number): NaiveDifference {
  const fn = 'naiveDifference', {trajectories: {outcomes, treatments}, truth, noise, world} = cohort;
  const [N, T] = outcomes.shape, after = decision + 1;
  expectWhole(fn, {decision}, 0, T - 2);
  expect(world.model.policy.treatment === 'drawn', {
    fn, argument: 'cohort', expected: 'with treatments that are drawn', received: world.model.policy.treatment,
  });
  const treated = Array.from({length: N}, (_, i) =>
    treatments.data[(i * T + decision) * 2] + treatments.data[(i * T + decision) * 2 + 1] > 0);
  const count = treated.filter(Boolean).length;
  expect(count > 0 && count < N, {fn, argument: 'cohort', expected: 'with treated and others', received: count});
  const gap = (values: Float64Array) =>
    mean(values.filter((_, i) => treated[i])) - mean(values.filter((_, i) => !treated[i]));
  const at = (name: string) => Float64Array.from({length: N}, (_, i) => truth[name].data[i * T + after]);
  const y = snapshot(outcomes, after, 0), [path, spline] = [at('path'), at('spline')];
  const without = snapshot(cohort.twins(decision, semiSyntheticPlan('never', N, 1)).trajectories.outcomes, after, 0);
  const did = y.map((v, i) => v - without[i]), before = at('effect').map((e, i) => e - did[i]);
  return Object.freeze({
    treated: count, difference: gap(y), effect: mean(did.filter((_, i) => treated[i])),
    hiddenTerm: gap(at('outcome term')), ownCourse: gap(path) + gap(spline), earlierEffects: gap(before),
    noise: gap(Float64Array.from({length: N}, (_, i) => noise.outcome.data[i * T + after])),
  });
}
