import {mean, sd} from '../../math/statistics';
import type {SemiSyntheticCohort} from './cohort';

/** Who is treated, and how much that has to do with what is hidden; one number a treatment. */
export interface Confounding {
  /** Share of patient hours with the treatment; the mean probability where treatments are probabilities. */
  readonly treated: readonly [number, number];
  /** Correlation of the treatment with its hidden term Phi_l over patient hours. */
  readonly correlation: readonly [number, number];
  /** Standard deviation of the hidden term's part of the log odds, over patient hours. */
  readonly logitSd: readonly [number, number];
}

/** Describes the treatments of a cohort. */
export function confounding({trajectories: {treatments}, truth, world}: SemiSyntheticCohort): Confounding {
  const {hidden} = world.model.policy, terms = truth['policy terms'];
  const both = (f: (given: Float64Array, term: Float64Array, l: number) => number) => [0, 1].map(l => {
    const [given, term] = [treatments, terms].map(({data}) => data.filter((_, k) => k % 2 === l));
    return f(given, term, l);
  }) as unknown as readonly [number, number];
  return Object.freeze({
    treated: both(mean), correlation: both(correlation), logitSd: both((_, term, l) => Math.abs(hidden[l]) * sd(term)),
  });
}

/** Pearson's correlation; 0 where one of the two does not vary. */
function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)], spread = sd(a) * sd(b);
  return spread === 0 ? 0 : a.reduce((sum, v, i) => sum + (v - ma) * (b[i] - mb), 0) / (a.length - 1) / spread;
}
