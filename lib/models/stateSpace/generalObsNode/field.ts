import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../../errors';
import {split, type Rng} from '../../../math/rng';
import {initMlp, mlp, type Activation, type MlpOptions, type MlpParams, type Tensors} from '../../../nn';
import type {FieldShape} from '../obsnode/field';

/** The networks of the general observable form, one a block: phi_i and, but for the last block, the entries of G_i. */
export type GeneralFieldParams = readonly MlpParams[];

/** Number of entries on and below the diagonal of a `dy * dy` matrix. */
const triangle = (dy: number): number => dy * (dy + 1) / 2;

/**
 * Fresh networks: the i-th sees the blocks 1..i and the treatment.
 * @throws ArgumentError unless `blocks` is a whole number >= 1.
 */
export function initGeneralField(
  rng: Rng, {blocks, outcomes, treatments}: FieldShape, options: MlpOptions,
): GeneralFieldParams {
  expectWhole('initGeneralField', {blocks});
  return split(rng, blocks).map((r, i) => {
    const answers = outcomes + (i < blocks - 1 ? triangle(outcomes) : 0);
    return initMlp(r, (i + 1) * outcomes + treatments, answers, options);
  });
}

/**
 * Right-hand side of the general observable form,
 *
 *     dz_i/dt = phi_i(z_1..z_i, a) + G_i(z_1..z_i, a) z_{i+1},   dz_m/dt = phi_m(z, a),
 *
 * with G_i lower triangular and at least `floor` on its diagonal. Whoever knows the blocks 1..i, the slope of block i
 * and the treatment can therefore solve for block i+1, and so for the whole state, whatever the networks and whatever
 * the treatment path. In equation (5) all G_i are 1: there a treatment cannot change how strongly the next block acts.
 * Triangular, since a matrix of which only the determinant is bounded is costly to make; every invertible matrix is one
 * up to a rotation, which the next block is free to take into itself.
 *
 * The gains start at 1 where the last layers start at zero.
 * @param z `[batch, m * dy]` @param a `[batch, da]` @returns `[batch, m * dy]`
 * @reference Gauthier and Kupka 1994, Observability and observers for nonlinear systems. doi:10.1137/S0363012991221791
 */
export function generalField(
  params: Tensors<GeneralFieldParams>, z: tf.Tensor2D, a: tf.Tensor2D,
  {activation, floor}: {readonly activation: Activation; readonly floor: number},
): tf.Tensor2D {
  const m = params.length, [batch, dim] = z.shape, dy = dim / m;
  const columns = (x: tf.Tensor2D, from: number, count: number) => x.slice([0, from], [batch, count]);
  return tf.concat(params.map((own, i) => {
    const answer = mlp(own as Tensors<MlpParams>, tf.concat([columns(z, 0, (i + 1) * dy), a], 1), activation);
    if (i === m - 1) return answer;
    const next = columns(z, (i + 1) * dy, dy);
    return tf.add<tf.Tensor2D>(columns(answer, 0, dy), gained(columns(answer, dy, triangle(dy)), next, floor));
  }), 1);
}

/** G times the next block, `[batch, dy]`: `entries` are the diagonal, then what is below it, row by row. */
function gained(entries: tf.Tensor2D, next: tf.Tensor2D, floor: number): tf.Tensor2D {
  const [batch, dy] = next.shape, column = (x: tf.Tensor2D, k: number) => x.slice([0, k], [batch, 1]);
  // softplus is 1 - floor at this shift: the gain of an untrained field is 1.
  const shift = Math.log(Math.expm1(1 - floor));
  const diagonal = tf.add(tf.softplus(tf.add(entries.slice([0, 0], [batch, dy]), shift)), floor);
  const along = tf.mul<tf.Tensor2D>(diagonal, next);
  if (dy === 1) return along;
  let at = dy;
  return tf.concat(Array.from({length: dy}, (_, row) => {
    let sum = column(along, row);
    for (let k = 0; k < row; k++) sum = tf.add<tf.Tensor2D>(sum, tf.mul(column(entries, at++), column(next, k)));
    return sum;
  }), 1);
}
