import * as tf from '@tensorflow/tfjs';
import type {Tensors} from '../../nn';
import type {Network, PlanTensors, TrainingBatch} from '../network';

/**
 * The same network, told nothing of the plan: every planned treatment reads 0, which is the mean dose where treatments
 * are standardised. Trained so, it forecasts what usually happens to whoever has such a history; the difference to the
 * network itself is what the plan says. For ablations.
 * @reference Meyes, Lu, de Puiseau, Meisen 2019, Ablation studies in artificial neural networks. arXiv:1901.08644
 * @example
 * ```ts
 * import {obsNode, withoutPlan} from './lib';
 * console.log(withoutPlan(obsNode()).information);   // history
 * ```
 */
export function withoutPlan<P>(network: Network<P>): Network<P> {
  const blind = (batch: TrainingBatch): TrainingBatch => ({...batch, plan: unsaid(batch.plan)}), {rowWeights} = network;
  return Object.freeze({
    ...network,
    information: 'history' as const,
    config: {...network.config, plan: false},
    forecast: (params: Tensors<P>, history, plan, noise?: tf.Tensor2D) =>
      network.forecast(params, history, unsaid(plan), noise),
    loss: (params: Tensors<P>, batch, context) => network.loss(params, blind(batch), context),
    ...(rowWeights && {rowWeights: (params: Tensors<P>, batch: TrainingBatch) => rowWeights(params, blind(batch))}),
  } satisfies Network<P>);
}

const unsaid = (plan: PlanTensors): PlanTensors => ({...plan, treatments: tf.zerosLike(plan.treatments)});
