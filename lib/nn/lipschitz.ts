import * as tf from '@tensorflow/tfjs';
import type {LinearParams} from './linear';
import type {Tensors} from './tree';

/**
 * A dense layer that no input can move by more than `most` times its own move, both measured by their largest
 * component: each column of weights whose sizes add up to more is divided by what is too much. The bias moves nothing
 * and stays.
 * @param params `weight [in, out]`, `bias [out]`
 * @param most > 0
 * @reference Gouk, Frank, Pfahringer, Cree 2021, Regularisation of neural networks by enforcing Lipschitz continuity.
 * doi:10.1007/s10994-020-05929-w
 */
export function lipschitz({weight, bias}: Tensors<LinearParams>, most: number): Tensors<LinearParams> {
  const sums = tf.sum(tf.abs(weight), 0, true);
  return {weight: tf.div(weight, tf.maximum(tf.div(sums, most), 1)), bias};
}
