import * as tf from '@tensorflow/tfjs';
import {fold, split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {
  attention, initAttention, initLayerNorm, initLinear, layerNorm, linear, zeros, type AttentionMemory,
  type AttentionParams, type AttentionShape, type LayerNormParams, type LinearParams, type Tensors, type Weight,
} from '../../nn';
import {continuedFeatures, featureCount, historyFeatures, type Known} from './features';
import type {HistoryTensors, TrainingBatch} from '../network';

/** A causal transformer over the features of each time. */
export interface TransformerParams {
  /** b_j, the learnable stand-in for a missing outcome. `[dy]` @paper A.2 */
  readonly imputation: Weight;
  readonly embed: LinearParams;
  readonly blocks: readonly AttentionParams[];
  readonly final: LayerNormParams;
}

/** Fresh parameters of one with `blocks` blocks. */
export function initTransformer(
  rng: Rng, shape: SeriesShape, {blocks, ...block}: AttentionShape & {readonly blocks: number},
): TransformerParams {
  return {
    imputation: zeros([shape.outcomes]),
    embed: initLinear(fold(rng, 'embed'), featureCount(shape), block.dim),
    blocks: split(fold(rng, 'blocks'), blocks).map(r => initAttention(r, block)),
    final: initLayerNorm(block.dim),
  };
}

/** What each block remembers of the times read so far. */
export type TransformerMemory = readonly AttentionMemory[];

/**
 * Reads times in order.
 * @param features `[B, n, F]`
 * @param present `[B, n]`, 0 for padding
 * @param last how many of them to give an answer for; default all
 * @returns `out [B, last, d]`
 */
export function readTimes(
  params: Tensors<TransformerParams>, features: tf.Tensor3D, present: tf.Tensor2D,
  {past, last = features.shape[1]}: {past?: TransformerMemory; last?: number} = {},
): {out: tf.Tensor3D; memory: TransformerMemory} {
  const [batch, n, F] = features.shape, memory: AttentionMemory[] = [];
  let x = linear(params.embed, features.reshape([batch * n, F])).reshape<tf.Tensor3D>([batch, n, -1]);
  params.blocks.forEach((block, i) => {
    const final = i === params.blocks.length - 1;
    const {out, memory: remembered} =
      attention(block as Tensors<AttentionParams>, x, present, {past: past?.[i], last: final ? last : n});
    x = out;
    memory.push(remembered);
  });
  return {out: layerNorm(params.final, x), memory};
}

/**
 * A padded history moved so that t_c stands last in every row: distances between times are then those between places,
 * also to the times that follow t_c.
 * @param features `[B, L, F]`, padded behind t_c
 * @returns the same, padded in front, and `present [B, L]`, 0 for padding
 */
export function endingAtDecision(
  features: tf.Tensor3D, {last}: HistoryTensors,
): {features: tf.Tensor3D; present: tf.Tensor2D} {
  const [batch, L] = last.shape;
  // Row by row a permutation of places, chosen by where `last` is 1: place k goes to k + (L - 1 - c).
  const moves = new Float32Array(L * L * L);
  for (let c = 0; c < L; c++) for (let k = 0; k <= c; k++) moves[(c * L + k + L - 1 - c) * L + k] = 1;
  const move = tf.matMul(last, tf.tensor2d(moves, [L, L * L])).reshape<tf.Tensor3D>([batch, L, L]);
  return {features: tf.matMul(move, features), present: tf.sum(move, 2)};
}

/** Reads a history. `token [B, 1, d]` is that of t_c. */
export function readHistory(
  params: Tensors<TransformerParams>, history: HistoryTensors, timeScale: number,
): {token: tf.Tensor3D; memory: TransformerMemory; now: Known} {
  const {features, now} = historyFeatures(params.imputation, history, timeScale);
  const known = endingAtDecision(features, history);
  const {out, memory} = readTimes(params, known.features, known.present, {last: 1});
  return {token: out, memory, now};
}

/**
 * Reads a history and what came true after it, for training only.
 * @returns of the times t_c ... t_c + S - 1, `tokens [B, S, d]` and the outcomes `start [B, S, dy]`, imputed where
 * missing
 */
export function readTrue(
  params: Tensors<TransformerParams>, {history, ...after}: TrainingBatch, timeScale: number,
): {tokens: tf.Tensor3D; start: tf.Tensor3D} {
  const {features, now} = historyFeatures(params.imputation, history, timeScale);
  const known = endingAtDecision(features, history);
  const {features: later, start} = continuedFeatures(params.imputation, now, after, timeScale);
  const [batch, steps, F] = later.shape;
  if (steps === 1) return {start, tokens: readTimes(params, known.features, known.present, {last: 1}).out};
  const times = tf.concat([known.features, later.slice([0, 0, 0], [batch, steps - 1, F])], 1);
  const present = tf.concat([known.present, tf.ones<tf.Rank.R2>([batch, steps - 1])], 1);
  return {start, tokens: readTimes(params, times, present, {last: steps}).out};
}
