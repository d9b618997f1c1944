import * as tf from '@tensorflow/tfjs';
import {gradientReversal, type Tensors} from '../../nn';
import {logPropensity, type Policy, type PropensityParams} from './propensity';

/**
 * Strength of a balancing term: `most * (2 / (1 + exp(-10 p)) - 1)`, which rises from 0 at the start of training to
 * `most` soon after.
 * @param progress share p of the training done, in [0, 1]
 * @reference Ganin, Lempitsky 2015, arXiv:1409.7495, section 4
 */
export function balancingStrength(progress: tf.Scalar, most = 1): tf.Scalar {
  return tf.mul(tf.sub(tf.div(2, tf.add(tf.exp(tf.mul(progress, -10)), 1)), 1), most) as tf.Scalar;
}

/** What is to be balanced: what a network makes of each row, and the treatment that is given next. */
export interface BalancedRows {
  /** `[N, r]` */
  readonly representation: tf.Tensor2D;
  /** `[N, da]`, standardised */
  readonly treatments: tf.Tensor2D;
  /** `[N, 1]`, 1 for rows that count */
  readonly active: tf.Tensor2D;
}

/**
 * Mean negative log likelihood of the treatment that is given next, seen through a reversed gradient: the head learns
 * to tell treatments from the representation, the representation learns not to give them away, so that units under
 * different treatments look alike.
 * @param rows a batch of N rows
 * @param strength of the reversed gradient; see {@link balancingStrength}
 */
export function balancingLoss(
  params: Tensors<PropensityParams>, {representation, treatments, active}: BalancedRows, strength: tf.Scalar,
  policy: Policy,
): tf.Scalar {
  const logDensity = logPropensity(params, gradientReversal(representation, strength), treatments, policy);
  return activeMean(tf.neg(logDensity), active);
}

/** Mean of `values [N]` over the rows where `active [N, 1]` is 1; 0 if there is none. */
export function activeMean(values: tf.Tensor1D, active: tf.Tensor2D): tf.Scalar {
  return tf.div(tf.sum(tf.mul(values, active.reshape<tf.Tensor1D>([-1]))), tf.maximum(tf.sum(active), 1)) as tf.Scalar;
}
