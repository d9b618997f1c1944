import {expect} from '../../errors';
import {derive, type Derivation, type DerivationStep} from '../derive/derivation';
import {probability, type ProbabilityTerm} from '../derive/expression';
import {expectNodes, expectSets, type CausalGraph} from '../graph/graph';
import type {CriterionSets} from './criteria';

/**
 * The conditional front-door formula derived in seven checked steps: sum over m, rule 2 on P(m | do(x), w), rules 2 and
 * 3 on P(y | do(x), m, w), sum over x', rule 2 and rule 3 again. Every step is tested on `graph`; look at `accepted`
 * before using the result.
 * @throws ArgumentError for an empty x, y or m, unknown names, or sets that overlap.
 * @paper equation (2), here within a level of w
 */
export function deriveConditionalFrontDoor(graph: CausalGraph, {x, y, m = [], w = []}: CriterionSets): Derivation {
  expectSets(graph, {x, y, m, w}, 'deriveConditionalFrontDoor');
  expect(x.length > 0 && y.length > 0 && m.length > 0, {
    fn: 'deriveConditionalFrontDoor', argument: 'x, y, m', expected: 'at least one treatment, outcome and mediator',
    received: [x, y, m].map(s => s.length),
  });
  return derive(graph, probability(y, {intervened: x, given: w}), frontDoorSteps({x, y, m, w}));
}

/** A decision and a plan in an unrolled state-space model. */
export interface AdjustmentProblem {
  /** Time index c of the decision: `Z`, `Y` and `A` exist up to it. */
  readonly decision: number;
  /** Number of planned treatments, >= 1; the outcome is at `decision + horizon`. Default 1. */
  readonly horizon?: number;
  /**
   * `'front-door'` (default): the whole plan as one treatment of the conditional front-door, as in the paper's A.1.
   * `'stepwise'`: one state after the other, which needs no front-door and holds for stochastic states and long plans
   * too.
   */
  readonly route?: 'front-door' | 'stepwise';
}

/**
 * Equation (4), derived from `P(y_{c+s} | do(plan), y_c, o)` on an unrolled state-space graph in which Z counts as
 * measured (that is what observability buys). Every step is tested on `graph`; look at `accepted` before using the
 * result.
 * @throws ArgumentError unless `decision` >= 0 and `horizon` >= 1 are whole numbers and `graph` is unrolled as far.
 * @paper section 4.1.1 and A.1
 */
export function deriveAdjustmentFormula(
  graph: CausalGraph, {decision, horizon = 1, route = 'front-door'}: AdjustmentProblem,
): Derivation {
  expect(Number.isInteger(decision) && decision >= 0 && Number.isInteger(horizon) && horizon >= 1, {
    fn: 'deriveAdjustmentFormula', argument: 'problem', expected: 'whole numbers decision >= 0 and horizon >= 1',
    received: [decision, horizon],
  });
  expectNodes(graph, [`Y${decision + horizon}`, `A${decision}`, `Z${decision}`], 'deriveAdjustmentFormula', 'graph');
  const past = Array.from({length: decision}, (_, k) => [`A${k}`, `Y${k}`]).flat();
  const plan = Array.from({length: horizon}, (_, k) => `A${decision + k}`);
  const states = Array.from({length: horizon + 1}, (_, k) => `Z${decision + k}`);
  const parts: Parts = {plan, states, seen: [`Y${decision}`, ...past], outcome: `Y${decision + horizon}`};
  const question = probability([parts.outcome], {intervened: plan, given: parts.seen});
  return derive(graph, question, [
    ...filterSteps(question, parts), ...(route === 'stepwise' ? stepwise(parts) : atOnce(parts)),
  ]);
}

interface Parts {
  readonly plan: readonly string[];
  readonly states: readonly string[];
  readonly seen: readonly string[];
  readonly outcome: string;
}

/** Brings the filter p(z_c | y_c, o) in: sum over z_c, and a plan that comes later tells nothing about z_c. */
function filterSteps(question: ProbabilityTerm, {plan, states: [z], seen}: Parts): DerivationStep[] {
  return [
    {kind: 'split', on: question, over: [z]},
    {kind: 'rule', rule: 3, on: probability([z], {intervened: plan, given: seen}), symbols: plan},
  ];
}

/** M = Z_{c+s}, W = {Z_c, Y_c, O}, then the two independences of the state-space model. */
function atOnce({plan, states, seen, outcome}: Parts): DerivationStep[] {
  const m = states.at(-1)!, w = [states[0], ...seen], other = plan.map(s => `${s}'`);
  return [
    ...frontDoorSteps({x: plan, y: [outcome], m: [m], w}),
    {kind: 'rule', rule: 1, on: probability([outcome], {given: [m, ...other, ...w]}), symbols: [...other, ...w]},
    {kind: 'normalise'},
    {kind: 'rule', rule: 1, on: probability([m], {given: [...plan, ...w]}), symbols: seen},
  ];
}

/**
 * For each planned treatment: sum over the next state, forget what lies before the present one, turn doing into seeing.
 */
function stepwise({plan, states, seen, outcome}: Parts): DerivationStep[] {
  return plan.flatMap((a, k): DerivationStep[] => {
    const [z, next] = [states[k], states[k + 1]], later = plan.slice(k + 1), old = k === 0 ? seen : [];
    const y = (given: readonly string[], intervened: readonly string[]) => probability([outcome], {intervened, given});
    const on = (intervened: readonly string[], given: readonly string[]) => probability([next], {intervened, given});
    return [
      {kind: 'split', on: y([z, ...old], [a, ...later]), over: [next]},
      ...(later.length > 0
        ? [{kind: 'rule', rule: 3, on: on([a, ...later], [z, ...old]), symbols: later} as const]
        : []),
      ...(old.length > 0 ? [{kind: 'rule', rule: 1, on: on([a], [z, ...old]), symbols: old} as const] : []),
      {kind: 'rule', rule: 2, on: on([a], [z]), symbols: [a]},
      {kind: 'rule', rule: 1, on: y([next, z, ...old], [a, ...later]), symbols: [z, ...old]},
      {kind: 'rule', rule: 3, on: y([next], [a, ...later]), symbols: [a]},
    ];
  });
}

function frontDoorSteps({x, y, m = [], w = []}: CriterionSets): DerivationStep[] {
  const other = x.map(s => `${s}'`);
  return [
    {kind: 'split', on: probability(y, {intervened: x, given: w}), over: m},
    {kind: 'rule', rule: 2, on: probability(m, {intervened: x, given: w}), symbols: x},
    {kind: 'rule', rule: 2, direction: 'add', on: probability(y, {intervened: x, given: [...m, ...w]}), symbols: m},
    {kind: 'rule', rule: 3, on: probability(y, {intervened: [...x, ...m], given: w}), symbols: x},
    {kind: 'split', on: probability(y, {intervened: m, given: w}), over: other},
    {kind: 'rule', rule: 2, on: probability(y, {intervened: m, given: [...other, ...w]}), symbols: m},
    {kind: 'rule', rule: 3, on: probability(other, {intervened: m, given: w}), symbols: m},
  ];
}
