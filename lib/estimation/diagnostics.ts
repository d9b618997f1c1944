import {expect} from '../errors';
import {mean} from '../math/statistics';
import {fold, type Rng} from '../math/rng';
import {crossFit} from './crossFit';
import {expectEffectRows, type EffectRows} from './effectRows';
import {columnOf, fromColumns, type RowLearner} from './learners/rowLearner';
import {weightedQuantile} from '../math/statistics';
import type {Residuals} from './partiallyLinear';

/** How much of the treatment the features leave to learn from. */
export interface Overlap {
  /** Variance of what is left of the treatment. */
  readonly variance: number;
  /** The same as a share of the variance of the treatment; small: features tell the treatment nearly. */
  readonly share: number;
  /** Effective number of rows, `(sum t^2)^2 / sum t^4`: rows with most of what is left decide. */
  readonly effectiveRows: number;
  /** Share of all that is left which the tenth of the rows with most of it holds. */
  readonly topTenth: number;
}

/** Says how much a treatment varies beside what the features tell of it. @throws ArgumentError for sizes that differ */
export function overlap({treatment}: EffectRows, residuals: Residuals): Overlap {
  const left = residuals.treatment, n = treatment.length;
  expect(left.length === n, {
    fn: 'overlap', argument: 'residuals', expected: `of ${n} rows`, received: left.length,
  });
  const squares = left.map(t => t * t), total = squares.reduce((a, b) => a + b, 0), centre = mean(treatment);
  const bar = weightedQuantile(squares, 0.9), variance = total / n;
  return Object.freeze({
    variance, share: variance / mean(treatment.map(d => (d - centre) ** 2)),
    effectiveRows: total ** 2 / squares.reduce((sum, s) => sum + s * s, 0),
    topTenth: squares.reduce((sum, s) => sum + (s > bar ? s : 0), 0) / total,
  });
}

/** How well a learner tells outcome and treatment of rows that it has not seen. */
export interface LearnerRow {
  readonly learner: string;
  /** Root of the mean squared error. */
  readonly outcome: number;
  readonly treatment: number;
}

/**
 * Learners by their errors on other parts of the rows, all on the same parts. Neither the effect nor its truth enters.
 * @param folds `[n]`: the part of each row
 * @throws ArgumentError for sizes that differ or values that are not finite
 */
export async function learnerTable(
  rows: EffectRows, learners: readonly RowLearner[], folds: ArrayLike<number>, rng: Rng,
): Promise<readonly LearnerRow[]> {
  expectEffectRows('learnerTable', rows);
  const {outcome, treatment, features} = rows, out: LearnerRow[] = [];
  for (const learner of learners) {
    const lesson = {features, targets: fromColumns([outcome, treatment])};
    const told = await crossFit(learner, lesson, folds, fold(rng, learner.name));
    const error = (truth: Float64Array, j: number) => {
      const guess = columnOf(told, j);
      return Math.sqrt(mean(truth.map((v, i) => (v - guess[i]) ** 2)));
    };
    out.push(Object.freeze({learner: learner.name, outcome: error(outcome, 0), treatment: error(treatment, 1)}));
  }
  return Object.freeze(out);
}

/** What the features say of outcome and treatment, `[n]` each; and errors to add to them. */
export interface Nuisances {
  readonly outcome: Float64Array;
  readonly treatment: Float64Array;
}

/** An effect under nuisances that are wrong by `size`. */
export interface PerturbedEffect {
  readonly size: number;
  /** Of what is left on what is left. */
  readonly orthogonal: number;
  /** `sum d (y - g) / sum d^2`, with g = l - theta m: the outcome alone is adjusted. */
  readonly plugIn: number;
}

/**
 * What happens to two estimates when what the features say of outcome (l) and treatment (m) is wrong by a multiple of
 * `error`. Residual on residual answers to its square, the plug-in to the error itself.
 * @param truth l and m @param sizes multiples
 * @throws ArgumentError for sizes that differ, values that are not finite, or a constant treatment
 * @reference Chernozhukov et al. 2018, section 1. doi:10.1111/ectj.12097
 */
export function perturbedEffects(
  rows: EffectRows, truth: Nuisances, error: Nuisances, sizes: readonly number[],
): readonly PerturbedEffect[] {
  const fn = 'perturbedEffects', {outcome, treatment} = rows, n = outcome.length;
  expectEffectRows(fn, rows);
  for (const [argument, {outcome: l, treatment: m}] of Object.entries({truth, error}))
    expect(l.length === n && m.length === n, {fn, argument, expected: `of ${n} rows`, received: [l.length, m.length]});
  const ratio = (u: Float64Array, t: Float64Array, by: Float64Array) =>
    u.reduce((sum, v, i) => sum + v * by[i], 0) / t.reduce((sum, v, i) => sum + v * by[i], 0);
  const left = (size: number) => ({
    u: outcome.map((y, i) => y - truth.outcome[i] - size * error.outcome[i]),
    t: treatment.map((d, i) => d - truth.treatment[i] - size * error.treatment[i]),
  });
  const {u, t} = left(0), theta = ratio(u, t, t);
  return sizes.map(size => {
    const {u, t} = left(size);
    const rest = outcome.map((y, i) =>
      y - truth.outcome[i] + theta * truth.treatment[i] - size * error.outcome[i]);
    return Object.freeze({size, orthogonal: ratio(u, t, t), plugIn: ratio(rest, treatment, treatment)});
  });
}
