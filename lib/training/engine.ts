import * as tf from '@tensorflow/tfjs';
import {handle, record, session, type Handle, type Provider, type RunOptions, type TensorFunction} from '../graph';

/**
 * What runs a model. A provider: the function is recorded once and run there; by default by the fastest on the processor, see `defaultProvider`.
 * `'eager'`: TensorFlow.js runs it operation by operation on its current back end; slow, and the reference for the others.
 */
export type Engine = Provider | 'eager';

/** A tensor function with its input shapes fixed, ready to run many times. */
export interface Executable {
  run(inputs: readonly Handle[], options?: Pick<RunOptions, 'donate'>): Promise<readonly Handle[]>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /** Compute in a thread of its own, so that several trainings overlap and the caller stays responsive; default false. */
  readonly background?: boolean;
}

/** Makes `fn` executable for float32 inputs of the given shapes. */
export async function compile(fn: TensorFunction, shapes: readonly (readonly number[])[], engine: Engine, {background = false}: CompileOptions = {}): Promise<Executable> {
  return engine === 'eager' ? eager(fn) : session(record(fn, shapes.map(shape => ({shape}))), {provider: engine, background});
}

function eager(fn: TensorFunction): Executable {
  return {
    async run(inputs) {
      const outputs = tf.tidy(() => {
        const result = fn(...inputs.map(({shape, data}) => tf.tensor(data as Float32Array, [...shape], 'float32')));
        return (Array.isArray(result) ? result : [result]) as tf.Tensor[];
      });
      const values = await Promise.all(outputs.map(async t => handle(await t.data() as Float32Array, t.shape)));
      tf.dispose(outputs);
      return values;
    },
    async dispose() {},
  };
}
