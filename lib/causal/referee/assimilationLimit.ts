import {coarsen, type ConfoundedDiffusion, type DiffusionTrial} from './confoundedDiffusion';
import {
  adjustOnPartition, distance, filterTrial, interventionalTruth, partitionMethods, standardised,
} from './partition';

/** One partition of the past against the limit. */
export interface AssimilationRow {
  /** K, the number of cells of the past. */
  readonly cells: number;
  /** Root mean square distance of the forecast from that of the filter that reads every visit. */
  readonly error: number;
  /** The same for a filter that takes past doses for no evidence about ε. */
  readonly errorIgnoringDoses: number;
  /** Mean of simulated outcome minus forecast, in standard errors. */
  readonly gap: number;
}

/**
 * The past read on ever finer partitions, for the same patients: the trial's visits are averaged over K cells, and
 * equation (7) forecasts from what is left, with the plan followed finely.
 * @param trial with noise `'per time'` and many visits
 * @param cells values of K, each a divisor of the number of visits
 * @throws ArgumentError for another noise, or a K that does not divide the visits.
 * @paper A.1, the limit of many observations
 */
export function assimilationLimit(
  model: ConfoundedDiffusion, trial: DiffusionTrial, cells: readonly number[],
): readonly AssimilationRow[] {
  const limit = interventionalTruth(model, filterTrial(model, trial), trial.design).means;
  const plan = {...partitionMethods['RK4, dose as planned'], parts: 64};
  return cells.map(K => {
    const coarse = coarsen(trial, trial.design.visits / K);
    const forecast = (filter: ConfoundedDiffusion) =>
      adjustOnPartition(model, filterTrial(filter, coarse), coarse.design, plan).means;
    const full = forecast(model);
    return {
      cells: K, error: distance(full, limit), gap: standardised(coarse.answers.map((y, i) => y - full[i])),
      errorIgnoringDoses: distance(forecast({...model, treatment: 0}), limit),
    };
  });
}
