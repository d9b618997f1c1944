import type * as tf from '@tensorflow/tfjs';
import type {Tensors} from '../../nn';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../network';

/** What a network reads in place of what there is. */
export interface Read {
  readonly history?: (history: HistoryTensors) => HistoryTensors;
  readonly plan?: (plan: PlanTensors) => PlanTensors;
}

/** How the network that reads so is told from the one that it is made of. */
export type ReadingSaid = Partial<Pick<Network<unknown>, 'config' | 'information'>>;

/**
 * The same network with other eyes: whatever it is given, in training, forecasting and weighing, it reads as `read`
 * makes it. Weights and targets are its own.
 * @reference Meyes, Lu, de Puiseau, Meisen 2019, Ablation studies in artificial neural networks. arXiv:1901.08644
 */
export function reading<P>(network: Network<P>, {history, plan}: Read, said: ReadingSaid): Network<P> {
  const past = history ?? same, ahead = plan ?? same, {rowWeights, state} = network;
  const seen = (batch: TrainingBatch): TrainingBatch =>
    ({...batch, history: past(batch.history), plan: ahead(batch.plan)});
  return Object.freeze({
    ...network,
    ...said,
    config: {...network.config, ...said.config},
    forecast: (params: Tensors<P>, given, planned, noise?: tf.Tensor2D) =>
      network.forecast(params, past(given), ahead(planned), noise),
    loss: (params: Tensors<P>, batch, context) => network.loss(params, seen(batch), context),
    ...(state && {state: (params: Tensors<P>, given: HistoryTensors) => state(params, past(given))}),
    ...(rowWeights && {rowWeights: (params: Tensors<P>, batch: TrainingBatch) => rowWeights(params, seen(batch))}),
  } satisfies Network<P>);
}

const same = <T>(given: T): T => given;
