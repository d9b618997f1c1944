import * as tf from '@tensorflow/tfjs';
import {rungeKuttaStep, tensorSpace, type Solver} from '../../ode';
import type {PlanTensors} from '../network';

/** Right-hand side `z' = field(z, a)`: `[batch, d]`, `[batch, da]` to `[batch, d]`. */
export type StateField = (z: tf.Tensor2D, a: tf.Tensor2D) => tf.Tensor2D;

/** Options of {@link rollOut}. */
export interface RollOutOptions {
  readonly solver: Solver;
  /** Solver steps in each planned interval, >= 1. */
  readonly substeps: number;
}

/** One interval of a plan. */
export interface Interval {
  /** `[batch, da]` */
  readonly treatment: tf.Tensor2D;
  /** `[batch, 1]` */
  readonly duration: tf.Tensor2D;
}

/** The planned intervals, in order. */
export function intervals({treatments, duration}: PlanTensors): Interval[] {
  const [batch, horizon, da] = treatments.shape;
  return Array.from({length: horizon}, (_, k) => ({
    treatment: treatments.slice([0, k, 0], [batch, 1, da]).squeeze<tf.Tensor2D>([1]),
    duration: duration.slice([0, k], [batch, 1]),
  }));
}

/** The state `[batch, d]` after one interval with constant treatment. */
export function rollOut(
  field: StateField, z: tf.Tensor2D, {treatment, duration}: Interval, options: RollOutOptions,
): tf.Tensor2D {
  // Time runs from 0 to 1 in every interval and the field is stretched instead, so that rows may have intervals of
  // different length.
  const stretched = (_: number, state: tf.Tensor): tf.Tensor =>
    tf.mul(field(state as tf.Tensor2D, treatment), duration);
  return overUnitTime(stretched, z, options) as tf.Tensor2D;
}

/** The state after time 0 to 1, in equal steps that keep only what comes out. @param state at time 0, `[batch, d]` */
export function overUnitTime(
  field: (t: number, state: tf.Tensor) => tf.Tensor, state: tf.Tensor, {solver, substeps}: RollOutOptions,
): tf.Tensor {
  const method = {solver, space: tensorSpace()};
  let y0 = state;
  for (let i = 0; i < substeps; i++) {
    y0 = rungeKuttaStep(method, field, {t0: i / substeps, t1: (i + 1) / substeps, y0}, {full: false}).y1;
  }
  return y0;
}
