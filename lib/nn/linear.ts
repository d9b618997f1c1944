import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../errors';
import {split, type Rng} from '../math/rng';
import {glorot, uniformWeight, zeros} from './initializers';
import type {Tensors, Weight} from './tree';

/** `weight [in, out]`, `bias [out]`. */
export interface LinearParams {
  readonly weight: Weight;
  readonly bias: Weight;
}

/**
 * How a layer starts. `'glorot'`: Glorot uniform, zero bias (default). `'fan-in'`: weight and bias uniform within
 * 1/sqrt(in), which is what PyTorch's linear layers do. `'zero'`: the layer's output starts at 0.
 */
export type LinearInit = 'glorot' | 'fan-in' | 'zero';

/**
 * Fresh parameters of a dense layer with `inputs` and `outputs` units.
 * @throws ArgumentError unless both are whole numbers >= 0.
 */
export function initLinear(rng: Rng, inputs: number, outputs: number, init: LinearInit = 'glorot'): LinearParams {
  expectWhole('initLinear', {inputs, outputs}, 0);
  const [forWeight, forBias] = split(rng, 2);
  switch (init) {
    case 'glorot': return {weight: glorot(forWeight, [inputs, outputs]), bias: zeros([outputs])};
    case 'fan-in': {
      const bound = 1 / Math.sqrt(inputs);
      return {
        weight: uniformWeight(forWeight, [inputs, outputs], bound), bias: uniformWeight(forBias, [outputs], bound),
      };
    }
    case 'zero': return {weight: zeros([inputs, outputs]), bias: zeros([outputs])};
  }
}

/** `x W + b`: `[batch, in]` to `[batch, out]`. */
export function linear(params: Tensors<LinearParams>, x: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(x, params.weight as tf.Tensor2D), params.bias);
}
