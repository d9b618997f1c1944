import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {historyAt, planAt} from '../../lib/data';
import {normal, rng} from '../../lib/math';
import {cfOde, treatedSde, type PlanTensors} from '../../lib/models';
import {tensors, zeros} from '../../lib/nn';
import {learned} from '../../lib/training';
import {
  exampleBatch, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager, smallCohort, stirred,
} from './wholeNetwork';

const small = {state: 4, width: 8, hidden: 6} as const, values = (t: tf.Tensor) => Array.from(t.dataSync());
const settings = {diffusion: 0.2, reversion: 0.3, substeps: 1, timeScale: 5};
/** A drift network that answers 0, so the state is pulled to 0 at rate 1. */
const still = tensors({drift: {layers: [{weight: zeros([3, 2]), bias: zeros([2])}]}});
const plan: PlanTensors = {duration: tf.tensor2d([[0.5, 2]]), treatments: tf.zeros([1, 2, 1])};

describe('CF-ODE', () => {
  it('trains every weight', () => expectGradientEverywhere(cfOde(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(cfOde({...small, substeps: 2})));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(cfOde(small)));

  it('without noise converges to the solution of its drift: exponential decay', () => {
    const {states} = treatedSde(still, tf.tensor2d([[1, -2]]), plan, {...settings, substeps: 400});
    values(states[1]).forEach((v, i) => assert.ok(Math.abs(v - [1, -2][i] * Math.exp(-2.5)) < 2e-3, `${v}`));
  });

  it('carries the divergence from the prior along, as the closed form says', () => {
    // Drift - prior drift = -(1 - reversion) h and h = h0 exp(-t): the integral of the squares is (1 - r)^2 |h0|^2 (1 -
    // exp(-2 t)) / (4 sigma^2).
    const [distance] = values(treatedSde(still, tf.tensor2d([[1, -2]]), plan, {...settings, substeps: 400}).distance);
    const expected = 0.7 ** 2 * 5 * (1 - Math.exp(-5)) / (4 * 0.04);
    assert.ok(Math.abs(distance / expected - 1) < 5e-3, `${distance} and ${expected}`);
  });

  it('pays only for the intervals that count', () => {
    const distance = (counts: number[]) =>
      values(treatedSde(still, tf.tensor2d([[1, -2]]), plan, {...settings, counts: tf.tensor2d([counts])}).distance)[0];
    assert.ok(Math.abs(distance([1, 0]) + distance([0, 1]) - distance([1, 1])) < 1e-5);
    assert.ok(distance([1, 0]) > 0 && distance([0, 1]) > 0);
    assert.equal(distance([0, 0]), 0);
  });

  it('with noise spreads as an Ornstein-Uhlenbeck process does', () => {
    const paths = 4000, substeps = 50;
    const one: PlanTensors = {duration: tf.fill([paths, 1], 2), treatments: tf.zeros([paths, 1, 1])};
    const noise = tf.tensor2d(Float32Array.from(normal(rng(1), paths * substeps * 2)), [paths, substeps * 2]);
    const {states} = treatedSde(still, tf.zeros([paths, 2]), one, {...settings, substeps, noise});
    const variance = values(tf.mean(tf.square(states[0])))[0], expected = 0.2 ** 2 / 2 * (1 - Math.exp(-4));
    // 8000 draws: sd 1.6 %, Euler's bias 2 %
    assert.ok(Math.abs(variance / expected - 1) < 0.08, `${variance} and ${expected}`);
  });

  it('draws differ, and noise of 0 gives the path without noise', () => {
    const network = cfOde(small), params = tensors(stirred(network)), {history, plan: given} = exampleBatch();
    const n = network.noise!(3);
    const forecast = (noise?: tf.Tensor2D) => values(network.forecast(params, history, given, noise));
    assert.deepEqual(forecast(tf.zeros([6, n])), forecast());
    assert.notDeepEqual(forecast(tf.ones([6, n])), forecast());
  });

  it('forecasts come with draws whose mean they are', async () => {
    const {training, validation} = smallCohort();
    const fitted = await learned(cfOde(small), {
      epochs: 1, batch: 48, horizon: 3, decisions: [3], transform: 'log', rate: {from: 1e-2, to: 1e-3},
    }).fit(training, validation, {rng: rng(1)});
    const {mean, samples} = await fitted.forecast(historyAt(validation, 5), planAt(validation, 5, 3));
    const [draws, ...rest] = samples!.shape, size = mean.data.length;
    assert.deepEqual(rest, mean.shape);
    mean.data.forEach((m, i) => {
      const all = Array.from({length: draws}, (_, s) => samples!.data[s * size + i]);
      assert.ok(Math.abs(all.reduce((sum, v) => sum + v, 0) / draws - m) < 1e-9 * Math.max(1, Math.abs(m)));
    });
    assert.ok(samples!.data[0] !== samples!.data[size]);
  });

  it('refuses settings without meaning', () => {
    assert.throws(() => cfOde({diffusion: 0}), /cfOde: argument `diffusion` must be a number > 0; received 0/);
    assert.throws(() => cfOde({substeps: 0.5}), /argument `substeps` must be a whole number >= 1/);
  });
});
