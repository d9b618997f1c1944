import * as tf from '@tensorflow/tfjs';

/**
 * `x` on the way forward; on the way back the gradient comes out multiplied by `-strength`. What follows learns its
 * task as usual, what comes before learns to make that task hard.
 * @param strength a scalar >= 0; taken as a constant
 * @reference Ganin, Lempitsky 2015, Unsupervised domain adaptation by backpropagation, arXiv:1409.7495
 */
export function gradientReversal<T extends tf.Tensor>(x: T, strength: tf.Scalar): T {
  const reversed = tf.customGrad((input, save) => {
    // Saved, since the eager engine frees what a gradient does not ask for.
    (save as (tensors: tf.Tensor[]) => void)([strength]);
    return {
      value: (input as tf.Tensor).clone(), gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.neg(tf.mul(dy, saved)),
    };
  });
  return reversed(x) as T;
}
