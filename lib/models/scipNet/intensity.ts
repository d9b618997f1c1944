import * as tf from '@tensorflow/tfjs';

/**
 * Log density of the time to the next treatment decision when decisions come at a constant rate within an interval:
 * `log(rate) - rate * duration`. Where decisions are regular the most likely rate is one over their distance, for every
 * unit and whatever is known of it, so that numerator and denominator cancel.
 * @param logRate `[B, S]`
 * @param duration `[B, S]`
 */
export function logIntensity(logRate: tf.Tensor2D, duration: tf.Tensor2D): tf.Tensor2D {
  return tf.sub(logRate, tf.mul(tf.exp(logRate), duration));
}
