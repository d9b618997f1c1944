import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {fold, normal, rng} from '../../lib/math';
import {initMlp, mlp, tensors} from '../../lib/nn';
import {initField, observableField} from '../../lib/models/stateSpace/obsnode/field';
import {empiricalGramian, learnedField, spreadDirections} from '../../lib/observability';

describe('learned fields in float64', () => {
  const z = [0.3, -0.7, 0.2, 0.9], a = [0.5];
  const close = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    assert.ok(Array.from(x).every((v, i) => Math.abs(v - y[i]) < 1e-6) && x.length === y.length);
  before(() => tf.setBackend('cpu'));

  it('the normal form of perceptrons is the one the model trains', () => {
    const weights = initField(rng(1), {blocks: 2, outcomes: 2, treatments: 1}, {hiddenLayers: 2, width: 8});
    const expected = tf.tidy(() =>
      observableField(tensors(weights), tf.tensor2d([z]), tf.tensor2d([a]), 'tanh').dataSync());
    close(learnedField(weights, 2)(Float64Array.from(z), Float64Array.from(a)), expected);
  });

  it('so is the free field', () => {
    const weights = initMlp(rng(2), 5, 4, {hiddenLayers: 2, width: 8});
    const expected = tf.tidy(() => mlp(tensors(weights), tf.tensor2d([[...z, ...a]]), 'tanh').dataSync());
    close(learnedField(weights, 2)(Float64Array.from(z), Float64Array.from(a)), expected);
  });

  it('a state of the wrong size is refused', () => {
    assert.throws(() => learnedField(
      initMlp(rng(2), 5, 4, {hiddenLayers: 1, width: 8}), 2,
    )(Float64Array.of(1, 2), Float64Array.of(0)), /5 values/);
  });
});

describe('directions of spread', () => {
  const cloud = Array.from({length: 40}, (_, k) => Array.from(normal(fold(rng(1), k), 2)));

  it('their outer products add up to the covariance', () => {
    const d = spreadDirections(cloud), centre = [0, 1].map(i => cloud.reduce((s, z) => s + z[i], 0) / 40);
    for (const [i, j] of [[0, 0], [0, 1], [1, 1]]) {
      const covariance = cloud.reduce((s, z) => s + (z[i] - centre[i]) * (z[j] - centre[j]), 0) / 39;
      assert.ok(Math.abs(d[0][i] * d[0][j] + d[1][i] * d[1][j] - covariance) < 1e-12);
    }
  });

  it('along them visibility does not depend on the coordinates of the state', () => {
    const to = ([x, y]: ArrayLike<number> & Iterable<number>) => Float64Array.of(5 * x - y, 2 * x + 0.3 * y);
    const back = ([u, v]: ArrayLike<number> & Iterable<number>) =>
      Float64Array.of((0.3 * u + v) / 3.5, (5 * v - 2 * u) / 3.5);
    const field = ([x, y]: Float64Array) => Float64Array.of(y, -Math.sin(x));
    const measure = (x: Float64Array) => x.slice(0, 1), options = {inputs: [[]], horizon: 2};
    const here = empiricalGramian({field, measure}, cloud[0], {...options, directions: spreadDirections(cloud)});
    const there = empiricalGramian({field: z => to(field(back(z))), measure: z => measure(back(z))}, to(cloud[0]), {
      ...options, directions: spreadDirections(cloud.map(to)),
    });
    here.eigenvalues.forEach((v, i) => assert.ok(Math.abs(v - there.eigenvalues[i]) < 1e-6 * v));
  });

  it('a flat cloud is refused', () => {
    assert.throws(() => spreadDirections(cloud.map(([x]) => [x, 0])), /every direction/);
  });
});
