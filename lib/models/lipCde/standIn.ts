import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, linear, lipschitz, type LinearParams, type Tensors} from '../../nn';
import type {HistoryTensors} from '../network';
import {cdeEncode, initCdeEncoder, type CdeEncoderParams} from '../neuralCde/encoder';
import type {CdeMotion} from '../neuralCde/settings';

/** Weights of a neural CDE that reads a stand-in for a hidden cause from a history. */
export interface StandInParams {
  readonly encoder: CdeEncoderParams;
  readonly readout: LinearParams;
}

/** How a stand-in is read. */
export interface StandInMotion extends CdeMotion {
  /** Lipschitz constant of the field, lambda > 0. */
  readonly lipschitz: number;
}

/** Fresh weights. @param size `causes` in the stand-in, `state` h and `width` of the CDE, each >= 1 */
export function initStandIn(
  rng: Rng, shape: SeriesShape,
  {causes, ...size}: {readonly causes: number; readonly state: number; readonly width: number},
): StandInParams {
  const [forEncoder, forReadout] = split(rng, 2);
  return {encoder: initCdeEncoder(forEncoder, shape, size), readout: initLinear(forReadout, size.state, causes)};
}

/**
 * The stand-in at t_c, `[batch, causes]`, each in (-1, 1): the state of dz = f(z) dX, squashed, where neither f, nor
 * the start, nor the read-out may be steep. With weights of any size, two histories whose paths X start `d` apart and
 * move by steps that are `e` apart in all have stand-ins at most `exp(lambda V) (d + e)` apart, V being the length of
 * one of the paths: starts and stand-ins differ by their largest component, steps and lengths are sums over channels.
 * Without the bound one unusual measurement may throw the state anywhere.
 * @param params for shapes see {@link initStandIn}
 */
export function standIn(
  {encoder, readout}: Tensors<StandInParams>, history: HistoryTensors,
  {lipschitz: lambda, solving, timeScale}: StandInMotion,
): tf.Tensor2D {
  const {layers} = encoder.field, each = lambda ** (1 / layers.length);
  const bounded = {
    ...encoder, start: lipschitz(encoder.start, 1), field: {layers: layers.map(layer => lipschitz(layer, each))},
  };
  return tf.tanh(linear(lipschitz(readout, 1), cdeEncode(bounded, history, solving, timeScale).z));
}
