import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole, isWhole} from '../errors';
import {split, type Rng} from '../math/rng';
import {initLinear, linear, type LinearParams} from './linear';
import {initLayerNorm, layerNorm, type LayerNormParams} from './layerNorm';
import {zeros} from './initializers';
import type {Tensors, Weight} from './tree';

/** Causal self-attention with learned relative positions, followed by a feed-forward layer. */
export interface AttentionParams {
  readonly beforeAttention: LayerNormParams;
  /** Queries, keys and values side by side, `[d, 3 d]`. */
  readonly project: LinearParams;
  /** What each head adds for a key that lies 0, 1, ... reach or more times back. `[heads, reach + 1]` */
  readonly distance: Weight;
  readonly mix: LinearParams;
  readonly beforeForward: LayerNormParams;
  readonly widen: LinearParams;
  readonly narrow: LinearParams;
}

/** Sizes of an attention layer. */
export interface AttentionShape {
  /** d, numbers in a token, >= 1; a multiple of `heads`. */
  readonly dim: number;
  /** >= 1 */
  readonly heads: number;
  /** Distances from here on are all alike, >= 0. */
  readonly reach: number;
}

/**
 * Fresh parameters of a block.
 * @throws ArgumentError unless `dim` >= 1 and `reach` >= 0 are whole numbers and `heads` divides `dim`.
 */
export function initAttention(rng: Rng, {dim, heads, reach}: AttentionShape): AttentionParams {
  expectWhole('initAttention', {dim});
  expect(isWhole(heads) && dim % heads === 0, {
    fn: 'initAttention', argument: 'heads', expected: `a whole number that divides ${dim}, the size of a token`,
    received: heads,
  });
  expectWhole('initAttention', {reach}, 0);
  const [forProject, forMix, forWiden, forNarrow] = split(rng, 4);
  return {
    beforeAttention: initLayerNorm(dim), project: initLinear(forProject, dim, 3 * dim),
    distance: zeros([heads, reach + 1]), mix: initLinear(forMix, dim, dim),
    beforeForward: initLayerNorm(dim), widen: initLinear(forWiden, dim, 2 * dim),
    narrow: initLinear(forNarrow, 2 * dim, dim),
  };
}

/** What later tokens need of earlier ones. */
export interface AttentionMemory {
  /** `[batch, heads, time, d / heads]` */
  readonly keys: tf.Tensor4D;
  /** `[batch, heads, time, d / heads]` */
  readonly values: tf.Tensor4D;
  /** `[batch, time]`, 1 where there is a token, 0 where there is padding. */
  readonly present: tf.Tensor2D;
}

/** Options of {@link attention}. */
export interface AttentionOptions {
  /** Tokens before `x`, which `x` may attend to. */
  readonly past?: AttentionMemory;
  /** Only the last so many tokens are computed, >= 1; default all. The others are still attended to. */
  readonly last?: number;
}

/**
 * One transformer block, normalising first: every token attends to itself and to what came before, never to padding.
 * @param x `[batch, time, d]`
 * @param present `[batch, time]`, 0 for padding, whose own output means nothing
 * @returns `out [batch, last, d]`, and the memory of all tokens so far
 * @throws ArgumentError unless `last` is a whole number in [1, time].
 * @reference Vaswani et al. 2017, Attention is all you need, arXiv:1706.03762
 * @reference Raffel et al. 2020, Exploring the limits of transfer learning, arXiv:1910.10683 (a learned number per head
 * and distance)
 */
export function attention(
  params: Tensors<AttentionParams>, x: tf.Tensor3D, present: tf.Tensor2D,
  {past, last = x.shape[1]}: AttentionOptions = {},
): {out: tf.Tensor3D; memory: AttentionMemory} {
  const [batch, time, dim] = x.shape, heads = params.distance.shape[0];
  expectWhole('attention', {last}, 1, time);
  const [queries, freshKeys, freshValues] =
    headsOf(rowwise(params.project, layerNorm(params.beforeAttention, x)), heads);
  const memory = past ? {
    keys: tf.concat([past.keys, freshKeys], 2), values: tf.concat([past.values, freshValues], 2),
    present: tf.concat([past.present, present], 1),
  } : {keys: freshKeys, values: freshValues, present};
  const asked = queries.slice([0, 0, time - last, 0], [batch, heads, last, dim / heads]);
  const scores = tf.add(tf.mul(tf.matMul(asked, memory.keys, false, true), Math.sqrt(heads / dim)), distances(
    params.distance as tf.Tensor2D, last, memory.keys.shape[2],
  ));
  const padding = tf.mul(tf.sub(memory.present, 1), -FORBIDDEN).reshape([batch, 1, 1, memory.keys.shape[2]]);
  const read = tf.matMul(tf.softmax(tf.add(scores, padding)), memory.values);
  const mixed = rowwise(params.mix, tf.transpose(read, [0, 2, 1, 3]).reshape([batch, last, dim]));
  const attended = tf.add<tf.Tensor3D>(x.slice([0, time - last, 0], [batch, last, dim]), mixed);
  return {out: tf.add(attended, forward(params, attended)), memory};
}

/** Added to the score of what must not be seen. */
const FORBIDDEN = -1e9;

function forward({beforeForward, widen, narrow}: Tensors<AttentionParams>, x: tf.Tensor3D): tf.Tensor3D {
  return rowwise(narrow, tf.elu(rowwise(widen, layerNorm(beforeForward, x))));
}

/** A dense layer at every time. */
function rowwise(params: Tensors<LinearParams>, x: tf.Tensor3D): tf.Tensor3D {
  const [batch, time, dim] = x.shape;
  return linear(params, x.reshape([batch * time, dim])).reshape([batch, time, -1]);
}

/** `[batch, time, 3 d]` to queries, keys and values `[batch, heads, time, d / heads]`. */
function headsOf(x: tf.Tensor3D, heads: number): tf.Tensor4D[] {
  const [batch, time, dim] = x.shape;
  return tf.split(
    tf.transpose(x.reshape([batch, time, 3 * heads, dim / (3 * heads)]), [0, 2, 1, 3]) as tf.Tensor4D, 3, 1,
  );
}

/**
 * What position adds to scores: the learned number of each distance back, and what forbids looking ahead.
 * `[heads, queries, keys]`
 */
function distances(table: tf.Tensor2D, queries: number, keys: number): tf.Tensor3D {
  const [heads, size] = table.shape;
  const pairs = Array.from({length: queries * keys}, (_, k) => keys - queries + Math.floor(k / keys) - k % keys);
  const hit = new Float32Array(size * pairs.length);
  pairs.forEach((back, k) => { hit[Math.max(0, Math.min(back, size - 1)) * pairs.length + k] = 1; });
  const ahead = tf.tensor3d(Float32Array.from(pairs, back => (back < 0 ? FORBIDDEN : 0)), [1, queries, keys]);
  return tf.add(tf.matMul(table, tf.tensor2d(hit, [size, pairs.length])).reshape([heads, queries, keys]), ahead);
}
