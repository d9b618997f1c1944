import * as tf from '@tensorflow/tfjs';

/** A dense float32 value on its way into or out of an {@link Executable}. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A tensor function with its input shapes fixed, ready to run many times. */
export interface Executable {
  run(inputs: readonly Value[]): Promise<readonly Value[]>;
  dispose(): Promise<void>;
}

/** A function from tensors to tensors. */
export type TensorFunction = (inputs: tf.Tensor[]) => tf.Tensor[];

/** Runs `fn` operation by operation on the current TensorFlow.js back end: slow, and the reference for the recorded engine. */
export function eager(fn: TensorFunction): Executable {
  return {
    async run(inputs) {
      const outputs = tf.tidy(() => fn(inputs.map(({shape, data}) => tf.tensor(data, [...shape], 'float32'))));
      const values = await Promise.all(outputs.map(async t => ({shape: t.shape, data: await t.data() as Float32Array})));
      tf.dispose(outputs);
      return values;
    },
    async dispose() {},
  };
}
