import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {lstmStep, type Tensors} from '../../nn';
import {initPropensity, logPropensity, type Policy, type PropensityParams} from '../adjustment/propensity';
import {encode, initEncoder, type EncoderParams} from '../parts/encoder';
import {continuedFeatures} from '../parts/features';
import type {TrainingBatch} from '../network';

/** An LSTM that foretells treatments. */
export interface TreatmentModelParams {
  readonly encoder: EncoderParams;
  readonly head: PropensityParams;
}

/** Fresh parameters of one with `hidden` units. */
export function initTreatmentModel(rng: Rng, shape: SeriesShape, hidden: number, policy: Policy): TreatmentModelParams {
  const [forEncoder, forHead] = split(rng, 2);
  return {
    encoder: initEncoder(forEncoder, shape, hidden), head: initPropensity(forHead, hidden, shape.treatments, {policy}),
  };
}

/**
 * Log density of each treatment of a plan that was in fact given, `[B, S]`, given the history and what came true before
 * it. Hide outcomes from it by marking them as not observed.
 */
export function logTreatments(
  {encoder, head}: Tensors<TreatmentModelParams>, {history, plan, target}: TrainingBatch,
  {policy, timeScale}: {policy: Policy; timeScale: number},
): tf.Tensor2D {
  const {now, memory} = encode(encoder, history, timeScale), [batch, steps, da] = plan.treatments.shape;
  const {features} = continuedFeatures(encoder.imputation, now, {plan, target}, timeScale);
  const memories = [memory];
  for (let step = 1; step < steps; step++) {
    memories.push(lstmStep(encoder.lstm, features.slice([0, step - 1, 0], [batch, 1, -1])
      .squeeze<tf.Tensor2D>([1]), memories[step - 1]));
  }
  const known = tf.stack(memories.map(m => m.hidden), 1);
  return logPropensity(head, known.reshape([batch * steps, -1]), plan.treatments.reshape([batch * steps, da]), policy)
    .reshape([batch, steps]);
}
