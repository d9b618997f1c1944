import {expect} from '../../../errors';
import {spearman} from '../../../math/spearman';
import {quantities, type QuantityName} from '../quantities';
import {byHour, nearest} from './hours';
import type {StayRecord} from './records';

/** The ten measured covariates of the paper; the eleventh is SOFA. @paper Table 7 */
export const paperCovariates: readonly QuantityName[] = Object.freeze([
  'creatinine', 'bilirubin', 'alt', 'anion_gap', 'bicarbonate', 'bun', 'dbp', 'platelets', 'rdw', 'sbp',
]);

/** Quantities among which a covariate may be chosen: all that change with time. */
const CANDIDATES = (Object.keys(quantities) as QuantityName[]).filter(name => !['height', 'weight'].includes(name));

/** How a quantity fared. */
export interface CovariateChoice {
  readonly quantity: QuantityName;
  /** Share of stays with a value, in [0, 1]. */
  readonly present: number;
  /** Rank correlation with SOFA, in [-1, 1]; missing where too little was measured or nothing varied. */
  readonly correlation?: number;
  readonly chosen: boolean;
}

/** Options of {@link chooseCovariates}. */
export interface ChooseCovariatesOptions {
  /** Smallest share of stays with a value up to hour `within`, in [0, 1]. Default 0.5. */
  readonly present?: number;
  /** Smallest size of the rank correlation with SOFA, in [0, 1]. Default 0.3. */
  readonly correlation?: number;
  /** Last hour whose values are correlated, >= 0. Default 12. */
  readonly hours?: number;
  /** Last hour in which a value counts as present, >= 0. Default 48. */
  readonly within?: number;
  /** Hours before time zero whose values count for hour 0, >= 0. Default 24. */
  readonly before?: number;
}

/**
 * Which quantities go with SOFA: those that most stays have and that are correlated with it in the first hours, hourly
 * means of all stays pooled. SOFA is made of some of them, so that this says nothing of causes.
 * @returns all candidates, the most correlated first, those without a correlation last
 * @throws ArgumentError for shares outside [0, 1], or no stays
 * @paper A.3.3
 */
export function chooseCovariates(
  stays: readonly StayRecord[], options: ChooseCovariatesOptions = {},
): CovariateChoice[] {
  const {present: least = 0.5, correlation: weakest = 0.3, hours = 12, within = 48, before = 24} = options;
  const fn = 'chooseCovariates';
  expect(stays.length > 0, {fn, argument: 'stays', expected: 'at least one', received: stays});
  expect([least, weakest].every(share => share >= 0 && share <= 1), {
    fn, argument: 'present or correlation', expected: 'in [0, 1]', received: [least, weakest],
  });
  const size = ({correlation}: CovariateChoice) => Math.abs(correlation ?? -1);
  return CANDIDATES.map(quantity => {
    const values: number[] = [], scores: number[] = [];
    let having = 0;
    for (const {values: {[quantity]: series}, sofa} of stays) {
      if (!series) continue;
      if (byHour(series, {before, hours: within}).size > 0) having++;
      for (const [hour, {mean}] of byHour(series, {before, hours})) {
        const score = nearest(sofa, hour);
        if (score === undefined) continue;
        values.push(mean);
        scores.push(score);
      }
    }
    const present = having / stays.length, correlation = values.length >= 2 ? spearman(values, scores) : undefined;
    const chosen = present >= least && correlation !== undefined && Math.abs(correlation) >= weakest;
    return Object.freeze({quantity, present, ...(correlation === undefined ? {} : {correlation}), chosen});
  }).sort((a, b) => (b.correlation === undefined ? -1 : size(b)) - (a.correlation === undefined ? -1 : size(a)));
}
