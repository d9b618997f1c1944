import {expect} from '../../errors';
import {historyAt, planAt, type Cohort} from '../../data';
import {ndarray, type NdArray} from '../../math';
import type {FittedForecaster} from '../../models';
import type {BolusRun} from './bolusPeople';
import {middle} from './fit/score';

/** When a forecaster is asked. */
export interface BolusQuestion {
  /** Index of the last sample that is known. */
  readonly decision: number;
  /** Samples ahead. */
  readonly horizon: number;
}

/** How far a forecaster is off. */
export interface BolusScores {
  /** Median over people and samples of the error of the logarithm of the concentration in blood. */
  readonly blood: number;
  /**
   * Root mean squared error of what the boluses that came change, in blood and at the effect site, as a share of the
   * root mean square of the true change.
   */
  readonly effect: number;
  readonly effectSite: number;
  /** Median error of the logarithm of the highest concentration at the effect site. */
  readonly peak: number;
}

/** Scores of a forecaster against true concentrations. @throws ArgumentError for a question beyond the samples */
export async function bolusScores(
  model: FittedForecaster, cohort: Cohort<BolusRun>, {decision, horizon}: BolusQuestion,
): Promise<BolusScores> {
  const series = cohort.trajectories, history = historyAt(series, decision), plan = planAt(series, decision, horizon);
  const never = ndarray(plan.treatments.shape);
  const [given, quiet] = [plan.treatments, never].map(doses => trueCourse(cohort, decision, doses));
  const told = (await model.forecast(history, plan)).mean.data;
  const without = (await model.forecast(history, {...plan, treatments: never})).mean.data;
  const changes = Array.from(given, (v, k) => ({truth: v - quiet[k], told: told[k] - without[k]}));
  const share = (j: number) => {
    const own = changes.filter((_, k) => k % 2 === j), sum = (of: (row: typeof own[number]) => number) =>
      own.reduce((total, row) => total + of(row) ** 2, 0);
    return Math.sqrt(sum(row => row.told - row.truth) / sum(row => row.truth));
  };
  const off = Array.from(given, (v, k) => logError(told[k], v)).filter((_, k) => k % 2 === 0);
  const [high, found] = [given, told].map(course => peaks(course, horizon));
  return {
    blood: middle(off), effect: share(0), effectSite: share(1), peak: middle(high.map((v, i) => logError(found[i], v))),
  };
}

/** How well a forecaster finds the bolus for a peak. */
export interface DoseScores {
  /** Median error of the logarithm of the dose. */
  readonly error: number;
  /** Share of people given at least 20 % more than they need. */
  readonly overdosed: number;
}

/**
 * The bolus at index `decision`, and nothing after it, that brings the effect site to a peak of `target`: told by the
 * forecaster, against the simulator's own. Doses are sought between 0 and `most` mg/kg; whoever needs none, or more,
 * is left out.
 * @throws ArgumentError for a target [mg/L] or a most [mg/kg] that is not above 0
 */
export async function doseScores(
  model: FittedForecaster, cohort: Cohort<BolusRun>,
  {decision, horizon, target, most}: BolusQuestion & {readonly target: number; readonly most: number},
): Promise<DoseScores> {
  for (const [argument, received] of Object.entries({target, most}))
    expect(received > 0 && received < Infinity, {fn: 'doseScores', argument, expected: 'above 0', received});
  const series = cohort.trajectories, history = historyAt(series, decision), plan = planAt(series, decision, horizon);
  const truth = await doses(plan.treatments.shape, {target, most}, async given =>
    peaks(trueCourse(cohort, decision, given), horizon));
  const told = await doses(plan.treatments.shape, {target, most}, async given =>
    peaks((await model.forecast(history, {...plan, treatments: given})).mean.data, horizon));
  const asked = Array.from(truth.keys()).filter(i => truth[i] > 0.02 * most && truth[i] < 0.98 * most);
  return {
    error: middle(asked.map(i => logError(told[i], truth[i]))),
    overdosed: asked.filter(i => told[i] > 1.2 * truth[i]).length / asked.length,
  };
}

/** Halvings of the range in which a dose is sought. */
const HALVINGS = 12;

/** A dose for each person, by halving. @param shape of plans, `[N, S, 1]` */
async function doses(
  shape: readonly number[], {target, most}: {target: number; most: number},
  peakOf: (plan: NdArray) => Promise<Float64Array>,
): Promise<Float64Array> {
  const [N, S] = shape, low = new Float64Array(N), high = new Float64Array(N).fill(most);
  for (let k = 0; k < HALVINGS; k++) {
    const now = low.map((v, i) => (v + high[i]) / 2), plan = ndarray([N, S, 1]);
    now.forEach((dose, i) => { plan.data[i * S] = dose; });
    (await peakOf(plan)).forEach((peak, i) => (peak < target ? low : high).fill(now[i], i, i + 1));
  }
  return low.map((v, i) => (v + high[i]) / 2);
}

/** True concentrations `[N * horizon * 2]` after index `decision`, without the error of measurement. */
function trueCourse(cohort: Cohort<BolusRun>, decision: number, plan: NdArray): Float64Array {
  const {shape: [N, T], data} = cohort.twins(decision, plan, {noise: 'none'}).truth.state, S = plan.shape[1];
  const out = new Float64Array(N * S * 2);
  for (let i = 0; i < N; i++)
    out.set(data.subarray(2 * (i * T + decision + 1), 2 * (i * T + decision + 1 + S)), 2 * i * S);
  return out;
}

/** The highest concentration at the effect site of each person. @param course `[N * S * 2]` */
function peaks(course: ArrayLike<number>, S: number): Float64Array {
  return Float64Array.from({length: course.length / (2 * S)}, (_, i) =>
    Math.max(...Array.from({length: S}, (_v, k) => course[2 * (i * S + k) + 1])));
}

/** What is below 0.01 mg/L counts as that. */
const logError = (told: number, truth: number): number =>
  Math.abs(Math.log(Math.max(told, 0.01) / Math.max(truth, 0.01)));
