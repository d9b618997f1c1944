import {historyAt, planAt, targetsAt} from '../../data';
import {fold, rng, type NdArray, type Rng} from '../../math';
import {oracle, type FittedForecaster} from '../../models';
import {hiddenCohort, randomPlan} from './cohort';
import {interventionalMean} from './interventionalMean';
import type {HiddenWorld} from './world';

/** Root mean squares over units under plans drawn at random, for each step ahead `[horizon]`. */
export interface HiddenScores {
  /** Distance from what came true under the plan in the simulator. */
  readonly error: readonly number[];
  /** Distance from the best forecast that the record allows, `interventionalMean`: what is left is the method's own. */
  readonly excess: readonly number[];
}

/** What a fitted method is asked. */
export interface HiddenQuestion {
  /** Answers it. */
  score(fitted: FittedForecaster): Promise<HiddenScores>;
  /** The same of whoever knows the hidden state at the decision. */
  oracle(): Promise<HiddenScores>;
  /** The same of the best forecast that the record allows; its excess is 0. */
  best(): Promise<HiddenScores>;
}

/**
 * Test units of a world, each asked about doses drawn at random, carried out in the simulator with the chance that the
 * unit would have had anyway.
 * @param units >= 1
 * @throws ArgumentError unless `units` is a whole number >= 1
 */
export function hiddenQuestion(world: HiddenWorld, {units, rng: own}: {units: number; rng: Rng}): HiddenQuestion {
  const cohort = hiddenCohort(world, {units, rng: fold(own, 'units')}), {decision, horizon} = world;
  const twins = cohort.twins(decision, randomPlan(world, units, fold(own, 'plan')));
  const history = historyAt(twins.trajectories, decision), plan = planAt(twins.trajectories, decision, horizon);
  const truth = targetsAt(twins.trajectories, decision, horizon).outcomes, train = cohort.trajectories;
  const fitted = (forecaster: ReturnType<typeof oracle>) => forecaster.fit(train, train, {rng: rng(0)});
  const best = fitted(interventionalMean(world)).then(model => model.forecast(history, plan));
  const score = async (model: FittedForecaster): Promise<HiddenScores> => {
    const {mean} = await model.forecast(history, plan);
    return {error: distance(mean, truth), excess: distance(mean, (await best).mean)};
  };
  return Object.freeze({
    score, oracle: async () => score(await fitted(oracle(cohort))),
    best: async () => score(await fitted(interventionalMean(world))),
  });
}

/** For each step ahead, of `[N, s, 1]`. */
function distance({data, shape: [N, s]}: NdArray, other: NdArray): number[] {
  return Array.from({length: s}, (_, k) => {
    let sum = 0;
    for (let at = k; at < N * s; at += s) sum += (data[at] - other.data[at]) ** 2;
    return Math.sqrt(sum / N);
  });
}
