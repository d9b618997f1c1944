import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../math/rng';
import {expect, expectWhole} from '../errors';
import {initLinear, linear, type LinearInit, type LinearParams} from './linear';
import type {Tensors} from './tree';

/** Names of the activations a network can use; the paper searches leakyrelu, tanh and sigmoid (Table 8). */
export type Activation = 'tanh' | 'leakyrelu' | 'sigmoid' | 'softplus' | 'silu' | 'elu';

const ACTIVATIONS: Readonly<Record<Activation, (x: tf.Tensor2D) => tf.Tensor2D>> = {
  tanh: x => tf.tanh(x),
  leakyrelu: x => tf.leakyRelu(x, 0.01),
  sigmoid: x => tf.sigmoid(x),
  softplus: x => tf.softplus(x),
  silu: x => tf.mul(x, tf.sigmoid(x)),
  elu: x => tf.elu(x),
};

/** The layers of a multilayer perceptron, first to last. */
export interface MlpParams {
  readonly layers: readonly LinearParams[];
}

/** Shape and start of a multilayer perceptron. */
export interface MlpOptions {
  /** Hidden layers, >= 0; 0 is an affine map. */
  readonly hiddenLayers: number;
  /** Units in each hidden layer, >= 1. */
  readonly width: number;
  /** How hidden layers and, unless `initLast` says otherwise, the output layer start; default `'glorot'`. */
  readonly init?: LinearInit;
  /** How the output layer starts; default as `init`. */
  readonly initLast?: LinearInit;
}

/**
 * Fresh parameters of an MLP from `inputs` to `outputs`.
 * @throws ArgumentError unless sizes and layers are whole numbers, >= 0, and `width` >= 1.
 */
export function initMlp(rng: Rng, inputs: number, outputs: number, options: MlpOptions): MlpParams {
  const {hiddenLayers, width, init = 'glorot', initLast = init} = options;
  expectWhole('initMlp', {inputs, outputs, hiddenLayers}, 0);
  expectWhole('initMlp', {width});
  const sizes = [inputs, ...Array<number>(hiddenLayers).fill(width), outputs];
  const rngs = split(rng, sizes.length - 1);
  return {layers: rngs.map((r, i) => initLinear(r, sizes[i], sizes[i + 1], i === hiddenLayers ? initLast : init))};
}

/**
 * The MLP at `x [batch, in]`: the activation follows every layer but the last.
 * @throws ArgumentError for an unknown activation.
 */
export function mlp(params: Tensors<MlpParams>, x: tf.Tensor2D, activation: Activation): tf.Tensor2D {
  const {layers} = params;
  return layers.reduce((h, layer, i) => {
    const out = linear(layer, h);
    return i < layers.length - 1 ? activate(activation, out) : out;
  }, x);
}

/** Applies a named activation to `x [batch, units]`. @throws ArgumentError for an unknown name. */
export function activate(name: Activation, x: tf.Tensor2D): tf.Tensor2D {
  const f = ACTIVATIONS[name];
  expect(f, {
    fn: 'activate', argument: 'name', expected: `one of ${Object.keys(ACTIVATIONS).join(', ')}`, received: name,
  });
  return f(x);
}
