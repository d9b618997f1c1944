import {expect} from '../errors';
import {logistic, logLogistic} from './logistic';

/** A policy that treats by chance: with probability `logistic(bias + weights . features)`. */
export interface BernoulliPolicy {
  readonly bias: number;
  /** `[d]` */
  readonly weights: readonly number[];
}

/** Checks and freezes a policy. @throws ArgumentError for a number that is not finite */
export function bernoulliPolicy({bias, weights}: BernoulliPolicy): BernoulliPolicy {
  const fn = 'bernoulliPolicy';
  expect(Number.isFinite(bias), {fn, argument: 'bias', expected: 'a finite number', received: bias});
  expect(weights.every(Number.isFinite), {fn, argument: 'weights', expected: 'finite numbers', received: weights});
  return Object.freeze({bias, weights: Object.freeze([...weights])});
}

/** Log odds of treatment. @param features `[d]` */
export function policyLogit({bias, weights}: BernoulliPolicy, features: ArrayLike<number>): number {
  let sum = bias;
  for (let j = 0; j < weights.length; j++) sum += weights[j] * features[j];
  return sum;
}

/** Probability of treatment. @param features `[d]` */
export function treatmentProbability(policy: BernoulliPolicy, features: ArrayLike<number>): number {
  return logistic(policyLogit(policy, features));
}

/**
 * The decision, 0 or 1, for a uniform number drawn beforehand: a unit that is simulated again with the same number
 * decides the same where its probability has not changed.
 */
export function decide(probability: number, uniform: number): 0 | 1 {
  return uniform < probability ? 1 : 0;
}

/** Log probability of a decision that was made at these log odds. */
export function logDecision(logit: number, decision: number): number {
  return logLogistic(decision === 1 ? logit : -logit);
}
