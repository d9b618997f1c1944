import * as tf from '@tensorflow/tfjs';
import {expect} from '../../errors';
import {stopGradient} from '../../nn';

/** Options of {@link stabilisedWeights}. */
export interface WeightOptions {
  /**
   * Weights are kept within 1/limit and limit; > 1, default 20. The usual truncation at quantiles needs a sort, which a
   * recorded program has not; a fixed limit also makes a weight independent of who else is in the batch.
   */
  readonly limit?: number;
}

/**
 * Stabilised inverse-propensity weights for each horizon: the product over the steps so far of numerator over
 * denominator, in logarithms, limited and divided by the mean over the active rows of its step, `[B, S]`. Weights carry
 * no gradient: a fit cannot lower its loss by changing them.
 * @param numerator `[B, S]`, log density of the treatment of each step given treatments alone (or what is known at t_c)
 * @param denominator `[B, S]`, log density given everything known at that step
 * @param active `[B, S]`, 1 where the step counts; inactive steps get weight 0
 * @throws ArgumentError unless `limit` is finite and > 1.
 * @reference Robins, Hernan, Brumback 2000, doi:10.1097/00001648-200009000-00011
 */
export function stabilisedWeights(
  numerator: tf.Tensor2D, denominator: tf.Tensor2D, active: tf.Tensor2D, {limit = 20}: WeightOptions = {},
): tf.Tensor2D {
  expectLimit('stabilisedWeights', limit);
  const bound = Math.log(limit);
  const log = tf.clipByValue(tf.cumsum(tf.sub(numerator, denominator), 1), -bound, bound);
  const weights = tf.mul(tf.exp(log), active);
  const mean = tf.div(tf.sum(weights, 0, true), tf.maximum(tf.sum(active, 0, true), 1));
  return stopGradient(tf.div(weights, tf.maximum(mean, 1e-12)));
}

/** Throws an ArgumentError unless `limit` can be one. */
export function expectLimit(fn: string, limit: number): void {
  expect(limit > 1 && Number.isFinite(limit), {
    fn, argument: 'limit', expected: 'a finite number > 1', received: limit,
  });
}

/**
 * Squared error as in `maskedSquaredError`, each step of each row multiplied by its weight.
 * @param predicted `[B, S, dy]`
 * @param target `[B, S, dy]`
 * @param observed `[B, S, dy]`, 1 where measured
 * @param weights `[B, S]`
 */
export function weightedSquaredError(
  predicted: tf.Tensor3D, target: tf.Tensor3D, observed: tf.Tensor3D, weights: tf.Tensor2D,
): tf.Scalar {
  const perUnit = tf.maximum(tf.sum(observed, 1, true), 1);
  const share = tf.mul(tf.div(observed, perUnit), weights.expandDims(2));
  return tf.div(tf.sum(tf.mul(tf.squaredDifference(predicted, target), share)), predicted.shape[0]);
}
