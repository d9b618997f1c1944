import * as tf from '@tensorflow/tfjs';
import type {TargetTensors} from '../network';

/** The logarithm of the spread stays within -5 and 5, smoothly: no data make the loss infinite. */
const BOUND = 5;

/**
 * Negative log likelihood of the outcomes around the forecasts, without its constant: averaged over the measured times
 * of each unit and component, summed over components and averaged over units.
 * @param predicted `[B, S, dy]`
 * @param logSd `[dy]`
 */
export function gaussianLoss(predicted: tf.Tensor3D, logSd: tf.Tensor, {outcomes, observed}: TargetTensors): tf.Scalar {
  const bounded = tf.mul(tf.tanh(tf.div(logSd, BOUND)), BOUND);
  const perUnit = tf.div(observed, tf.maximum(tf.sum(observed, 1, true), 1));
  const squared = tf.mul(tf.squaredDifference(predicted, outcomes), tf.exp(tf.mul(bounded, -2)));
  return tf.div(tf.sum(tf.mul(perUnit, tf.add(tf.mul(squared, 0.5), bounded))), predicted.shape[0]);
}
