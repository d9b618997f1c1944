import {historyAt, planAt, type Cohort} from '../../data';
import {ndarray, type NdArray} from '../../math';
import type {FittedForecaster} from '../../models';
import type {KickedRun} from './kickedPendulum';

/** Sizes by which errors of angle [rad] and speed [rad/s] are divided. */
const SIZES = [0.3, 0.8];

/** How far a forecaster is off, in units of a usual angle and speed. */
export interface KickedScores {
  /** Root mean squared error of the course under the kicks that came. */
  readonly course: number;
  /** The same of the difference that these kicks make against none: the effect. */
  readonly effect: number;
}

/**
 * Scores of a forecaster on pendulums, against states without the error of measurement.
 * They are asked at index `decision`, of the last look that is known, for `horizon` looks ahead.
 */
export async function kickedScores(
  model: FittedForecaster, cohort: Cohort<KickedRun>, {decision, horizon}: {decision: number; horizon: number},
): Promise<KickedScores> {
  const series = cohort.trajectories, history = historyAt(series, decision), plan = planAt(series, decision, horizon);
  const never = ndarray(plan.treatments.shape), quiet = cohort.twins(decision, never, {noise: 'none'});
  const kicked = cohort.twins(decision, plan.treatments, {noise: 'none'});
  const told = await model.forecast(history, plan);
  const without = await model.forecast(history, {...plan, treatments: never});
  const [truth, calm] = [kicked, quiet].map(run => stateAfter(run.truth.state, decision, horizon));
  return {
    course: rootMean(truth.map((v, k) => v - told.mean.data[k])),
    effect: rootMean(truth.map((v, k) => v - calm[k] - (told.mean.data[k] - without.mean.data[k]))),
  };
}

/** States at the `horizon` times after index `decision`, `[N * horizon * 2]`. */
function stateAfter({shape: [N, T], data}: NdArray, decision: number, horizon: number): Float64Array {
  const out = new Float64Array(N * horizon * 2);
  for (let i = 0; i < N; i++)
    out.set(data.subarray(2 * (i * T + decision + 1), 2 * (i * T + decision + 1 + horizon)), 2 * i * horizon);
  return out;
}

const rootMean = (errors: Float64Array): number =>
  Math.sqrt(errors.reduce((sum, e, k) => sum + (e / SIZES[k % 2]) ** 2, 0) / errors.length);
