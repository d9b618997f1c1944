import {expectWhole} from '../errors';
import * as tf from '@tensorflow/tfjs';
import {zeros} from './initializers';
import type {Tensors, Weight} from './tree';

/** `gain [d]`, `offset [d]`. */
export interface LayerNormParams {
  readonly gain: Weight;
  readonly offset: Weight;
}

/** Fresh parameters: gain 1, offset 0. @throws ArgumentError unless `dim` is a whole number >= 1. */
export function initLayerNorm(dim: number): LayerNormParams {
  expectWhole('initLayerNorm', {dim});
  return {gain: {shape: [dim], data: zeros([dim]).data.fill(1)}, offset: zeros([dim])};
}

/** Keeps rows of equal numbers finite. */
const EPSILON = 1e-5;

/**
 * Every row brought to mean 0 and variance 1, then scaled and shifted by learned numbers. `[..., d]`
 * @reference Ba, Kiros, Hinton 2016, Layer normalization, arXiv:1607.06450
 */
export function layerNorm<T extends tf.Tensor>(params: Tensors<LayerNormParams>, x: T): T {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON));
  return tf.add(tf.mul(tf.mul(centred, scale), params.gain), params.offset);
}
