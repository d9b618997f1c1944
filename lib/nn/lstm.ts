import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../errors';
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
 * @throws ArgumentError unless `inputs` and `hidden` are whole numbers >= 1.
 * @reference Hochreiter, Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735
 * @reference Jozefowicz, Zaremba, Sutskever 2015, An empirical exploration of recurrent network architectures (forget
 * bias).
 */
export function initLstm(
  rng: Rng, inputs: number, hidden: number, init: Exclude<LinearInit, 'zero'> = 'glorot',
): LstmParams {
  expectWhole('initLstm', {inputs, hidden});
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
  return {
    inputWeight: glorot(forInput, [inputs, 4 * hidden]), hiddenWeight: glorot(forHidden, [hidden, 4 * hidden]), bias,
  };
}

/** What an LSTM remembers between two times, each `[batch, hidden]`. */
export interface LstmState {
  readonly hidden: tf.Tensor2D;
  readonly cell: tf.Tensor2D;
}

/**
 * One step of an LSTM.
 * @param input `[batch, inputs]`
 * @param state what was remembered; absent at the start, which is zero
 */
export function lstmStep(params: Tensors<LstmParams>, input: tf.Tensor2D, state?: LstmState): LstmState {
  return advance(params, tf.add(tf.matMul(input, params.inputWeight as tf.Tensor2D), params.bias), state);
}

/**
 * States of an LSTM that starts at zero, one for each time.
 * @param x `[batch, time, inputs]`
 */
export function lstm(params: Tensors<LstmParams>, x: tf.Tensor3D): LstmState[] {
  const [batch, time, inputs] = x.shape, gates = params.bias.shape[0];
  // The input's share of all gates at all times is one product; only the recurrent share has to wait for its turn.
  const projected =
    tf.add(tf.matMul(x.reshape([batch * time, inputs]), params.inputWeight as tf.Tensor2D), params.bias);
  const states: LstmState[] = [];
  // The gradient of an unstack into one piece is wrong in TensorFlow.js 4.22, so a single time is not unstacked.
  const perTime = time === 1 ? [projected] : tf.unstack(projected.reshape([batch, time, gates!]), 1);
  for (const fromInput of perTime) states.push(advance(params, fromInput as tf.Tensor2D, states[states.length - 1]));
  return states;
}

function advance(params: Tensors<LstmParams>, fromInput: tf.Tensor2D, state: LstmState | undefined): LstmState {
  const gates =
    state ? tf.add<tf.Tensor2D>(fromInput, tf.matMul(state.hidden, params.hiddenWeight as tf.Tensor2D)) : fromInput;
  const [i, f, g, o] = tf.split(gates, 4, 1);
  const fresh = tf.mul<tf.Tensor2D>(tf.sigmoid(i), tf.tanh(g));
  const cell = state ? tf.add<tf.Tensor2D>(tf.mul(tf.sigmoid(f), state.cell), fresh) : fresh;
  return {hidden: tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell};
}
