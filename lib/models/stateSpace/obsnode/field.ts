import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../../errors';
import {split, type Rng} from '../../../math/rng';
import {initMlp, mlp, type Activation, type MlpOptions, type MlpParams, type Tensors} from '../../../nn';

/** The networks phi_1 ... phi_m of the observable normal form. */
export type FieldParams = readonly MlpParams[];

/** Sizes of the observable normal form. */
export interface FieldShape {
  /** m, the number of blocks, >= 1; the state has `m * dy` dimensions. */
  readonly blocks: number;
  /** dy, the size of one block. */
  readonly outcomes: number;
  /** da */
  readonly treatments: number;
}

/**
 * Fresh networks: phi_i sees the blocks 1..i and the treatment, and answers one block.
 * @throws ArgumentError unless `blocks` is a whole number >= 1.
 */
export function initField(rng: Rng, {blocks, outcomes, treatments}: FieldShape, options: MlpOptions): FieldParams {
  expectWhole('initField', {blocks});
  return split(rng, blocks).map((r, i) => initMlp(r, (i + 1) * outcomes + treatments, outcomes, options));
}

/**
 * Right-hand side of the observable normal form: block i changes by block i+1 plus phi_i(blocks 1..i, a), the last
 * block by phi_m(z, a) alone. Whoever sees block 1 over time can therefore compute every other block from its
 * derivatives, whatever the networks and whatever the treatment path: observability is built in.
 * @param z `[batch, m * dy]`
 * @param a `[batch, da]`
 * @returns `[batch, m * dy]`
 * @paper eq. (5)
 */
export function observableField(
  params: Tensors<FieldParams>, z: tf.Tensor2D, a: tf.Tensor2D, activation: Activation,
): tf.Tensor2D {
  const m = params.length;
  const [batch, dim] = z.shape;
  const dy = dim / m;
  const phi = params.map((p, i) =>
    mlp(p as Tensors<MlpParams>, tf.concat([z.slice([0, 0], [batch, (i + 1) * dy]), a], 1), activation));
  if (m === 1) return phi[0];
  const nextBlocks = tf.pad(z.slice([0, dy], [batch, dim - dy]), [[0, 0], [0, dy]]);
  return tf.add(nextBlocks, tf.concat(phi, 1));
}
