import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../math/rng';
import {glorot, uniformWeight, zeros} from './initializers';
import type {LinearInit} from './linear';
import type {Tensors, Weight} from './tree';

/** Gates stand side by side in the order input, forget, cell, output. */
export interface LstmParams {
  /** `[inputs, 4 hidden]` */
  readonly inputWeight: Weight;
  /** `[hidden, 4 hidden]` */
  readonly hiddenWeight: Weight;
  /** `[4 hidden]` */
  readonly bias: Weight;
}

/**
 * Fresh parameters of a one-layer LSTM. With `'glorot'` (default) the forget gate's bias starts at 1, so that memory is
 * kept at first; `'fan-in'` draws everything uniform within 1/sqrt(hidden), as PyTorch does.
 * @reference Hochreiter, Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735
 * @reference Jozefowicz, Zaremba, Sutskever 2015, An empirical exploration of recurrent network architectures (forget bias).
 */
export function initLstm(rng: Rng, inputs: number, hidden: number, init: Exclude<LinearInit, 'zero'> = 'glorot'): LstmParams {
  const [forInput, forHidden, forBias] = split(rng, 3);
  if (init === 'fan-in') {
    const bound = 1 / Math.sqrt(hidden);
    return {
      inputWeight: uniformWeight(forInput, [inputs, 4 * hidden], bound),
      hiddenWeight: uniformWeight(forHidden, [hidden, 4 * hidden], bound),
      bias: uniformWeight(forBias, [4 * hidden], bound),
    };
  }
  const bias = zeros([4 * hidden]);
  bias.data.fill(1, hidden, 2 * hidden);
  return {inputWeight: glorot(forInput, [inputs, 4 * hidden]), hiddenWeight: glorot(forHidden, [hidden, 4 * hidden]), bias};
}

/**
 * Hidden states of an LSTM that starts at zero.
 * @param x `[batch, time, inputs]`
 * @returns one `[batch, hidden]` tensor for each time
 */
export function lstm(params: Tensors<LstmParams>, x: tf.Tensor3D): tf.Tensor2D[] {
  const [batch, time, inputs] = x.shape;
  const hiddenWeight = params.hiddenWeight as tf.Tensor2D;
  const hidden = hiddenWeight.shape[0];
  // The input's share of all gates at all times is one product; only the recurrent share has to wait for its turn.
  const projected = tf.add(tf.matMul(x.reshape([batch * time, inputs]), params.inputWeight as tf.Tensor2D), params.bias);
  const perTime = tf.unstack(projected.reshape([batch, time, 4 * hidden]), 1) as tf.Tensor2D[];
  const states: tf.Tensor2D[] = [];
  let cell: tf.Tensor2D | undefined;
  perTime.forEach((fromInput, k) => {
    const gates = k === 0 ? fromInput : tf.add<tf.Tensor2D>(fromInput, tf.matMul(states[k - 1], hiddenWeight));
    const [i, f, g, o] = tf.split(gates, 4, 1);
    const fresh = tf.mul<tf.Tensor2D>(tf.sigmoid(i), tf.tanh(g));
    cell = cell ? tf.add<tf.Tensor2D>(tf.mul(tf.sigmoid(f), cell), fresh) : fresh;
    states.push(tf.mul(tf.sigmoid(o), tf.tanh(cell)));
  });
  return states;
}
