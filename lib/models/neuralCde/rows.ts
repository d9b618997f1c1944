import * as tf from '@tensorflow/tfjs';
import type {PlanTensors} from '../network';

/** S matrices `[B, d]` as rows of one, the steps one below the other: `[S * B, d]`. */
export const rowsOf = (perStep: readonly tf.Tensor2D[]): tf.Tensor2D =>
  (perStep.length === 1 ? perStep[0] : tf.concat2d([...perStep], 0));

/** What {@link rowsOf} put together, with one number a row: `[S * B]` to `[B, S]`. */
export const stepsOf = (rows: tf.Tensor1D, horizon: number): tf.Tensor2D =>
  tf.transpose(rows.reshape<tf.Tensor2D>([horizon, rows.shape[0] / horizon]));

/** The planned treatments in the order of {@link rowsOf}. `[S * B, da]` */
export function treatmentRows({treatments}: PlanTensors): tf.Tensor2D {
  const [batch, horizon, da] = treatments.shape;
  return tf.transpose(treatments, [1, 0, 2]).reshape([horizon * batch, da]);
}
