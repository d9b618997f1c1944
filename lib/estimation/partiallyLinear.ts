import {expect, expectWhole} from '../errors';
import {fold, type Rng} from '../math/rng';
import {crossFit, rowsWhere} from './crossFit';
import {expectEffectRows, type EffectRows} from './effectRows';
import {foldsOf} from './folds';
import {columnOf, fromColumns, type RowLearner} from './learners/rowLearner';
import {standardError, type Dependence} from './standardError';

/** Options of {@link partiallyLinear}. */
export interface PartiallyLinearOptions {
  /** Tells outcome and treatment from the features, both at once; or one for each. */
  readonly learner: RowLearner | {readonly outcome: RowLearner; readonly treatment: RowLearner};
  /** The only source of randomness. */
  readonly rng: Rng;
  /** Parts for cross-fitting, >= 1; 1: rows are told from themselves, which is wrong and shown as such. Default 5. */
  readonly folds?: number;
  /** How often rows are divided into parts, >= 1. Default 1. */
  readonly repeats?: number;
  /** `[n]`: rows with equal numbers stay in one part. Default: every row by itself. */
  readonly groups?: ArrayLike<number>;
  /** How rows depend on each other, for the standard error. Default not at all. */
  readonly dependence?: Dependence;
}

/** What is left of outcome and treatment when the features have told what they can. */
export interface Residuals {
  /** `[n]`: y minus what the features say of it. */
  readonly outcome: Float64Array;
  /** `[n]`: d minus what the features say of it. */
  readonly treatment: Float64Array;
}

/** One estimate of an effect. */
export interface EffectEstimate {
  /** Change of the outcome per unit of the treatment. */
  readonly effect: number;
  readonly standardError: number;
}

/** An effect, and how it came about. */
export interface PartiallyLinearFit extends EffectEstimate {
  /** One estimate for each division into parts; the effect is their median. */
  readonly repeats: readonly (EffectEstimate & {readonly residuals: Residuals})[];
}

/**
 * The effect theta of `y = theta d + g(x) + error`: outcome and treatment are told from the features, rows of one part
 * from those of the others, and what is left of the one is regressed on what is left of the other. Errors in what the
 * features tell enter as products of two, so that learners may be slow.
 * @returns median over repeats, its standard error with their scatter
 * @throws ArgumentError for sizes that differ, values that are not finite, a treatment that is constant, is so outside
 * of a part, or leaves nothing, and options out of range
 * @reference Chernozhukov et al. 2018, Double/debiased machine learning for treatment and structural parameters,
 * definitions 3.2 and 3.3, equation (4.4). doi:10.1111/ectj.12097
 */
export async function partiallyLinear(rows: EffectRows, options: PartiallyLinearOptions): Promise<PartiallyLinearFit> {
  const fn = 'partiallyLinear', {rng, folds = 5, repeats = 1, groups, dependence} = options;
  expectEffectRows(fn, rows);
  expectWhole(fn, {folds, repeats});
  const n = rows.outcome.length, done = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const own = fold(rng, repeat);
    const parts = folds === 1 ? new Int32Array(n) : foldsOf(groups ?? n, folds, fold(own, 'folds'));
    const residuals = await residualsOf(rows, options.learner, parts, fold(own, 'learner'));
    done.push(Object.freeze({...effectOf(residuals, dependence), residuals}));
  }
  const effect = median(done.map(one => one.effect));
  const variance = median(done.map(one => one.standardError ** 2 + (one.effect - effect) ** 2));
  return Object.freeze({effect, standardError: Math.sqrt(variance), repeats: Object.freeze(done)});
}

/**
 * What is left of outcome and treatment, told by a learner from the rows of other parts.
 * @param folds `[n]`: the part of each row
 * @throws ArgumentError as {@link partiallyLinear}
 */
export async function residualsOf(
  rows: EffectRows, learner: PartiallyLinearOptions['learner'], folds: ArrayLike<number>, rng: Rng,
): Promise<Residuals> {
  const {outcome, treatment, features} = rows, fn = 'partiallyLinear';
  expectEffectRows(fn, rows);
  for (const part of new Set(Array.from(folds))) {
    const seen = rowsWhere(folds, f => f !== part);
    expect(seen.length === 0 || seen.some(i => treatment[i] !== treatment[seen[0]]), {
      fn, argument: 'folds', expected: 'such that the treatment varies outside of every part', received: treatment,
      remedy: `It is constant in all rows outside part ${part}: divide the rows otherwise.`,
    });
  }
  const {outcome: first, treatment: second} = 'answers' in learner ? {outcome: learner, treatment: undefined} : learner;
  const told = (by: RowLearner, columns: readonly Float64Array[], name: string) =>
    crossFit(by, {features, targets: fromColumns(columns)}, folds, fold(rng, name));
  const both = await told(first, second ? [outcome] : [outcome, treatment], 'outcome');
  const forTreatment = second ? columnOf(await told(second, [treatment], 'treatment'), 0) : columnOf(both, 1);
  return Object.freeze({
    outcome: outcome.map((y, i) => y - both.data[i * both.shape[1]]),
    treatment: treatment.map((d, i) => d - forTreatment[i]),
  });
}

/**
 * Regression of what is left on what is left, through the origin.
 * @throws ArgumentError where nothing is left of the treatment
 */
export function effectOf({outcome, treatment}: Residuals, dependence?: Dependence): EffectEstimate {
  const power = treatment.reduce((sum, v) => sum + v * v, 0);
  expect(power > 0, {
    fn: 'effectOf', argument: 'residuals.treatment', expected: 'not 0 everywhere', received: treatment,
    remedy: 'The features tell the treatment exactly: nothing is left that could show its effect.',
  });
  const effect = outcome.reduce((sum, u, i) => sum + u * treatment[i], 0) / power;
  const influence = outcome.map((u, i) => treatment[i] * (u - effect * treatment[i]) / power);
  return Object.freeze({effect, standardError: standardError(influence, dependence)});
}

/** The middle value; the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
