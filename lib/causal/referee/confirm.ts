import {expect} from '../../errors';
import {rng} from '../../math/rng';
import type {RandomScmOptions} from './discreteScm';
import {
  freeSymbols, isObservational, plainText, probability, symbolsOf, variableOf, type Expression, type ProbabilityTerm,
} from '../derive/expression';
import {expectNodes, listed, type CausalGraph} from '../graph/graph';
import type {CausalQuery} from '../identify/identify';
import {canonicalDag} from '../graph/projection';
import {refereeEstimand} from './referee';

/**
 * An estimand that a referee has found equal to intervention. Made by {@link confirm} alone; a copy or a look-alike
 * does not count.
 */
export interface Confirmed {
  readonly estimand: Expression;
  /** `P(y | do(x), given)`. */
  readonly question: ProbabilityTerm;
  readonly graph: CausalGraph;
  readonly models: number;
  readonly seed: number;
  /** Largest absolute difference from surgery over all models and values. */
  readonly maxError: number;
}

/** Options of {@link confirm}. */
export interface ConfirmOptions extends RandomScmOptions {
  /** Number of random models, a whole number >= 1; default 200. */
  readonly models?: number;
  /** Seed of the models. */
  readonly seed: number;
  /** Largest difference allowed, > 0; default 1e-12. */
  readonly tolerance?: number;
  /**
   * Symbols fixed at one value a model, drawn anew each time, for long histories whose full table would be huge;
   * default none.
   */
  readonly fixed?: readonly string[];
}

const made = new WeakSet<Confirmed>();

/**
 * Puts an estimand before the referee: on random models of `graph` (a hidden cause behind every `<->`) its value must
 * equal `P(y | do(x), given)` by surgery. This is evidence on `models` models, not a proof; the proof is the derivation
 * or the algorithm.
 * @throws ArgumentError when the estimand names a `do`, a hidden node or no node of `graph`, depends on a symbol in the
 * question's stead, is off (the message holds the largest error), or has no value because positivity fails.
 */
export function confirm(
  estimand: Expression, graph: CausalGraph, {y, x, given = []}: CausalQuery,
  {models = 200, seed, tolerance = 1e-12, ...options}: ConfirmOptions,
): Confirmed {
  const fn = 'confirm', question = probability(y, {intervened: x, given});
  expect(Number.isInteger(models) && models >= 1, {
    fn, argument: 'models', expected: 'a whole number >= 1', received: models,
  });
  expect(tolerance > 0, {fn, argument: 'tolerance', expected: '> 0', received: tolerance});
  // Names that only the referee's own graph has, its hidden causes', are nobody's to use.
  expectNodes(graph, symbolsOf(estimand).map(variableOf), fn, 'estimand');
  for (const [argument, set] of Object.entries({y, x, given, fixed: options.fixed ?? []})) {
    expectNodes(graph, set, fn, argument);
  }
  expect(isObservational(estimand, graph), {
    fn, argument: 'estimand', expected: `free of do and of hidden nodes (${listed(graph.hidden)})`,
    received: plainText(estimand),
  });
  expect([...freeSymbols(estimand)].every(s => !s.endsWith('\'')), {
    fn, argument: 'estimand', expected: 'free of open primed symbols', received: plainText(estimand),
  });
  const {maxError} = refereeEstimand(canonicalDag(graph), estimand, question, {...options, rng: rng(seed), models});
  expect(maxError <= tolerance, {
    fn, argument: 'estimand', expected: `equal to ${plainText(question)} within ${tolerance} on every model`,
    received: `largest error ${maxError.toExponential(3)} on ${models} models`,
    remedy: 'It is not identified by this formula.',
  });
  const confirmed: Confirmed = Object.freeze({estimand, question, graph, models, seed, maxError});
  made.add(confirmed);
  return confirmed;
}

/** True for what {@link confirm} returned. */
export function isConfirmed(value: Confirmed): boolean {
  return made.has(value);
}
