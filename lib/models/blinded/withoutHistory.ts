import * as tf from '@tensorflow/tfjs';
import type {Tensors} from '../../nn';
import type {HistoryTensors, Network, TrainingBatch} from '../network';

/**
 * The same network with no memory: of the history it reads what was measured at t_c and the statics, not what came
 * before. A network that counts the readings it is given still knows how many there were. The difference to the network
 * itself is what the past says of the state. For ablations.
 * @reference Meyes, Lu, de Puiseau, Meisen 2019, Ablation studies in artificial neural networks. arXiv:1901.08644
 * @example
 * ```ts
 * import {obsNode, withoutHistory} from './lib';
 * console.log(withoutHistory(obsNode()).config.history);   // false
 * ```
 */
export function withoutHistory<P>(network: Network<P>): Network<P> {
  const blind = (batch: TrainingBatch): TrainingBatch => ({...batch, history: present(batch.history)});
  const {rowWeights} = network;
  return Object.freeze({
    ...network,
    config: {...network.config, history: false},
    forecast: (params: Tensors<P>, history, plan, noise?: tf.Tensor2D) =>
      network.forecast(params, present(history), plan, noise),
    loss: (params: Tensors<P>, batch, context) => network.loss(params, blind(batch), context),
    ...(rowWeights && {rowWeights: (params: Tensors<P>, batch: TrainingBatch) => rowWeights(params, blind(batch))}),
  } satisfies Network<P>);
}

/** Nothing measured and nothing given before t_c, and no time passed since. */
function present(history: HistoryTensors): HistoryTensors {
  const now = history.last.expandDims<tf.Tensor3D>(2);
  return {
    ...history,
    time: tf.zerosLike(history.time),
    outcomes: tf.mul(history.outcomes, now),
    observed: tf.mul(history.observed, now),
    treatments: tf.zerosLike(history.treatments),
  };
}
