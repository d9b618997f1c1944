import * as tf from '@tensorflow/tfjs';
import type {Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {zeros, type MlpParams, type Tensors, type Weight} from '../../nn';
import type {PlanTensors} from '../network';
import {intervals} from '../parts/rollOut';
import {followPath, initCdeField} from './field';
import {planIncrement} from './path';
import type {CdeMotion} from './settings';

/** Weights of a neural CDE that follows a plan. */
export interface CdeDecoderParams {
  readonly field: MlpParams;
  /**
   * From the state to the change of the outcomes; starts at 0, so an untrained decoder repeats the last outcome.
   * `[h, dy]`
   */
  readonly readout: Weight;
}

/** Fresh weights. @param size `state` h and `width` of the field's hidden layer */
export function initCdeDecoder(
  rng: Rng, {outcomes, treatments}: SeriesShape, {state, width}: {readonly state: number; readonly width: number},
): CdeDecoderParams {
  return {
    field: initCdeField(rng, {state, channels: 1 + 2 * treatments, width}),
    readout: zeros([state, outcomes]),
  };
}

/** Where a decoder starts. */
export interface CdeStart {
  /** `[batch, h]` */
  readonly z: tf.Tensor2D;
  /** The outcome at t_c. `[batch, dy]` */
  readonly outcome: tf.Tensor2D;
  /** The treatment before t_c. `[batch, da]` */
  readonly treatment: tf.Tensor2D;
}

/**
 * Forecasts along a plan: dz = f(z) dX, where the path X is time, the planned treatments and their integrals; the
 * outcome changes by the read-out of what z moved. A planned treatment moves the path from the start of its interval
 * on.
 * @returns `[batch, S, dy]`
 */
export function cdeDecode(
  params: Tensors<CdeDecoderParams>, {z, outcome, treatment}: CdeStart, plan: PlanTensors,
  {solving, timeScale}: CdeMotion,
): tf.Tensor3D {
  let state = z, before = treatment;
  const moved = intervals(plan).map(({treatment: given, duration}) => {
    state = followPath(params.field, state, planIncrement(given, before, duration, timeScale), solving);
    before = given;
    return tf.sub<tf.Tensor2D>(state, z);
  });
  const [batch, horizon] = plan.duration.shape, dy = outcome.shape[1];
  const changes = tf.matMul(tf.concat(moved, 0), params.readout as tf.Tensor2D).reshape([horizon, batch, dy]);
  return tf.transpose(tf.add<tf.Tensor3D>(changes, outcome), [1, 0, 2]);
}
