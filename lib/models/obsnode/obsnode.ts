import * as tf from '@tensorflow/tfjs';
import {expect} from '../../errors';
import {fold} from '../../math/rng';
import {rk4, rungeKuttaStep, tensorSpace, type Solver} from '../../ode';
import {maskedSquaredError, type Activation, type Tensors} from '../../nn';
import type {Network, PlanTensors} from '../network';
import {initField, observableField, type FieldParams} from './field';
import {initRecognition, recognise, type Anchor, type RecognitionParams} from './recognition';

export interface ObsNodeParams {
  readonly recognition: RecognitionParams;
  readonly field: FieldParams;
}

export interface ObsNodeOptions {
  /** m, blocks of the normal form, >= 1; default 4. The paper searches 1 to 4 (Table 8: "latent space dimension"). */
  readonly blocks?: number;
  /** Hidden layers of each phi_i, >= 0; default 2. The paper searches 1 to 10. */
  readonly hiddenLayers?: number;
  /** Units in each hidden layer, >= 1; default 64. The paper searches 32 to 256. */
  readonly width?: number;
  /** Activation inside each phi_i; default `'tanh'`. */
  readonly activation?: Activation;
  /** Units of the recognition LSTM, >= 1; default 64. The paper searches 32 to 256. */
  readonly hidden?: number;
  /** Where block 1 starts; default `'observation'`. */
  readonly anchor?: Anchor;
  /** Runge-Kutta method; default the classic one of order 4. */
  readonly solver?: Solver;
  /** Solver steps in each planned interval, >= 1; default 1. */
  readonly substeps?: number;
}

/**
 * Observable neural ODE: an LSTM reads the whole history into the state z(t_c), the observable normal form (5) carries it along
 * the planned treatments, and block 1 is the forecast.
 * @paper eq. (5), sections 4.2 and 4.3, A.2
 */
export function obsNode(options: ObsNodeOptions = {}): Network<ObsNodeParams> {
  const {blocks = 4, hiddenLayers = 2, width = 64, activation = 'tanh', hidden = 64, anchor = 'observation', solver = rk4, substeps = 1} = options;
  expect(Number.isInteger(substeps) && substeps >= 1, {fn: 'obsNode', argument: 'substeps', expected: 'a whole number >= 1', received: substeps});
  const forecast: Network<ObsNodeParams>['forecast'] = (params, history, plan) => {
    const z = recognise(params.recognition, history, anchor);
    const field = (state: tf.Tensor2D, a: tf.Tensor2D) => observableField(params.field, state, a, activation);
    return rollOut(field, z, plan, history.outcomes.shape[2], {solver, substeps});
  };
  return Object.freeze({
    name: 'ObsNODE',
    information: 'history + plan' as const,
    config: {blocks, hiddenLayers, width, activation, hidden, anchor, solver: solver.name, substeps},
    init: (rng, shape) => ({
      recognition: initRecognition(fold(rng, 'recognition'), shape, blocks, hidden),
      // The last layers start at zero, so the untrained model forecasts a straight line from where it stands.
      field: initField(fold(rng, 'field'), {blocks, outcomes: shape.outcomes, treatments: shape.treatments}, {hiddenLayers, width, initLast: 'zero'}),
    }),
    forecast,
    loss: (params: Tensors<ObsNodeParams>, history, plan, target) => maskedSquaredError(forecast(params, history, plan), target.outcomes, target.observed),
  } satisfies Network<ObsNodeParams>);
}

export interface RollOutOptions {
  readonly solver: Solver;
  readonly substeps: number;
}

/**
 * Integrates z' = field(z, a) over the planned intervals, each with its own constant treatment, and keeps block 1 after each.
 * @param z `[B, d]`, the state at t_c
 * @param dy size of block 1
 * @returns `[B, S, dy]`
 */
export function rollOut(field: (z: tf.Tensor2D, a: tf.Tensor2D) => tf.Tensor2D, z: tf.Tensor2D, {treatments, duration}: PlanTensors, dy: number, {solver, substeps}: RollOutOptions): tf.Tensor3D {
  const [batch, horizon] = duration.shape;
  const space = tensorSpace();
  const outcomes: tf.Tensor2D[] = [];
  for (let k = 0; k < horizon; k++) {
    const a = treatments.slice([0, k, 0], [batch, 1, treatments.shape[2]]).squeeze<tf.Tensor2D>([1]);
    // Time runs from 0 to 1 in every interval and the field is stretched instead, so that rows may have intervals of different length.
    const length = duration.slice([0, k], [batch, 1]);
    for (let i = 0; i < substeps; i++) {
      z = rungeKuttaStep<tf.Tensor>(solver, space, (_, state) => tf.mul(field(state as tf.Tensor2D, a), length), i / substeps, (i + 1) / substeps, z, {full: false}).y1 as tf.Tensor2D;
    }
    outcomes.push(z.slice([0, 0], [batch, dy]));
  }
  return tf.stack(outcomes, 1) as tf.Tensor3D;
}
