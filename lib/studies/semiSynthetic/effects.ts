import {snapshot} from '../../data/view';
import {expect, expectWhole} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {ridge} from '../../math/ridge';
import {mean, sd} from '../../math/statistics';
import type {SemiSyntheticCohort} from './cohort';
import {semiSyntheticPlan} from './plans';

/** Options of {@link semiSyntheticEffects}. */
export interface EffectOptions {
  /** c, the hour of the decision, at least 1. Default 12. */
  readonly decision?: number;
  /** s, hours ahead, at least 1. Default 6. */
  readonly horizon?: number;
  /**
   * What stands for the treatments of an hour. `'treated hours'`: one regressor, 1 where some treatment is given.
   * `'each treatment'`: one a treatment, as if effects of two added up; they do not, the stronger one acts alone, so
   * that estimate is too large by up to a factor of 2. Default `'treated hours'`.
   */
  readonly regressors?: 'treated hours' | 'each treatment';
}

/**
 * What both treatments always, in place of never, do to the outcome; true and as linear regressions on records see it:
 * the sum of the weights of all regressors from the decision up to the horizon.
 */
export interface EffectEstimates {
  /** Mean over the test patients, by their twins. */
  readonly truth: number;
  /** Its standard deviation over patients. */
  readonly spread: number;
  /** Regression on the treatments from the decision on alone. */
  readonly unadjusted: number;
  /** Regression on these and the outcome at the decision. */
  readonly givenOutcome: number;
  /** Regression on these and the whole history of outcomes and treatments. */
  readonly givenHistory: number;
  /** Regression on these, the whole history and the hidden confounders: what no analyst has. */
  readonly givenConfounders: number;
}

/** Penalty that only keeps the regressions from being singular. */
const TINY = 1e-6;

/**
 * True effect of treating always in place of never, and what regressions on training records make of it, in standard
 * deviations of the training outcomes. Regressions hold the treatments of all hours to the horizon: what later ones owe
 * to outcomes after the decision is not adjusted for, so even the last one is not exact unless chance alone treats.
 * @throws ArgumentError for a decision or horizon that is no whole number >= 1, or that the cohorts do not have, or
 * other regressors
 */
export function semiSyntheticEffects(
  train: SemiSyntheticCohort, test: SemiSyntheticCohort,
  {decision = 12, horizon = 6, regressors = 'treated hours'}: EffectOptions = {},
): EffectEstimates {
  const fn = 'semiSyntheticEffects';
  expectWhole(fn, {decision, horizon});
  expect(['treated hours', 'each treatment'].includes(regressors), {
    fn, argument: 'regressors', expected: "'treated hours' or 'each treatment'", received: regressors,
  });
  const unit = sd(train.trajectories.outcomes.data, {ddof: 0}), effects = alwaysMinusNever(test, decision, horizon);
  const {outcomes, treatments} = train.trajectories, y = snapshot(outcomes, decision + horizon, 0);
  const hours = treatedHours(treatments), asked = regressors === 'treated hours' ? hours : treatments;
  const plan = between(asked, decision, decision + horizon), now = between(outcomes, decision, decision + 1);
  const history = [between(outcomes, 0, decision + 1), ...[treatments, hours].map(a => between(a, 0, decision))];
  const terms = [train.truth['policy terms'],
    column(train.truth['outcome term'])].map(a => between(a, 0, decision + 1));
  const seen = (...blocks: readonly NdArray[]) => {
    const x = beside([plan, ...blocks]), {weights} = ridge(x, y, TINY);
    return weights.subarray(0, plan.shape[1]).reduce((a, b) => a + b, 0) / unit;
  };
  return Object.freeze({
    truth: mean(effects) / unit, spread: sd(effects) / unit, unadjusted: seen(), givenOutcome: seen(now),
    givenHistory: seen(...history), givenConfounders: seen(...history, ...terms),
  });
}

/** The effect on each patient `horizon` hours after the decision, `[N]`. */
export function alwaysMinusNever(cohort: SemiSyntheticCohort, decision: number, horizon: number): Float64Array {
  const N = cohort.stays.length, [always, never] = (['always', 'never'] as const).map(kind =>
    snapshot(cohort.twins(decision, semiSyntheticPlan(kind, N, horizon)).trajectories.outcomes, decision + horizon, 0));
  return always.map((v, i) => v - never[i]);
}

/** The largest treatment of each hour, `[N, T, 1]` of `[N, T, 2]`: 1 where one of two binary ones is given. */
function treatedHours({shape: [N, T], data}: NdArray): NdArray {
  return ndarray([N, T, 1], Float64Array.from({length: N * T}, (_, k) => Math.max(data[2 * k], data[2 * k + 1])));
}

const column = ({shape: [N, T], data}: NdArray): NdArray => ndarray([N, T, 1], data);

/** Times [from, to) of `[N, T, d]` as rows, `[N, (to - from) d]`. */
function between({shape: [N, T, d], data}: NdArray, from: number, to: number): NdArray {
  const width = (to - from) * d, out = new Float64Array(N * width);
  for (let i = 0; i < N; i++) out.set(data.subarray((i * T + from) * d, (i * T + to) * d), i * width);
  return ndarray([N, width], out);
}

/** Matrices side by side. */
function beside(blocks: readonly NdArray[]): NdArray {
  const N = blocks[0].shape[0], width = blocks.reduce((sum, {shape}) => sum + shape[1], 0),
    out = new Float64Array(N * width);
  let offset = 0;
  for (const {shape: [, w], data} of blocks) {
    for (let i = 0; i < N; i++) out.set(data.subarray(i * w, (i + 1) * w), i * width + offset);
    offset += w;
  }
  return ndarray([N, width], out);
}
