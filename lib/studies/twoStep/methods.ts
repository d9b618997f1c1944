import {comparedMethods, type ComparedForecaster, type ComparedMethodsOptions} from '../../experiments';
import type {LearningOptions} from '../../training';

/** Options of {@link twoStepForecasters}. */
export interface TwoStepForecastersOptions extends ComparedMethodsOptions {
  /**
   * Changes to the training, for every method; default 60 passes in batches of 500, the decision at time 0, both steps
   * ahead.
   */
  readonly training?: Partial<LearningOptions>;
}

/**
 * The same methods for the toy of `twoStepCohort`, whose treatments are on or off for everyone. Give `fit` validation
 * units that were treated at random: the error by which weights are chosen is that of forecasts under the treatments
 * given, and where these were confounded it prefers the weights that make the mistake of a regression.
 */
export function twoStepForecasters(
  {models, more, training = {}}: TwoStepForecastersOptions = {},
): ComparedForecaster[] {
  const options: LearningOptions = {
    epochs: 60, batch: 500, horizon: 2, decisions: [0], rate: {from: 1e-2, to: 1e-4}, adam: {clipNorm: 1}, ...training,
  };
  return comparedMethods('twoStepForecasters', {models, more}).map(({name, adjusts, learn}) =>
    Object.freeze({
      name, adjusts, rate: options.rate.from, treatments: 'on or off' as const, forecaster: learn('bernoulli', options),
    }));
}
