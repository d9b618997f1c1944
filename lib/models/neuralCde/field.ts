import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../errors';
import type {Rng} from '../../math/rng';
import {activate, initMlp, linear, type Activation, type MlpParams, type Tensors} from '../../nn';
import type {Solver} from '../../ode';
import {overUnitTime} from '../parts/rollOut';

/** Sizes of a controlled vector field. */
export interface CdeFieldShape {
  /** h, the size of the state, >= 1. */
  readonly state: number;
  /** c, the number of channels of the control path, >= 1. */
  readonly channels: number;
  /** Units of the field's hidden layer, >= 1. */
  readonly width: number;
}

/** How a controlled differential equation is solved between two knots of its path. */
export interface CdeSolving {
  readonly activation: Activation;
  /** Any explicit Runge-Kutta method at fixed steps. */
  readonly solver: Solver;
  /** Solver steps between two knots, >= 1. */
  readonly substeps: number;
  /** What the path of a history carries; default `'measurements'`. */
  readonly reads?: PathReading;
}

/**
 * What the path of a history carries. `'measurements'`: how often each outcome was measured and its last increments,
 * too, which say much where measuring is a decision; such a path grows with the number of measurements. `'path'`: only
 * where outcomes and treatments went, an outcome that was not measured staying where it was; sampled finer, such a
 * path, and what is forecast from it, converges.
 */
export type PathReading = 'measurements' | 'path';

/** Fresh weights of a field with one hidden layer. @throws ArgumentError unless all sizes are whole numbers >= 1. */
export function initCdeField(rng: Rng, {state, channels, width}: CdeFieldShape): MlpParams {
  expectWhole('initCdeField', {state, channels, width});
  return initMlp(rng, state, channels * state, {hiddenLayers: 1, width});
}

/**
 * The matrix f(z) of dz = f(z) dX. The last activation is tanh, which bounds the speed of the state by that of the
 * path.
 * @param z `[batch, h]`
 * @returns `[batch, c, h]`: the channel stands before the state, because sums over it are cheaper that way
 * @reference Kidger, Morrill, Foster, Lyons 2020, Neural controlled differential equations for irregular time series,
 * arXiv:2005.08926
 */
export function cdeField({layers}: Tensors<MlpParams>, z: tf.Tensor2D, activation: Activation): tf.Tensor3D {
  const [batch, state] = z.shape;
  const flat =
    layers.reduce((h, layer, i) => activate(i < layers.length - 1 ? activation : 'tanh', linear(layer, h)), z);
  return flat.reshape([batch, flat.shape[1] / state, state]);
}

/**
 * The state after the path has moved by `increment` along a straight line: z' = f(z) dX over unit time. A step never
 * sees the slope of the segment before it, whatever the solver; a path that stands still leaves the state exactly where
 * it is.
 * @param z `[batch, h]`
 * @param increment `[batch, c]`
 */
export function followPath(
  params: Tensors<MlpParams>, z: tf.Tensor2D, increment: tf.Tensor2D, {activation, solver, substeps}: CdeSolving,
): tf.Tensor2D {
  const slope = increment.expandDims<tf.Tensor3D>(2);
  const field = (_: number, state: tf.Tensor): tf.Tensor =>
    tf.sum(tf.mul(cdeField(params, state as tf.Tensor2D, activation), slope), 1);
  return overUnitTime(field, z, {solver, substeps}) as tf.Tensor2D;
}
