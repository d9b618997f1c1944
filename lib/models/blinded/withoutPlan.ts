import * as tf from '@tensorflow/tfjs';
import type {Network, PlanTensors} from '../network';
import {reading} from '../parts/reading';

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
  return reading(network, {plan: unsaid}, {information: 'history', config: {plan: false}});
}

const unsaid = (plan: PlanTensors): PlanTensors => ({...plan, treatments: tf.zerosLike(plan.treatments)});
