import {expect} from '../../errors';
import {confoundedKalman, treatmentGain, type ConfoundedModel} from './kalman';
import {stateSpaceNumbers, type LinearStateSpaceOptions} from './linearReferee';

/**
 * Options of {@link regressionBias} ; the confounder is fresh at each time, and what the policy listens to does not
 * matter.
 */
export interface RegressionBiasOptions extends Pick<LinearStateSpaceOptions, 'decay' | 'effect' | 'confounding'
  | 'stateNoise' | 'outcomeNoise'> {
  /** Outcomes up to and at the decision, a whole number >= 1. */
  readonly visits: number;
  /**
   * `'all'` (default): the history holds every outcome. `'present'`: it holds all treatments, but no outcome before the
   * decision.
   */
  readonly readings?: 'all' | 'present';
}

/**
 * Effect of the present treatment on the next outcome as plain regression on history and treatment has it, minus the
 * true one, in {@link linearStateSpace} : by the scalar Kalman recursion for the variance of the state, without
 * matrices. 0 when the state is known. Its size is set by how uncertain the state still is, whether readings told it,
 * or decay forgot the start.
 * @throws ArgumentError for a bad number of visits.
 */
export function regressionBias({visits, readings = 'all', ...options}: RegressionBiasOptions): number {
  expect(Number.isInteger(visits) && visits >= 1, {
    fn: 'regressionBias', argument: 'visits', expected: 'a whole number >= 1', received: visits,
  });
  const n = stateSpaceNumbers(options), model: ConfoundedModel = {
    decay: n.decay, effect: n.effect, processSd: n.stateNoise, sensorSd: n.outcomeNoise, policySd: n.policyNoise,
    initialSd: 1,
    confounding: {outcome: n.confounding, treatment: n.confounding},
  };
  return model.decay * treatmentGain(model, varianceBefore(model, visits - 1, readings));
}

/**
 * Variance of the state after `steps` times, just before the next outcome. It does not depend on the values that were
 * seen.
 */
function varianceBefore(model: ConfoundedModel, steps: number, readings: 'all' | 'present'): number {
  if (readings === 'all') {
    return confoundedKalman(model, [...Array.from({length: steps}, () => ({y: 0, a: 0})), {}]).variance;
  }
  return Array.from({length: steps})
    .reduce<number>(v => model.decay ** 2 * v + model.processSd ** 2, model.initialSd ** 2);
}
