import * as tf from '@tensorflow/tfjs';
import type {Tensors} from '../../nn';
import {propensity, type PropensityParams} from '../adjustment/propensity';

/**
 * The balancing term as the released program computes it: its cross-entropy takes the units of a batch for classes,
 * grows with their number, and is then squashed by x / (1 + x), which leaves a slope near 0; encoder and head both push
 * it the same way. To be compared with a term that works, not to be used.
 * @param z `[B, h]`
 * @param treatments `[B, da]`, above 0 where given
 */
export function saturatedAdversary(
  head: Tensors<PropensityParams>, z: tf.Tensor2D, treatments: tf.Tensor2D,
): tf.Scalar {
  const given = tf.cast(tf.greater(treatments, 0), 'float32');
  const acrossUnits = tf.transpose(tf.logSoftmax(tf.transpose(propensity(head, z))));
  const crossEntropy = tf.neg(tf.sum(tf.mul(given, acrossUnits), 0));
  return tf.neg(tf.mean(tf.div(crossEntropy, tf.add(1, crossEntropy)))) as tf.Scalar;
}
