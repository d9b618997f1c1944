import {historyAt} from '../../../data/cut';
import {expectWhole} from '../../../errors';
import {mean} from '../../../math/statistics';
import type {SemiSyntheticCohort} from '../cohort';
import {released} from '../simulator/model';
import {bayesWeights} from './bayes';

/** Share of variance, at most 1, that a record reveals of each hidden quantity at the hour of the decision. */
export interface Revealed {
  readonly policyTerms: readonly [number, number];
  readonly outcomeTerm: number;
  /** Of the logarithm of each lab. */
  readonly logLabs: readonly [number, number, number];
}

/**
 * What outcomes and treatments up to `decision` reveal of the hidden confounders at all: R^2 of the Bayes filter's
 * means over the patients of a cohort.
 * @param stays rows of the substrate the filter takes patients for
 * @param decision index, at least 0
 * @throws ArgumentError for an index that the cohort does not have
 */
export function revealed(cohort: SemiSyntheticCohort, stays: ArrayLike<number>, decision: number): Revealed {
  expectWhole('revealed', {decision}, 0);
  const {world} = cohort, T = world.path.points.length, {labs} = world.substrate;
  const weights = bayesWeights(world, stays, historyAt(cohort.trajectories, decision)).data;
  const of = (value: (stay: number) => number) => rSquared(cohort.stays, stays, weights, value);
  const term = (l: number) => of(stay => world.policyTerms.data[2 * (stay * T + decision) + l]);
  const lab = (j: number) => of(stay => Math.log(labs.data[(stay * T + decision) * 3 + j]));
  return {
    policyTerms: [term(0), term(1)], outcomeTerm: of(stay => world.outcomeTerm.data[stay * T + decision]),
    logLabs: [lab(0), lab(1), lab(2)],
  };
}

/** R^2 of the posterior mean of a function of the stay. @param weights `[N, stays * splines]`, rows sum to 1 */
function rSquared(
  truth: Int32Array, stays: ArrayLike<number>, weights: Float64Array, value: (stay: number) => number,
): number {
  const splines = released.splines.shares.length, parts = stays.length * splines,
    values = Float64Array.from(stays, value);
  const wanted = Float64Array.from(truth, value), centre = mean(wanted);
  let left = 0, all = 0;
  wanted.forEach((v, i) => {
    let found = 0;
    for (let k = 0; k < parts; k++) found += weights[i * parts + k] * values[Math.floor(k / splines)];
    left += (v - found) ** 2;
    all += (v - centre) ** 2;
  });
  return all > 0 ? 1 - left / all : 0;
}
