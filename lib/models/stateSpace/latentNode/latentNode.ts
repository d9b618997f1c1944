import * as tf from '@tensorflow/tfjs';
import type {Rng} from '../../../math/rng';
import {initMlp, mlp, type Activation, type MlpOptions, type MlpParams, type Tensors} from '../../../nn';
import type {Network} from '../../network';
import type {FieldShape} from '../obsnode/field';
import {stateSpaceNetwork, type ObsNodeOptions, type StateSpaceParams} from '../obsnode/obsnode';
import type {RecognitionParams} from '../obsnode/recognition';

/**
 * Latent neural ODE without the normal form: one network of the whole state and the treatment moves every component. It
 * has the recognition network, the state size and the read-out of ObsNODE, so a comparison shows what the form gives
 * and what it costs: nothing here guarantees that the state can be reconstructed from the outcomes.
 * @param options as for `obsNode`; `blocks * dy` is the size of the state
 * @reference Chen, Rubanova, Bettencourt, Duvenaud 2018, Neural ordinary differential equations, arXiv:1806.07366
 */
export function latentNode<R = RecognitionParams>(
  options: ObsNodeOptions<R> = {},
): Network<StateSpaceParams<MlpParams, R>> {
  return stateSpaceNetwork('latent NODE', {fn: 'latentNode', init, field}, options);
}

const init = (rng: Rng, {blocks, outcomes, treatments}: FieldShape, options: MlpOptions): MlpParams =>
  initMlp(rng, blocks * outcomes + treatments, blocks * outcomes, options);

const field = (params: Tensors<MlpParams>, z: tf.Tensor2D, a: tf.Tensor2D, activation: Activation): tf.Tensor2D =>
  mlp(params, tf.concat([z, a], 1), activation);
