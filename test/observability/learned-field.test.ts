import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {rng} from '../../lib/math';
import {initMlp, mlp, tensors} from '../../lib/nn';
import {initField, observableField} from '../../lib/models/obsnode/field';
import {learnedField} from '../../lib/observability';

describe('learned fields in float64', () => {
  const z = [0.3, -0.7, 0.2, 0.9], a = [0.5], close = (x: ArrayLike<number>, y: ArrayLike<number>) => assert.ok(Array.from(x).every((v, i) => Math.abs(v - y[i]) < 1e-6) && x.length === y.length);
  before(() => tf.setBackend('cpu'));

  it('the normal form of perceptrons is the one the model trains', () => {
    const weights = initField(rng(1), {blocks: 2, outcomes: 2, treatments: 1}, {hiddenLayers: 2, width: 8});
    const expected = tf.tidy(() => observableField(tensors(weights), tf.tensor2d([z]), tf.tensor2d([a]), 'tanh').dataSync());
    close(learnedField(weights, 2)(Float64Array.from(z), Float64Array.from(a)), expected);
  });

  it('so is the free field', () => {
    const weights = initMlp(rng(2), 5, 4, {hiddenLayers: 2, width: 8});
    const expected = tf.tidy(() => mlp(tensors(weights), tf.tensor2d([[...z, ...a]]), 'tanh').dataSync());
    close(learnedField(weights, 2)(Float64Array.from(z), Float64Array.from(a)), expected);
  });

  it('a state of the wrong size is refused', () => {
    assert.throws(() => learnedField(initMlp(rng(2), 5, 4, {hiddenLayers: 1, width: 8}), 2)(Float64Array.of(1, 2), Float64Array.of(0)), /5 values/);
  });
});
