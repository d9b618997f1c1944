import type {Trajectories} from '../data/trajectories';
import {expect, expectWhole, isWhole} from '../errors';
import type {Scaling} from './scaling';

/** Under which treatments the forecasts are scored. */
export interface Plans {
  readonly name: string;
  /** What comes true when plans start at decision index c: one set of trajectories a plan, equal to the test data up to c. */
  readonly at: (test: Trajectories, c: number) => readonly Trajectories[];
}

/** Scores the treatments that were given. */
export const factualPlans: Plans = Object.freeze({name: 'factual', at: (test: Trajectories) => [test]});

/** Scores other treatments than those given. @param at what would have been, one set of trajectories a plan */
export function counterfactualPlans(name: string, at: (c: number) => readonly Trajectories[]): Plans {
  return Object.freeze({name: `counterfactual: ${name}`, at: (_: Trajectories, c: number) => at(c)});
}

/** Who knows what when, and how errors are counted. A score carries its protocol; scores of different protocols do not mix. */
export interface Protocol {
  readonly name: string;
  /** Decision indices: outcomes up to and including this index are known. */
  readonly decisions: readonly number[];
  /** Largest number of steps ahead. */
  readonly horizon: number;
  /** Last target index scored; the end of the series when undefined. */
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

/** Checks and freezes a protocol. `plans` is factual unless given. */
export function protocol(fields: Omit<Protocol, 'plans'> & {readonly plans?: Plans}): Protocol {
  const {decisions, horizon, until, plans = factualPlans} = fields;
  expect(decisions.length > 0 && decisions.every(c => isWhole(c, 0)), {
    fn: 'protocol', argument: 'decisions', expected: 'whole numbers >= 0, at least one', received: decisions,
  });
  expectWhole('protocol', {horizon, ...(until === undefined ? {} : {until})});
  return Object.freeze({...fields, decisions: Object.freeze([...decisions]), plans});
}

/** Equal for protocols whose scores may be compared. Divisors may differ (each seed has its own training set); what they are may not. */
export function protocolKey({name, decisions, horizon, until, scaling, plans}: ScoredProtocol): string {
  return JSON.stringify({name, decisions, horizon, until, scaling: scaling.name, plans: plans.name});
}

/** @throws ArgumentError unless all protocols have the same key */
export function expectSameProtocol(fn: string, protocols: readonly ScoredProtocol[]): void {
  const other = protocols.find(p => protocolKey(p) !== protocolKey(protocols[0]));
  expect(!other, {
    fn, argument: 'scores', expected: `all of the protocol ${protocols[0] && protocolKey(protocols[0])}`, received: other && protocolKey(other),
    remedy: 'Numbers with different information, targets or units cannot stand in one table: evaluate again under one protocol.',
  });
}
