import {historyAt, planAt} from '../../data/cut';
import type {Trajectories} from '../../data/trajectories';
import {factualPlans, protocol, type IndexProtocol, type Plans} from '../../evaluation/protocol';
import {trainingSd} from '../../evaluation/scaling';
import {swappedPlans} from '../../evaluation/twinPlans';
import {mean} from '../../math/statistics';
import type {Rng} from '../../math/rng';
import type {FittedForecaster} from '../../models/forecaster';
import type {SemiSyntheticCohort} from './cohort';
import {semiSyntheticPlans} from './plans';

/** Under which treatments the methods are asked. */
export type SemiSyntheticQuestion = 'as treated' | 'other plans';

/** When it is asked, and how far ahead. */
export interface SemiSyntheticQuestionsOptions {
  /** Hour of the decision. Default 12. */
  readonly decision?: number;
  /** Hours ahead, at least 1. Default 6: both treatments always for longer never comes about. */
  readonly horizon?: number;
  /** Further hours at which a forecast as treated is asked for. Default: none. */
  readonly rows?: readonly number[];
  /** Draws the other plans. */
  readonly rng: Rng;
}

/** Who is learned from, and who is asked about. */
export interface SemiSyntheticTask {
  readonly train: Trajectories;
  readonly test: SemiSyntheticCohort;
}

/**
 * Two questions about the same patients and the same noise: what happens as treated, and what would have happened under
 * other plans. These toss a coin for each treatment and hour; where treatments are probabilities, which 0 and 1 are far
 * from, patients get each other's. Errors are counted in standard deviations of the training outcomes.
 * @throws ArgumentError for a decision or horizon out of range
 */
export function semiSyntheticQuestions(
  {train, test}: SemiSyntheticTask, {decision = 12, horizon = 6, rows = [], rng}: SemiSyntheticQuestionsOptions,
): Record<SemiSyntheticQuestion, IndexProtocol> {
  const common = {name: 'semi-synthetic', horizon, scaling: trainingSd(train)};
  const decisions = [...new Set([...rows, decision])].sort((a, b) => a - b);
  const plans = drawn(test) ? semiSyntheticPlans(test, 'random', {horizon, rng}) : swappedPlans(test, {horizon, rng});
  return {
    'as treated': protocol({...common, decisions, plans: factualPlans}),
    'other plans': protocol({...common, decisions: [decision], plans}),
  };
}

/** What a method says one plan does in place of another, beside the truth; in the unit of the questions. */
export interface ForecastEffect {
  /** Mean over patients of the difference between its two forecasts. */
  readonly effect: number;
  /** The true mean, by twins. */
  readonly trueEffect: number;
  /** Root mean squared error over patients. */
  readonly effectError: number;
  /** Root mean square over patients: how much the plan moves the forecasts at all. */
  readonly effectSize: number;
}

/**
 * Asks a fitted method for two forecasts `horizon` hours after the decision: both treatments always and never; where
 * treatments are probabilities, another patient's and the patient's own.
 */
export async function forecastEffect(
  fitted: FittedForecaster, {train, test}: SemiSyntheticTask,
  {decision = 12, horizon = 6, rng}: Omit<SemiSyntheticQuestionsOptions, 'rows'>,
): Promise<ForecastEffect> {
  const [unit] = trainingSd(train).divisors, dy = test.trajectories.outcomes.shape[2];
  const history = historyAt(test.trajectories, decision), N = history.outcomes.shape[0];
  const plans: readonly Plans[] = drawn(test)
    ? [semiSyntheticPlans(test, 'always', {horizon}), semiSyntheticPlans(test, 'never', {horizon})]
    : [swappedPlans(test, {horizon, rng}), factualPlans];
  const both = plans.map(async plan => {
    const [twins] = plan.at(test.trajectories, decision), {shape: [, T], data} = twins.outcomes;
    const {mean: said} = await fitted.forecast(history, planAt(twins, decision, horizon));
    return Array.from({length: N}, (_, i) => ({
      said: said.data[((i + 1) * horizon - 1) * dy] / unit!, true: data[(i * T + decision + horizon) * dy] / unit!,
    }));
  });
  const [a, b] = await Promise.all(both), effects = a.map((v, i) => v.said - b[i].said);
  const truth = a.map((v, i) => v.true - b[i].true);
  const rms = (values: readonly number[]) => Math.sqrt(mean(values.map(v => v * v)));
  return Object.freeze({
    effect: mean(effects), trueEffect: mean(truth), effectError: rms(effects.map((v, i) => v - truth[i])),
    effectSize: rms(effects),
  });
}

/** Whether treatments are given or not, by chance. */
const drawn = ({world}: SemiSyntheticCohort): boolean => world.model.policy.treatment === 'drawn';
