import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, linear, zeros, type LinearParams, type MlpParams, type Tensors, type Weight} from '../../nn';
import {impute} from '../parts/features';
import type {HistoryTensors} from '../network';
import {followPath, initCdeField, type CdeSolving} from './field';
import {historyPath, pathChannels, pathStart, type PathPoint} from './path';

/** Weights of a neural CDE that reads a history. */
export interface CdeEncoderParams {
  /** Stands in for missing outcomes. `[dy]` */
  readonly imputation: Weight;
  /** From the path's first value to z. */
  readonly start: LinearParams;
  readonly field: MlpParams;
}

/** Fresh weights. @param size `state` h and `width` of the field's hidden layer */
export function initCdeEncoder(
  rng: Rng, shape: SeriesShape, {state, width}: {readonly state: number; readonly width: number},
): CdeEncoderParams {
  const [forStart, forField] = split(rng, 2);
  return {
    imputation: zeros([shape.outcomes]),
    start: initLinear(forStart, pathStart(shape), state),
    field: initCdeField(forField, {state, channels: pathChannels(shape), width}),
  };
}

/** What a neural CDE knows of a history at t_c. */
export interface CdeEncoded {
  /** z(t_c), `[batch, h]` */
  readonly z: tf.Tensor2D;
  /** Where the control path stands. */
  readonly point: PathPoint;
}

/**
 * Carries z along the history: z starts from the first measurement and follows dz = f(z) dX up to t_c.
 * @param timeScale about the length of a history, in the data's time unit
 * @reference Kidger, Morrill, Foster, Lyons 2020, arXiv:2005.08926
 */
export function cdeEncode(
  params: Tensors<CdeEncoderParams>, history: HistoryTensors, solving: CdeSolving, timeScale: number,
): CdeEncoded {
  const {start, increments, end: point} = historyPath(params.imputation, history, timeScale, solving.reads);
  return {z: increments.reduce((z, increment) =>
    followPath(params.field, z, increment, solving), linear(params.start, start)), point};
}

/** Where forecasts start: the outcome at t_c, and a guess from z for components that were not measured then. */
export function anchored(guess: Tensors<LinearParams>, {z, point}: CdeEncoded): tf.Tensor2D {
  return impute(linear(guess, z), point.outcome, point.observed);
}
