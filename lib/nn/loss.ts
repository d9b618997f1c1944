import * as tf from '@tensorflow/tfjs';

/**
 * Squared error averaged over the measured times of each unit and component, summed over components and averaged over
 * units. In the scaler's units every component has variance 1, so the division by sigma_j^2 has already happened. A
 * unit without any measurement of a component adds nothing for it.
 * @param predicted `[B, S, dy]`
 * @param target `[B, S, dy]`
 * @param observed `[B, S, dy]`, 1 where measured
 * @paper section 4.3
 */
export function maskedSquaredError(predicted: tf.Tensor3D, target: tf.Tensor3D, observed: tf.Tensor3D): tf.Scalar {
  const perUnit = tf.maximum(tf.sum(observed, 1, true), 1);
  const squared = tf.mul(tf.squaredDifference(predicted, target), tf.div(observed, perUnit));
  return tf.div(tf.sum(squared), predicted.shape[0]);
}
