import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {normal, rng} from '../../lib/math';
import {
  attention, initAttention, initLayerNorm, layerNorm, leaves, linear, rebuild, tensors, type AttentionParams,
  type Tensors, type Weight,
} from '../../lib/nn';
import {relativeError} from '../graph/compare';

const SHAPE = {dim: 6, heads: 2, reach: 2} as const, B = 2, T = 5;
const draw = (seed: number, shape: number[]) =>
  tf.tensor(Float32Array.from(normal(rng(seed), tf.util.sizeFromShape(shape))), shape);
const start = initAttention(rng(1), SHAPE);
const params = tensors(rebuild(start, leaves<Weight>(start).map(({value: {shape, data}}, i) =>
  ({
    shape, data: Float32Array.from(normal(rng(20 + i), data.length), (v, k) => data[k] + 0.3 * v),
  }))) as unknown as AttentionParams);
const x = draw(2, [B, T, 6]) as tf.Tensor3D, all = tf.ones<tf.Rank.R2>([B, T]);
const same = (actual: tf.Tensor, expected: tf.Tensor, tolerance = 1e-5) => {
  assert.deepEqual(actual.shape, expected.shape);
  assert.ok(
    relativeError(actual.dataSync(), expected.dataSync()) < tolerance,
    `${relativeError(actual.dataSync(), expected.dataSync())}`,
  );
};
const times = <T extends tf.Tensor>(t: T, from: number, n: number): T => t.slice([0, from], [B, n]);

/** The block written out token by token and head by head. */
function byHand(p: Tensors<AttentionParams>, unit: number): number[][] {
  const row = (t: tf.Tensor, i: number) => t.slice([i, 0], [1, t.shape[1]!]) as tf.Tensor2D;
  const own = x.slice([unit, 0, 0], [1, T, 6]).reshape<tf.Tensor2D>([T, 6]);
  const [q, k, v] = tf.split(linear(p.project, layerNorm(p.beforeAttention, own)), 3, 1).map(t =>
    t.arraySync() as number[][]);
  const table = p.distance.arraySync() as number[][];
  return Array.from({length: T}, (_, t) => {
    const read = [0, 1].flatMap(h => {
      const at = [3 * h, 3 * h + 1, 3 * h + 2], weights = Array.from({length: t + 1}, (__, s) =>
        Math.exp(at.reduce((sum, j) => sum + q[t][j] * k[s][j], 0) / Math.sqrt(3) + table[h][Math.min(t - s, 2)]));
      const total = weights.reduce((a, b) => a + b);
      return at.map(j => weights.reduce((sum, w, s) => sum + w * v[s][j], 0) / total);
    });
    const attended = tf.add<tf.Tensor2D>(row(own, t), linear(p.mix, tf.tensor2d([read])));
    const forward = linear(p.narrow, tf.elu(linear(p.widen, layerNorm(p.beforeForward, attended))));
    return Array.from(tf.add(attended, forward).dataSync());
  });
}

describe('attention', () => {
  it('is the formula: softmax of scaled products plus a number per distance, clipped at the reach, over the past', () =>
    same(attention(params, x, all).out, tf.tensor3d([byHand(params, 0), byHand(params, 1)])));

  it('does not look ahead', () => {
    const changed = tf.concat([times(x, 0, 3), tf.add(times(x, 3, 2), 5)], 1) as tf.Tensor3D;
    same(times(attention(params, changed, all).out, 0, 3), times(attention(params, x, all).out, 0, 3));
  });

  it('does not look at padding, and distances do not count it', () => {
    const padded = tf.concat([tf.fill([B, 2, 6], 7), x], 1) as tf.Tensor3D;
    const present = tf.concat([tf.zeros([B, 2]), all], 1) as tf.Tensor2D;
    same(times(attention(params, padded, present).out, 2, T), attention(params, x, all).out);
  });

  it('token by token with memory is the same as all at once', () => {
    const whole = attention(params, x, all).out, first = attention(params, times(x, 0, 3), times(all, 0, 3));
    const fourth = attention(params, times(x, 3, 1), times(all, 3, 1), {past: first.memory});
    const fifth = attention(params, times(x, 4, 1), times(all, 4, 1), {past: fourth.memory});
    same(tf.concat([first.out, fourth.out, fifth.out], 1), whole);
  });

  it('asked for the last tokens only, gives those of the whole', () =>
    same(attention(params, x, all, {last: 2}).out, times(attention(params, x, all).out, 3, 2)));

  it('refuses heads that do not divide the token', () => assert.throws(
    () => initAttention(rng(1), {...SHAPE, heads: 4}),
    /initAttention: argument `heads` must be a whole number that divides 6/,
  ));
});

describe('layer normalisation', () => {
  it('gives every row mean 0 and variance 1 before gain and offset', () => {
    const out = layerNorm(tensors(initLayerNorm(6)), tf.add(tf.mul(draw(5, [3, 6]), 4), 10)) as tf.Tensor2D;
    const {mean, variance} = tf.moments(out, 1);
    same(mean, tf.zeros([3]), 1);
    assert.ok(Math.max(...mean.abs().dataSync()) < 1e-4);
    same(variance, tf.ones([3]), 1e-3);
    same(layerNorm({gain: tf.fill([6], 2), offset: tf.fill([6], 1)}, out), tf.add(tf.mul(out, 2), 1), 1e-4);
  });

  it('of equal numbers is the offset, not NaN', () =>
    same(layerNorm(tensors(initLayerNorm(4)), tf.fill([1, 4], 3)), tf.zeros([1, 4])));
});
