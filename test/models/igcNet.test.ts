import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {tensors} from '../../lib/nn';
import {igcNet} from '../../lib/models';
import {expectPaddingDoesNotMatter} from './padding';
import {expectAdjusts} from './twoStepEffect';
import {
  exampleBatch, stirred, expectGradientEverywhere, expectLearnsWithoutLeak, expectRecordedEqualsEager,
} from './wholeNetwork';

const small = {dim: 8, width: 8, horizon: 3};

describe('IGC-Net', () => {
  it('trains every weight', () => expectGradientEverywhere(igcNet(small)));
  it('is the same recorded as eager', () => expectRecordedEqualsEager(igcNet(small)));
  it('does not mind how far histories are padded', () => expectPaddingDoesNotMatter(igcNet(small)));
  it('learns within seconds and sees nothing but history and plan', () => expectLearnsWithoutLeak(igcNet(small)));
  it('removes the confounding of the two-step toy', () => expectAdjusts(igcNet(small)));

  it('answers for s steps from the first s treatments of the plan alone', () => {
    const network = igcNet(small), {history, plan} = exampleBatch(), weights = tensors(stirred(network));
    const changed = {...plan, treatments: tf.add<tf.Tensor3D>(plan.treatments, tf.tensor3d([[[0], [0], [1]]]))};
    const difference = tf.max(
      tf.abs(tf.sub(network.forecast(weights, history, changed), network.forecast(weights, history, plan))), [0, 2],
    ).dataSync();
    assert.deepEqual(Array.from(difference.slice(0, 2)), [0, 0]);
    assert.ok(difference[2] > 1e-3);
  });

  it('answers a plan longer than its heads from its own first forecasts', () => {
    const {history, plan} = exampleBatch(), forecast = (horizon: number) => {
      const network = igcNet({...small, horizon});
      return network.forecast(tensors(stirred(network)), history, plan);
    };
    assert.deepEqual(forecast(1).shape, [6, 3, 2]);
    assert.ok(forecast(1).dataSync().every(Number.isFinite));
  });

  it('learns from its own answers only about times inside the series', () => {
    const network = igcNet(small), {history, plan, target} = exampleBatch(), weights = tensors(stirred(network));
    const ended = tf.tensor3d([1, 0, 0], [1, 3, 1]);
    const cut = {
      outcomes: tf.mul<tf.Tensor3D>(target.outcomes, ended), observed: tf.mul<tf.Tensor3D>(target.observed, ended),
    };
    const gradient = (k: number) => tf.grad(bias => network.loss({
      ...weights,
      heads: weights.heads.map((head, i) => (i === k ? {layers: [head.layers[0], {...head.layers[1], bias}]} : head)),
    },
      {history, plan, target: cut}, {progress: tf.scalar(0)}))(weights.heads[k].layers[1].bias).dataSync();
    assert.ok(gradient(0).some(v => Math.abs(v) > 1e-4));
    for (const later of [1, 2]) assert.deepEqual(Array.from(gradient(later)), [0, 0]);
  });

  it('teaches longer heads by shorter ones, never the other way', () => {
    const network = igcNet(small), {history, plan} = exampleBatch(), weights = tensors(stirred(network));
    const one = weights.heads[0].layers[1].bias;
    // The first head's own error is all that teaches it: where it is right already, nothing does, although longer heads
    // are wrong.
    const exact = network.forecast(weights, history, plan).slice([0, 0, 0], [6, 1, 2]);
    const observed = tf.pad(tf.ones([6, 1, 2]), [[0, 0], [0, 2], [0, 0]]) as tf.Tensor3D;
    const [first] = tf.grads(a => {
      const heads = weights.heads.map((head, i) =>
        (i === 0 ? {layers: [head.layers[0], {...head.layers[1], bias: a}]} : head));
      const outcomes = tf.pad(exact, [[0, 0], [0, 2], [0, 0]]) as tf.Tensor3D;
      return network.loss({...weights, heads}, {history, plan, target: {outcomes, observed}}, {progress: tf.scalar(0)});
    })([one]);
    assert.ok(tf.max(tf.abs(first)).dataSync()[0] < 1e-6);
  });
});
