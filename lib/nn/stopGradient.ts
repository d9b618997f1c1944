import * as tf from '@tensorflow/tfjs';

/** `x`, through which no gradient flows: what comes before it is not trained by what comes after. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  return detach(x) as T;
}

const detach = tf.customGrad(x => ({value: (x as tf.Tensor).clone(), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy)}));
