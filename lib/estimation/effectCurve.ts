import {expect} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import type {Rng} from '../math/rng';
import {standardError, type Dependence} from './standardError';
import type {RowLearner} from './learners/rowLearner';
import type {EffectEstimate, Residuals} from './partiallyLinear';

/**
 * An effect that differs from row to row, theta(x): the learner minimises `sum t^2 (u / t - theta(x))^2`, where u and
 * t are what is left of outcome and treatment.
 * @param modifiers `[n, d]`: what the effect may depend on @param asked `[k, d]`
 * @returns `[k]`
 * @throws ArgumentError for sizes that differ or values that are not finite
 * @reference Nie, Wager 2021, Quasi-oracle estimation of heterogeneous treatment effects. doi:10.1093/biomet/asaa076
 */
export async function effectCurve(
  {outcome, treatment}: Residuals, modifiers: NdArray, asked: NdArray,
  {learner, rng}: {readonly learner: RowLearner; readonly rng: Rng},
): Promise<Float64Array> {
  const weights = treatment.map(t => t * t), n = treatment.length;
  const targets = ndarray([n, 1], outcome.map((u, i) => (treatment[i] === 0 ? 0 : u / treatment[i])));
  return (await learner.answers({features: modifiers, targets, weights}, asked, rng)).data;
}

/** The effect in one group of rows. */
export interface GroupEffect extends EffectEstimate {
  readonly group: number;
  readonly rows: number;
}

/**
 * The effect in every group by itself, with its standard error: what a curve says, averaged where data are dense.
 * @param groups `[n]`; NaN for rows of no group
 * @returns groups in order; those in which nothing is left of the treatment are not among them
 * @throws ArgumentError for sizes that differ
 */
export function effectByGroup(
  {outcome, treatment}: Residuals, groups: ArrayLike<number>, dependence: Dependence = {kind: 'none'},
): readonly GroupEffect[] {
  const n = treatment.length;
  expect(groups.length === n, {
    fn: 'effectByGroup', argument: 'groups', expected: `${n} numbers`, received: groups.length,
  });
  const kinds = [...new Set(Array.from(groups).filter(g => !Number.isNaN(g)))].sort((a, b) => a - b);
  return kinds.flatMap(group => {
    const inside = treatment.map((_, i) => (groups[i] === group ? 1 : 0));
    const power = treatment.reduce((sum, t, i) => sum + inside[i] * t * t, 0);
    if (!(power > 0)) return [];
    const effect = outcome.reduce((sum, u, i) => sum + inside[i] * u * treatment[i], 0) / power;
    const influence = outcome.map((u, i) => inside[i] * treatment[i] * (u - effect * treatment[i]) / power);
    const rows = inside.reduce((a, b) => a + b, 0);
    return [Object.freeze({group, rows, effect, standardError: standardError(influence, dependence)})];
  });
}
