import * as tf from '@tensorflow/tfjs';
import type {HistoryTensors, Network} from '../network';
import {reading} from '../parts/reading';

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
  return reading(network, {history: present}, {config: {history: false}});
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
