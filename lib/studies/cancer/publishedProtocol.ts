import type {Trajectories} from '../../data/trajectories';
import {factualPlans, protocol, type IndexProtocol, type Plans} from '../../evaluation/protocol';
import {trainingSd} from '../../evaluation/scaling';

/**
 * How the published cancer heat maps count: row i has its last observation at index 3 + i, column j is the target at
 * index 3 + j, i < j < 12, in units of the training standard deviation over the first 16 times. Table 1's "t_c = 5" is
 * row 5: decision index 8.
 * @paper Table 1, Figure 2
 */
export function publishedCancerProtocol(
  train: Trajectories, {plans = factualPlans}: {plans?: Plans} = {},
): IndexProtocol {
  const decisions = Array.from({length: 11}, (_, i) => 3 + i);
  return protocol({
    name: 'published cancer', decisions, horizon: 11, until: 14, scaling: trainingSd(train, {steps: 16}), plans,
  });
}
