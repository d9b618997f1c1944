import * as tf from '@tensorflow/tfjs';

/** Applied to a value before standardising it; `'on or off'` makes it 1 where it is above a floor, else 0. */
export type Transform = 'identity' | 'log' | 'on or off';

/** How one channel is scaled. */
export interface ChannelScale {
  readonly transform: Transform;
  /** Smaller values are raised to this before a logarithm; only larger ones count as on. */
  readonly floor: number;
  /** Of the transformed values. */
  readonly mean: number;
  /** Of the transformed values, above 0. */
  readonly sd: number;
}

/** What scaling is made of, for values `V`: numbers or whole tensors. */
export interface Arithmetic<V> {
  add(a: V, b: number): V;
  sub(a: V, b: number): V;
  mul(a: V, b: number): V;
  div(a: V, b: number): V;
  /** The larger of both. */
  raise(a: V, least: number): V;
  /** 1 where `a` is larger, else 0. */
  above(a: V, b: number): V;
  log(a: V): V;
  exp(a: V): V;
}

export const NUMBERS: Arithmetic<number> = {
  add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b,
  raise: Math.max, above: (a, b) => Number(a > b), log: Math.log, exp: Math.exp,
};

export const TENSORS: Arithmetic<tf.Tensor> = {
  add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div,
  raise: tf.maximum, above: (a, b) => tf.cast(tf.greater(a, b), 'float32'), log: tf.log, exp: tf.exp,
};

/** A transform and its way back. */
interface Way {
  forward<V>(a: Arithmetic<V>, value: V, floor: number): V;
  inverse<V>(a: Arithmetic<V>, value: V): V;
}

/** Every transform, written once for numbers and tensors. */
const WAYS: Readonly<Record<Transform, Way>> = {
  'identity': {forward: (_, value) => value, inverse: (_, value) => value},
  'log': {forward: (a, value, floor) => a.log(a.raise(value, floor)), inverse: (a, value) => a.exp(value)},
  // There is no way back to a dose; what comes back is whether there was one.
  'on or off': {forward: (a, value, floor) => a.above(value, floor), inverse: (_, value) => value},
};

/** Names of all transforms. */
export const TRANSFORMS = Object.keys(WAYS) as readonly Transform[];

/** The transform alone. */
export function transformed<V>(a: Arithmetic<V>, scale: Pick<ChannelScale, 'transform' | 'floor'>, value: V): V {
  return WAYS[scale.transform].forward(a, value, scale.floor);
}

/** A value in the data's unit to a standardised one. */
export function standardised<V>(a: Arithmetic<V>, scale: ChannelScale, value: V): V {
  return a.div(a.sub(transformed(a, scale, value), scale.mean), scale.sd);
}

/** The way back. */
export function restored<V>(a: Arithmetic<V>, {transform, mean, sd}: ChannelScale, value: V): V {
  return WAYS[transform].inverse(a, a.add(a.mul(value, sd), mean));
}
