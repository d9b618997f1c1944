import type {Trajectories} from '../data/trajectories';
import {expect, expectWhole, isWhole} from '../errors';
import type {Scaling} from './scaling';

/** When it is decided in every unit: an index into its own times, or a time in the data's unit. */
export type ScoredDecision = number | {readonly time: number};

/** Whether it is decided at a time, not at an index. */
export const byTime = (decision: ScoredDecision): decision is {readonly time: number} =>
  typeof decision === 'object' && decision !== null;

/** Under which treatments the forecasts are scored. */
export interface Plans {
  readonly name: string;
  /**
   * What comes true when plans start at a decision: one set of trajectories a plan, equal to the test data up to it.
   */
  readonly at: (test: Trajectories, decision: ScoredDecision) => readonly Trajectories[];
}

/** Scores the treatments that were given. */
export const factualPlans: Plans = Object.freeze({name: 'factual', at: (test: Trajectories) => [test]});

/**
 * Scores other treatments than those given.
 * @param at what would have been, one set of trajectories a plan, for decisions by index
 * @throws ArgumentError, from `at`: for a decision by time
 */
export function counterfactualPlans(name: string, at: (c: number) => readonly Trajectories[]): Plans {
  return Object.freeze({name: `counterfactual: ${name}`, at: (_: Trajectories, c: ScoredDecision) => {
    expect(!byTime(c), {
      fn: 'counterfactualPlans', argument: 'decision', expected: 'an index, as simulators count', received: c,
    });
    return at(c);
  }});
}

/**
 * Who knows what when, and how errors are counted. A score carries its protocol; scores of different protocols do not
 * mix.
 */
export interface Protocol {
  readonly name: string;
  /** Decision indices: outcomes up to and including this index are known. Or times, of which the same is true. */
  readonly decisions: readonly ScoredDecision[];
  /** Largest number of steps ahead; after a time, the longest duration ahead in the data's time unit. */
  readonly horizon: number;
  /**
   * After a time: durations, increasing up to `horizon`, at which the scored cells end. Default: one cell, which ends
   * at the horizon.
   */
  readonly edges?: readonly number[];
  /** Last target index scored after an index; the end of the series when undefined. */
  readonly until?: number;
  readonly scaling: Scaling;
  readonly plans: Plans;
}

/** A protocol as a score carries it: plain data, the plans by their name. */
export interface ScoredProtocol extends Omit<Protocol, 'plans'> {
  readonly plans: Pick<Plans, 'name'>;
}

export function scoredProtocol({plans: {name}, ...counted}: Protocol): ScoredProtocol {
  return Object.freeze({...counted, plans: Object.freeze({name})});
}

/** A protocol whose decisions are indices. */
export interface IndexProtocol extends Protocol {
  readonly decisions: readonly number[];
}

type Unplanned = Omit<Protocol, 'plans'> & {readonly plans?: Plans};

/**
 * Checks and freezes a protocol. `plans` is factual unless given.
 * @throws ArgumentError for decisions that are neither all indices >= 0 nor all finite times, or a horizon, `until` or
 * `edges` that do not go with them
 */
export function protocol(fields: Unplanned & {readonly decisions: readonly number[]}): IndexProtocol;
/** The same for decisions by time. */
export function protocol(fields: Unplanned): Protocol;
export function protocol(fields: Unplanned): Protocol {
  const {decisions, horizon, until, plans = factualPlans} = fields, timed = decisions.some(byTime);
  if (timed) expectTimed(fields);
  else {
    expect(decisions.length > 0 && decisions.every(c => isWhole(c, 0)), {
      fn: 'protocol', argument: 'decisions', expected: 'whole numbers >= 0, at least one', received: decisions,
    });
    expectWhole('protocol', {horizon, ...(until === undefined ? {} : {until})});
  }
  return Object.freeze({...fields, decisions: Object.freeze([...decisions]), plans});
}

/** Where scored cells end, in the data's time unit, after a decision by time. */
export const cellEdges = ({horizon, edges = [horizon]}: Pick<Protocol, 'horizon' | 'edges'>): readonly number[] =>
  edges;

function expectTimed({decisions, horizon, edges, until}: Omit<Protocol, 'plans'>): void {
  const fn = 'protocol', ends = cellEdges({horizon, edges});
  expect(decisions.every(c => byTime(c) && Number.isFinite(c.time)), {
    fn, argument: 'decisions', expected: 'all indices or all finite times', received: decisions,
  });
  expect(horizon > 0 && horizon < Infinity, {fn, argument: 'horizon', expected: 'a duration > 0', received: horizon});
  expect(ends.every((end, k) => end > (ends[k - 1] ?? 0)) && ends[ends.length - 1] === horizon, {
    fn, argument: 'edges', expected: `increasing durations from above 0 to the horizon, ${horizon}`, received: ends,
  });
  expect(until === undefined, {
    fn, argument: 'until', expected: 'left out after a time, where the horizon says as much', received: until,
  });
}

/**
 * Equal for protocols whose scores may be compared. Divisors may differ (each seed has its own training set); what they
 * are may not.
 */
export function protocolKey({name, decisions, horizon, edges, until, scaling, plans}: ScoredProtocol): string {
  return JSON.stringify({name, decisions, horizon, edges, until, scaling: scaling.name, plans: plans.name});
}

/** @throws ArgumentError unless all protocols have the same key */
export function expectSameProtocol(fn: string, protocols: readonly ScoredProtocol[]): void {
  const other = protocols.find(p => protocolKey(p) !== protocolKey(protocols[0]));
  expect(!other, {
    fn, argument: 'scores', expected: `all of the protocol ${protocols[0] && protocolKey(protocols[0])}`,
    received: other && protocolKey(other),
    remedy: 'Numbers with different information, targets or units cannot stand in one table: evaluate again under '
      + 'one protocol.',
  });
}
