import * as tf from '@tensorflow/tfjs';
import type {TargetTensors} from '../network';

/**
 * `maskedSquaredError` with a weight for each unit and step; weights that are all 1 change nothing.
 * @param weights `[B, S]`
 */
export function weightedSquaredError(predicted: tf.Tensor3D, {outcomes, observed}: TargetTensors, weights: tf.Tensor2D): tf.Scalar {
  const perUnit = tf.maximum(tf.sum(observed, 1, true), 1), squared = tf.mul(tf.squaredDifference(predicted, outcomes), tf.div(observed, perUnit));
  return tf.div(tf.sum(tf.mul(squared, weights.expandDims(2))), predicted.shape[0]);
}
