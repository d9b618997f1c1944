import {expect} from '../../errors';
import {checkRule, type RuleCheck, type RuleUse} from './doCalculus';
import {productOf, replaceTerm, sumOver, probability, type Expression, type ProbabilityTerm} from './expression';
import type {CausalGraph} from '../graph/graph';
import {simplifyExpression} from './simplify';

/** One line of a derivation. Probability steps hold by the axioms; rule steps carry their check. */
export interface DerivationLine {
  readonly number: number;
  /** What was done, e.g. `rule 2 on P(m | do(x), w)`. */
  readonly reason: string;
  /** The whole expression after the step. */
  readonly expression: Expression;
  /** Present for steps of do-calculus; the step is accepted when its verdict is a separation. */
  readonly check?: RuleCheck;
}

/** A derivation from a causal question to a formula; data, so that it can be printed, stored and checked again. */
export interface Derivation {
  readonly graph: CausalGraph;
  readonly question: ProbabilityTerm;
  readonly lines: readonly DerivationLine[];
  /** True when every rule step was accepted. */
  readonly accepted: boolean;
  /** The last line's expression; to be believed only if `accepted`. */
  readonly result: Expression;
}

/**
 * A step: `split` writes P(y | ...) as the sum over `over` of P(y | over, ...) P(over | ...), under fresh names if
 * primed; `rule` uses do-calculus on one term; `normalise` sums out what sums to one.
 */
export type DerivationStep =
  | {readonly kind: 'split'; readonly on: ProbabilityTerm; readonly over: readonly string[]}
  | ({readonly kind: 'rule'; readonly on: ProbabilityTerm} & RuleUse)
  | {readonly kind: 'normalise'};

/**
 * Runs the steps one after the other and checks each. A refused step is recorded with its open path and the derivation
 * goes on as claimed, so that a broken assumption shows every line it reaches; `accepted` is then false.
 * @throws ArgumentError when a step names a term that is not there.
 */
export function derive(graph: CausalGraph, question: ProbabilityTerm, steps: readonly DerivationStep[]): Derivation {
  const lines: DerivationLine[] = [{number: 0, reason: 'question', expression: question}];
  for (const step of steps) lines.push({number: lines.length, ...take(graph, lines.at(-1)!.expression, step)});
  return {graph, question, lines, accepted: refusedLines({lines}).length === 0, result: lines.at(-1)!.expression};
}

/** Lines whose rule does not hold on the graph. */
export function refusedLines({lines}: Pick<Derivation, 'lines'>): DerivationLine[] {
  return lines.filter(line => line.check && !line.check.verdict.separated);
}

function take(graph: CausalGraph, current: Expression, step: DerivationStep): Omit<DerivationLine, 'number'> {
  if (step.kind === 'normalise') return {reason: 'probabilities sum to one', expression: simplifyExpression(current)};
  if (step.kind === 'split') return {
    reason: `sum over ${step.over.join(', ')}`,
    expression: replaceTerm(current, step.on, splitTerm(step.on, step.over)),
  };
  const check = checkRule(graph, step.on, step);
  return {reason: `rule ${step.rule}`, expression: replaceTerm(current, step.on, check.after), check};
}

/** P(of | do, given) as a sum over `over`. */
function splitTerm(t: ProbabilityTerm, over: readonly string[]): Expression {
  expect(over.length > 0, {
    fn: 'derive', argument: 'steps', expected: 'a split over at least one symbol', received: over,
  });
  const first = probability(t.of, {intervened: t.intervened, given: [...over, ...t.given]});
  return sumOver(over, productOf([first, probability(over, {intervened: t.intervened, given: t.given})]));
}
