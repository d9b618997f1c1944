import * as tf from '@tensorflow/tfjs';
import {
  handle, nativeAvailable, session, type InputSpec, type Program, type Provider, type TensorData, type TensorFunction,
} from '../../lib/graph';
import {fold, rng, uniform} from '../../lib/math/rng';

/** Seeded values in `[low, high)` for a specification; whole numbers for int32, 0 or 1 for bool. */
export function sample({shape, dtype = 'float32'}: InputSpec, seed: number, low = -1, high = 1): TensorData {
  const u = uniform(fold(rng(11), seed), tf.util.sizeFromShape([...shape]));
  if (dtype === 'bool') return Uint8Array.from(u, v => Number(v > 0.5));
  const values = u.map(v => low + (high - low) * v);
  return dtype === 'int32' ? Int32Array.from(values, Math.floor) : Float32Array.from(values);
}

/** What eager TensorFlow.js (cpu) computes. */
export function eager(fn: TensorFunction, specs: readonly InputSpec[], data: readonly TensorData[]): TensorData[] {
  return tf.tidy(() => {
    const outputs = fn(...data.map((d, i) => tf.tensor(d, [...specs[i].shape], specs[i].dtype ?? 'float32')));
    return (Array.isArray(outputs) ? outputs : [outputs]).map((t: tf.Tensor) => t.dataSync() as TensorData);
  });
}

/** The providers that compute on the processor of this machine: ONNX Runtime, and our engine in C where there is a compiler (always, if OBSNODE_REQUIRE_NATIVE is set). */
export async function processors(): Promise<Provider[]> {
  return process.env.OBSNODE_REQUIRE_NATIVE || (await nativeAvailable()) ? ['cpu', 'native'] : ['cpu'];
}

/** What a compiled session computes. */
export async function compiled(
  program: Program, data: readonly TensorData[], provider: Provider = 'cpu',
): Promise<TensorData[]> {
  const s = await session(program, {provider});
  try {
    return (await s.run(data.map((d, i) => handle(d, program.inputs[i].shape, program.inputs[i].dtype)))).map(h =>
      h.data);
  } finally {
    await s.dispose();
  }
}

/** Largest difference relative to the largest expected magnitude (or 1e-3 if all are smaller); infinite where NaN or length disagree. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let scale = 1e-3, worst = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(Number(actual[i]), Number(expected[i])) || (Number.isNaN(actual[i]) && Number.isNaN(expected[i])))
      continue;
    const difference = Math.abs(actual[i] - expected[i]);
    if (!Number.isFinite(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  return worst / scale;
}

/** `fn` followed by the gradients of a fixed weighted sum of its first output with respect to every input. */
export function withGradients(fn: TensorFunction): TensorFunction {
  return (...inputs) => {
    const scalarLoss = (...x: tf.Tensor[]) => {
      const out = fn(...x);
      const y = (Array.isArray(out) ? out[0] : out) as tf.Tensor;
      const weights = tf.cos(tf.range(1, y.size + 1)).reshape(y.shape);
      return tf.sum(tf.mul(y, weights)).asScalar();
    };
    const {value, grads} = tf.valueAndGrads(scalarLoss)(inputs);
    return [value, ...grads];
  };
}
