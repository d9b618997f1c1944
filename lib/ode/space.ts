import type * as tf from '@tensorflow/tfjs';

/**
 * A state: float64 numbers `[d]` for simulators and proofs, or a tensor (float32), usually `[batch, d]`, for training.
 */
export type State = Float64Array | tf.Tensor;

/**
 * Tolerances of an adaptive solve: a step is good when its error is about `atol + rtol * |y|` or less, in root mean
 * square.
 */
export interface Tolerances {
  /** Relative tolerance, > 0. About 1e-6 for float64, not below 1e-5 for float32 tensors. */
  readonly rtol: number;
  /** Absolute tolerance, > 0, in the units of the state. */
  readonly atol: number;
}

/** The few operations that solvers and controls need; they are written once and run on numbers and on tensors. */
export interface VectorSpace<Y> {
  /** `y + sum_i coefficients[i] * terms[i]`, without `y` when it is null. Terms with coefficient 0 cost nothing. */
  combine(y: Y | null, coefficients: readonly number[], terms: readonly Y[]): Y;
  /**
   * Matrix times vector: `[d, m] x [m] -> [d]` for numbers (rows first), `[batch, d, m] x [batch, m] -> [batch, d]` for
   * tensors.
   */
  contract(matrix: Y, vector: Y): Y;
  /** Root mean square of `y / (atol + rtol * max(|a|, |b|))`, over the whole batch. Reads values back from a tensor. */
  scaledNorm(y: Y, a: Y, b: Y, tolerances: Tolerances): number;
  /** Whether every number is finite. Reads values back from a tensor. */
  isFinite(y: Y): boolean;
  /** `[size, ...columns of y]` with `value` in a new first column: `[d] -> [1 + d]`, `[batch, d] -> [batch, 1 + d]`. */
  prepend(value: number, y: Y): Y;
  copy(y: Y): Y;
  /** Frees the tensors made inside `work` that it does not return. */
  tidy<T>(work: () => T): T;
}
