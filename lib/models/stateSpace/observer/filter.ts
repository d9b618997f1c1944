import * as tf from '@tensorflow/tfjs';
import {CholeskyDecomposition, Matrix, inverse} from 'ml-matrix';
import type {Reading} from '../../parts/features';

/**
 * What the filter holds. With the poles -lambda_k its differential equation is, for each outcome and treatment alone,
 *
 *     dx_k/dt = -lambda_k x_k + u(t),   u the slope of an outcome, or a treatment.
 *
 * Between two measurements of an outcome u is their slope, and 0 after the last; a treatment is constant in its
 * interval. For such inputs the solution over any gap is a matrix exponential, which is diagonal here. Slopes in place
 * of outcomes: the filter of y itself is y/lambda_k less that of its slope, and y is known.
 */
export interface FilterState {
  /** x of each outcome's slope. `[batch, dy, n]` */
  readonly slopes: tf.Tensor3D;
  /** x of each treatment. `[batch, da, n]` */
  readonly doses: tf.Tensor3D;
  /** The last measured value of each outcome. `[batch, dy]` */
  readonly held: tf.Tensor2D;
  /** Time since it was measured. `[batch, dy]` */
  readonly since: tf.Tensor2D;
  /** 1 once it was measured. `[batch, dy]` */
  readonly seen: tf.Tensor2D;
  /** Time since the filter began. `[batch, 1]` */
  readonly elapsed: tf.Tensor2D;
}

/**
 * A filter that has read nothing: no slopes, doses at their mean, nothing measured.
 * @param held what stands for an outcome until it is measured, broadcasts to `[batch, dy]`
 */
export function restingFilter(
  batch: number, {outcomes, treatments, poles}: {outcomes: number; treatments: number; poles: number}, held: tf.Tensor,
): FilterState {
  const none = tf.zeros<tf.Rank.R2>([batch, outcomes]);
  return {
    slopes: tf.zeros([batch, outcomes, poles]), doses: tf.zeros([batch, treatments, poles]),
    held: tf.add(none, held), since: none, seen: none, elapsed: tf.zeros([batch, 1]),
  };
}

/**
 * The filter after one more gap and reading, exact whatever the gap. A time at which nothing is measured changes
 * nothing: two gaps with one treatment are one gap.
 * @param poles lambda, `[n]`, each > 0, in 1/time
 */
export function filtered(
  before: FilterState, {outcome, observed, treatment, duration}: Required<Reading>, poles: tf.Tensor1D,
): FilterState {
  const since = tf.add<tf.Tensor2D>(before.since, duration);
  const again = tf.mul(observed, before.seen), rise = tf.mul(tf.sub(outcome, before.held), again);
  // 1 is added where there is no slope, so that nothing is divided by 0.
  const slope = tf.div<tf.Tensor2D>(rise, tf.add(since, tf.sub(1, again))), kept = fading(duration, poles);
  return {
    slopes: tf.add(tf.mul(kept, before.slopes), tf.mul(taken(since, poles), slope.expandDims(2))),
    doses: tf.add(tf.mul(kept, before.doses), tf.mul(taken(duration, poles), treatment.expandDims(2))),
    held: tf.add(tf.mul(observed, outcome), tf.mul(tf.sub(1, observed), before.held)),
    since: tf.mul(tf.sub(1, observed), since),
    seen: tf.maximum(before.seen, observed), elapsed: tf.add(before.elapsed, duration),
  };
}

/** exp(-lambda t): `[batch, d]` to `[batch, d, n]`. */
export const fading = (time: tf.Tensor2D, poles: tf.Tensor1D): tf.Tensor3D =>
  tf.exp(tf.neg(tf.mul<tf.Tensor3D>(time.expandDims(2), poles)));

/** What a constant input of 1 leaves after `time`: (1 - exp(-lambda t)) / lambda. `[batch, d]` to `[batch, d, n]` */
const taken = (time: tf.Tensor2D, poles: tf.Tensor1D): tf.Tensor3D =>
  tf.div(tf.sub<tf.Tensor3D>(1, fading(time, poles)), poles);

/**
 * The matrix `[n, n]` that makes the responses exp(-lambda_k t) an orthonormal set. Filters of neighbouring poles say
 * nearly the same; a network learns from what sets them apart.
 */
export function orthonormalising(poles: readonly number[]): number[][] {
  const overlaps = new Matrix(poles.map(p => poles.map(q => 1 / (p + q))));
  return inverse(new CholeskyDecomposition(overlaps).lowerTriangularMatrix).to2DArray();
}
