import type {Trajectories} from '../../data/trajectories';
import {protocol, type Protocol} from '../../evaluation/protocol';
import type {Rng} from '../../math/rng';
import {cancerPlans, type CancerPlanKind} from './plans';
import {publishedCancerProtocol} from './publishedProtocol';
import type {CancerCohort} from './simulator/cohort';

/** Under which treatments the methods are asked. */
export type CancerQuestion = 'as treated' | 'random doses' | 'sliding dose' | 'next dose';

/** Options of {@link cancerQuestions}. */
export interface CancerQuestionsOptions {
  /** Decision index at which other plans begin; it is asked about as treated, too. */
  readonly decision: number;
  /** Steps ahead under other plans, >= 1. */
  readonly horizon: number;
  /** Decision indices asked about as treated. Default: those of the published heat maps, 3 to 13. */
  readonly rows?: readonly number[];
  /** Draws the random doses. */
  readonly rng: Rng;
}

/**
 * Four kinds of questions about the same patients and the same noise: what happens under the doctor's treatment, and
 * what would have happened under doses drawn at random, under one large dose at one time and nothing else, and under
 * each pair of doses for the next step. All are counted in the published unit.
 * @throws ArgumentError for a decision or horizon out of range
 */
export function cancerQuestions(
  {train, test}: {readonly train: Trajectories; readonly test: CancerCohort},
  {decision, horizon, rows, rng}: CancerQuestionsOptions,
): Record<CancerQuestion, Protocol> {
  const factual = publishedCancerProtocol(train), {scaling} = factual;
  const decisions = [...new Set([...rows ?? factual.decisions, decision])].sort((a, b) => a - b);
  const other = (kind: CancerPlanKind, horizon: number) => {
    const plans = cancerPlans(test, kind, {horizon, rng});
    return protocol({name: 'other plans', decisions: [decision], horizon, scaling, plans});
  };
  return {
    // As far as the published maps go, and farther where the decision is asked about beyond them.
    'as treated': protocol({...factual, decisions, until: Math.max(factual.until!, decision + horizon)}),
    'random doses': other('random', horizon),
    'sliding dose': other('sliding', horizon),
    'next dose': other('one step', 1),
  };
}
