import * as tf from '@tensorflow/tfjs';
import {expect} from '../../errors';
import type {Rng} from '../../math/rng';
import {initMlp, mlp, type MlpParams, type Tensors} from '../../nn';

/**
 * How treatments are taken to be assigned, given what is known. `'bernoulli'`: each channel is given or not; it counts
 * as given where its standardised value is above 0, which for on-or-off treatments is exactly when they are on.
 * `'gaussian'`: each channel is a dose with a normal distribution whose mean and spread both depend on what is known.
 * Channels are independent of each other.
 */
export type Policy = 'bernoulli' | 'gaussian';

/** A treatment model on top of given features. */
export interface PropensityParams {
  readonly head: MlpParams;
}

/** How a treatment model is made. */
export interface PropensityOptions {
  readonly policy: Policy;
  /** Hidden layers, >= 0; default 1. */
  readonly hiddenLayers?: number;
  /** Units in each, >= 1; default 16. */
  readonly width?: number;
}

/** Throws an ArgumentError unless `policy` is a known one. */
export function expectPolicy(fn: string, policy: Policy): void {
  expect(policy === 'bernoulli' || policy === 'gaussian', {
    fn, argument: 'policy', expected: "'bernoulli' or 'gaussian'", received: policy,
  });
}

/**
 * Fresh parameters for `inputs` features and `treatments` channels; an untrained head answers 1/2, or a standard
 * normal.
 * @throws ArgumentError for an unknown policy, or layers and width that are no whole numbers.
 */
export function initPropensity(
  rng: Rng, inputs: number, treatments: number, {policy, hiddenLayers = 1, width = 16}: PropensityOptions,
): PropensityParams {
  expectPolicy('initPropensity', policy);
  return {head: initMlp(rng, inputs, policy === 'bernoulli' ? treatments : 2 * treatments, {
    hiddenLayers, width, initLast: 'zero',
  })};
}

/**
 * Log density of treatments given features, summed over channels, `[N]`: `p^A (1-p)^(1-A)` for `'bernoulli'`, whatever
 * was given, and not the probability of giving it.
 * @param features `[N, inputs]`
 * @param treatments `[N, da]`, standardised
 */
export function logPropensity(
  params: Tensors<PropensityParams>, features: tf.Tensor2D, treatments: tf.Tensor2D, policy: Policy,
): tf.Tensor1D {
  const out = mlp(params.head as Tensors<MlpParams>, features, 'elu');
  return tf.sum(policy === 'bernoulli' ? logBernoulli(out, treatments) : logGaussian(out, treatments), 1);
}

/** Probability that each channel is given, `[N, da]`; for `'bernoulli'` heads. */
export function propensity(params: Tensors<PropensityParams>, features: tf.Tensor2D): tf.Tensor2D {
  return tf.sigmoid(mlp(params.head as Tensors<MlpParams>, features, 'elu'));
}

/**
 * log p where given, log (1 - p) where not, without overflow: -softplus of the logit that speaks against what was
 * given.
 */
function logBernoulli(logit: tf.Tensor2D, treatments: tf.Tensor2D): tf.Tensor2D {
  const given = tf.cast(tf.greater(treatments, 0), 'float32');
  return tf.neg(tf.softplus(tf.mul<tf.Tensor2D>(logit, tf.sub(1, tf.mul(given, 2)))));
}

/** The spread stays within e^-3 and e^3 standard deviations, smoothly, so that no density can blow up. */
const LOG_SD_BOUND = 3;

function logGaussian(out: tf.Tensor2D, treatments: tf.Tensor2D): tf.Tensor2D {
  const [mean, raw] = tf.split(out, 2, 1);
  const logSd = tf.mul(tf.tanh(tf.div(raw, LOG_SD_BOUND)), LOG_SD_BOUND);
  const z = tf.mul(tf.sub(treatments, mean), tf.exp(tf.neg(logSd)));
  return tf.sub<tf.Tensor2D>(tf.mul(tf.square(z), -0.5), tf.add(logSd, 0.5 * Math.log(2 * Math.PI)));
}
