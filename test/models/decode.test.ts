import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {causalTransformer, crn, gNet, rmsn, type Network} from '../../lib/models';
import {decode, insideSeries} from '../../lib/models/parts/decode';
import {endingAtDecision} from '../../lib/models/parts/transformer';
import {tensors} from '../../lib/nn';
import {exampleBatch, stirred} from './wholeNetwork';

const plan = {duration: tf.ones<tf.Rank.R2>([1, 3]), treatments: tf.tensor3d([[[1], [2], [4]]])};
/** Adds the treatment to what was read last. */
const adding = {
  predict: (y: tf.Tensor2D, {treatment}: {treatment: tf.Tensor2D}) => tf.add<tf.Tensor2D>(y, treatment),
  read: (_: tf.Tensor2D, outcome: tf.Tensor2D) => outcome,
};
const start = tf.tensor2d([[0]]), values = (t: tf.Tensor) => Array.from(t.dataSync());

describe('decoding', () => {
  it('feeds a forecast back into the next one', () =>
    assert.deepEqual(values(decode(start, plan, adding).outcomes), [1, 3, 7]));

  it('in training reads what came true where it was measured, and its own forecast elsewhere', () => {
    const truth = {outcomes: tf.tensor3d([[[10], [99], [99]]]), observed: tf.tensor3d([[[1], [0], [1]]])};
    assert.deepEqual(values(decode(start, plan, adding, truth).outcomes), [1, 12, 16]);
  });

  it('a step is inside the series while something is measured then or later', () =>
    assert.deepEqual(values(insideSeries({
      outcomes: tf.zeros([2, 3, 2]), observed: tf.tensor3d([0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1], [2, 3, 2]),
    })), [1, 1, 0, 1, 1, 1]));

  it('a history moved to end at t_c keeps its order and marks its padding', () => {
    const last = tf.tensor2d([[0, 1, 0], [0, 0, 1]]);
    const {features, present} = endingAtDecision(tf.tensor3d([[[1], [2], [0]], [[3], [4], [5]]]), {last} as never);
    assert.deepEqual(values(features), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(values(present), [0, 1, 1, 1, 1, 1]);
  });
});

describe('models that step through a plan', () => {
  const {history, plan: asked, target} = exampleBatch(), [batch, steps, dy] = target.outcomes.shape;
  const observed = tf.ones<tf.Rank.R3>([batch, steps, dy]);
  const networks: Record<string, Network<never>> = {
    CRN: crn({hidden: 6, representation: 5, width: 6}) as never, 'G-Net': gNet({hidden: 6, width: 6}) as never,
    'Causal Transformer': causalTransformer({dim: 6, representation: 5, width: 6, blocks: 2}) as never,
    RMSN: rmsn({hidden: 6, decoderHidden: 6, width: 6, treatmentHidden: 4}) as never,
  };

  /**
   * How far off the last outcome is when the network is taught that its own forecast came true, the first outcome moved
   * by `shift`. Nothing reads the last outcome, so the gradient of the loss in it is the error there, up to a factor.
   */
  function lastError(network: Network<never>, shift: number): number {
    const weights = tensors(stirred(network)), own = network.forecast(weights, history, asked);
    const truth = tf.add<tf.Tensor3D>(own, tf.pad(tf.fill([batch, 1, dy], shift), [[0, 0], [0, steps - 1], [0, 0]]));
    const gradient = tf.grad(y => {
      const batch = {history, plan: asked, target: {outcomes: y as tf.Tensor3D, observed}};
      return network.loss(weights, batch, {progress: tf.scalar(0)});
    })(truth);
    return tf.max(tf.abs(gradient.slice([0, steps - 1, 0], [batch, 1, dy]))).dataSync()[0];
  }

  for (const [name, network] of Object.entries(networks))
    it(`${name}, taught that its forecast came true, answers that forecast`, () =>
      assert.ok(lastError(network, 0) < 1e-6, `${lastError(network, 0)}`));

  for (const name of ['CRN', 'G-Net', 'Causal Transformer'])
    it(`${name} reads the truth inside the plan while it is taught`, () =>
      assert.ok(lastError(networks[name], 1) > 1e-4));

  it('RMSN does not, which is why it needs weights', () => assert.ok(lastError(networks.RMSN, 1) < 1e-6));
});
