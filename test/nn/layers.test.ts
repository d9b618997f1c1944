import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {rng} from '../../lib/math/rng';
import {initLinear, initLstm, initMlp, linear, lstm, maskedSquaredError, mlp, tensors} from '../../lib/nn';

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++)
    assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance, `[${i}]: ${actual[i]} is not ${expected[i]}`);
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('layers', () => {
  it('linear is x W + b', () => {
    const params = {weight: tf.tensor2d([[1, 2], [3, 4]]), bias: tf.tensor1d([10, 20])};
    close(linear(params, tf.tensor2d([[1, 1], [0, 2]])).dataSync(), [14, 26, 16, 28]);
  });

  it('an MLP without hidden layers is affine, and one with a hidden layer agrees with the formula', () => {
    const p = initMlp(rng(1), 2, 1, {hiddenLayers: 1, width: 3});
    const x = [0.3, -0.7];
    const [first, last] = p.layers;
    const hidden = [0, 1, 2].map(j =>
      Math.tanh(x[0] * first.weight.data[j] + x[1] * first.weight.data[3 + j] + first.bias.data[j]));
    const expected = hidden.reduce((sum, h, j) => sum + h * last.weight.data[j], last.bias.data[0]);
    close(mlp(tensors(p), tf.tensor2d([x]), 'tanh').dataSync(), [expected]);
  });

  it('refuses a negative number of layers and an unknown activation', () => {
    assert.throws(
      () => initMlp(rng(1), 2, 1, {hiddenLayers: -1, width: 3}),
      /initMlp: argument `hiddenLayers` must be a whole number >= 0; received -1/,
    );
    assert.throws(
      () => mlp(tensors(initMlp(rng(1), 1, 1, {hiddenLayers: 1, width: 1})), tf.zeros([1, 1]), 'relux' as never),
      /activate: argument `name` must be one of tanh/,
    );
  });

  it('the LSTM equals a scalar recurrence written out in float64', () => {
    const p = initLstm(rng(2), 1, 1);
    const [wi, wf, wg, wo] = p.inputWeight.data, [ui, uf, ug, uo] = p.hiddenWeight.data, [bi, bf, bg, bo] = p.bias.data;
    let h = 0, c = 0;
    const xs = [0.5, -1, 2];
    const expected = xs.map(x => {
      c = sigmoid(wf * x + uf * h + bf) * c + sigmoid(wi * x + ui * h + bi) * Math.tanh(wg * x + ug * h + bg);
      return (h = sigmoid(wo * x + uo * h + bo) * Math.tanh(c));
    });
    close(lstm(tensors(p), tf.tensor3d([xs.map(x => [x])])).map(s => s.hidden.dataSync()[0]), expected, 1e-6);
  });

  it('weights are reproducible from the seed and differ between seeds', () => {
    const weights = (seed: number) => initLinear(rng(seed), 4, 3).weight.data;
    assert.deepEqual(weights(7), weights(7));
    assert.notDeepEqual(weights(7), weights(8));
  });

  it('the masked loss averages over measured times per unit and component, then over units (section 4.3)', () => {
    const predicted = tf.tensor3d([[[1, 0], [3, 0]], [[0, 0], [0, 5]]]);
    const target = tf.zerosLike(predicted);
    const observed = tf.tensor3d([[[1, 1], [1, 0]], [[0, 0], [0, 1]]]);
    // unit 1: component 1 (1 + 9) / 2 = 5, component 2 0; unit 2: component 1 never measured, component 2 25.
    close(maskedSquaredError(predicted, target, observed).dataSync(), [(5 + 25) / 2]);
  });
});
