import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import type {MlpParams, Tensors} from '../../nn';
import {impute} from '../parts/features';
import type {PlanTensors, TargetTensors} from '../network';
import {intervals} from '../parts/rollOut';
import {initCdeDecoder, type CdeDecoderParams, type CdeStart} from './decoder';
import {followPath, initCdeField} from './field';
import {planIncrement} from './path';
import type {CdeMotion} from './settings';

/** Weights of a decoder that reads each outcome before it goes on. */
export interface CdeFeedbackParams {
  /** Between outcomes: driven by time and treatments. */
  readonly between: CdeDecoderParams;
  /** At an outcome: driven by its change, while time stands still. */
  readonly news: MlpParams;
}

/** Fresh weights. */
export function initCdeFeedback(
  rng: Rng, shape: SeriesShape, size: {readonly state: number; readonly width: number},
): CdeFeedbackParams {
  const [forBetween, forNews] = split(rng, 2);
  return {
    between: initCdeDecoder(forBetween, shape, size), news: initCdeField(forNews, {...size, channels: shape.outcomes}),
  };
}

/**
 * What the decoder reads at the end of planned interval `step` (from 0), given its own forecast for that time. Training
 * feeds the outcome that came true, see `teacher`; a forecast has nothing but itself.
 */
export type Feed = (step: number, forecast: tf.Tensor2D) => tf.Tensor2D;

/** Feeds forecasts back. */
export const ownForecasts: Feed = (_, forecast) => forecast;

/** Feeds the truth where it was measured, forecasts elsewhere. For training only. */
export function teacher({outcomes, observed}: TargetTensors): Feed {
  const [batch, , dy] = outcomes.shape;
  const at = (x: tf.Tensor3D, k: number) => x.slice([0, k, 0], [batch, 1, dy]).reshape<tf.Tensor2D>([batch, dy]);
  return (step, forecast) => impute(forecast, at(outcomes, step), at(observed, step));
}

/** Changes of outcomes are small; multiplied by this they move the state as much as time does. */
const SCALE = 5;

/**
 * Forecasts step by step along a path that moves time and treatment within an interval, then the outcome at its end:
 * causal, and after each outcome the state is what is known before the next treatment is chosen.
 * @returns forecasts `[batch, S, dy]` and the S states `[batch, h]` from which they start
 */
export function cdeDecodeStepwise(
  params: Tensors<CdeFeedbackParams>, start: CdeStart, plan: PlanTensors,
  {feed, solving, timeScale}: CdeMotion & {readonly feed: Feed},
): {forecasts: tf.Tensor3D; states: tf.Tensor2D[]} {
  const {between: {field, readout}, news} = params, horizon = plan.duration.shape[1];
  const forecasts: tf.Tensor2D[] = [], states: tf.Tensor2D[] = [];
  let {z, outcome, treatment: before} = start;
  intervals(plan).forEach(({treatment, duration}, step) => {
    states.push(z);
    const moved = followPath(field, z, planIncrement(treatment, before, duration, timeScale), solving);
    const forecast = tf.add<tf.Tensor2D>(outcome, tf.matMul(tf.sub<tf.Tensor2D>(moved, z), readout as tf.Tensor2D));
    forecasts.push(forecast);
    if (step === horizon - 1) return;
    const read = feed(step, forecast);
    z = followPath(news, moved, tf.mul(tf.sub<tf.Tensor2D>(read, outcome), SCALE), solving);
    [outcome, before] = [read, treatment];
  });
  return {forecasts: tf.stack(forecasts, 1) as tf.Tensor3D, states};
}
