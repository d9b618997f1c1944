import * as tf from '@tensorflow/tfjs';

/** Options of `adam`. */
export interface AdamOptions {
  /** Decay of the mean of gradients, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** Keeps the division finite, > 0; default 1e-8. */
  readonly epsilon?: number;
  /**
   * Decoupled weight decay per unit of learning rate, >= 0; default 0.
   * @reference Loshchilov, Hutter 2019, arXiv:1711.05101
   */
  readonly weightDecay?: number;
  /** Largest Euclidean norm of the whole gradient, > 0; longer ones are shortened. Default: none. */
  readonly clipNorm?: number;
}

/** All trainable numbers in one vector, and Adam's two running means. */
export interface AdamState<T> {
  readonly params: T;
  readonly mean: T;
  readonly square: T;
}

/**
 * One step of Adam over flat vectors `[P]`.
 * @param rates `[3]`: learning rate, 1 / (1 - beta1^t), 1 / (1 - beta2^t); see {@link adamRates}
 * @reference Kingma, Ba 2015, Adam: a method for stochastic optimization, arXiv:1412.6980
 */
export function adam(
  state: AdamState<tf.Tensor1D>, gradient: tf.Tensor1D, rates: tf.Tensor1D, options: AdamOptions = {},
): AdamState<tf.Tensor1D> {
  const {beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, clipNorm} = options;
  const [rate, unbias1, unbias2] = tf.split(rates, 3);
  const g = clipNorm === undefined ? gradient : clip(gradient, clipNorm);
  const mean = tf.add<tf.Tensor1D>(tf.mul(state.mean, beta1), tf.mul(g, 1 - beta1));
  const square = tf.add<tf.Tensor1D>(tf.mul(state.square, beta2), tf.mul(tf.square(g), 1 - beta2));
  const direction = tf.div(tf.mul(mean, unbias1), tf.add(tf.sqrt(tf.mul(square, unbias2)), epsilon));
  const step = weightDecay === 0 ? direction : tf.add(direction, tf.mul(state.params, weightDecay));
  return {params: tf.sub(state.params, tf.mul(rate, step)), mean, square};
}

/** What `adam` needs at step `t` (1, 2, ...): computed in float64, where 1 - beta^t loses no digits. */
export function adamRates(
  learningRate: number, t: number, {beta1 = 0.9, beta2 = 0.999}: AdamOptions = {},
): Float32Array {
  return Float32Array.of(learningRate, 1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t));
}

function clip(gradient: tf.Tensor1D, norm: number): tf.Tensor1D {
  const length = tf.sqrt(tf.sum(tf.square(gradient)));
  return tf.mul(gradient, tf.minimum(1, tf.div(norm, tf.add(length, 1e-12))));
}

/** Learning rate that falls along half a cosine from `from` to `to`; `fraction` of the training in [0, 1]. */
export function cosineRate({from, to}: {readonly from: number; readonly to: number}, fraction: number): number {
  return to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * Math.min(1, fraction)));
}
