import {expect} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import {randomScm, type Assignment, type DiscreteScm, type RandomScmOptions} from './discreteScm';
import {evaluator} from './evaluate';
import {symbolsOf, variableOf, type Expression} from '../derive/expression';
import {combineFactors, type Factor} from './factor';
import {ancestors, expectNodes, inducedSubgraph, type CausalGraph} from '../graph/graph';

/** What a referee saw. */
export interface RefereeReport {
  readonly models: number;
  /** Largest absolute difference between formula and truth over all models and values. */
  readonly maxError: number;
  /** Mean absolute difference. */
  readonly meanError: number;
}

/** Options of {@link refereeEstimand}. */
export interface RefereeOptions extends RandomScmOptions {
  /** Where the models come from. */
  readonly rng: Rng;
  /** Number of random models, a whole number >= 1; default 1000. */
  readonly models?: number;
  /**
   * Symbols to fix (drawn anew for each model): use it for long histories, whose full table would be huge. Default
   * none.
   */
  readonly fixed?: readonly string[];
}

/**
 * Compares two expressions, say a formula and the question with its `do`, on random models by exact enumeration.
 * @param graph DAG with its hidden nodes
 * @throws ArgumentError for a bad number of models, a name that is no node, or an expression without a value.
 */
export function refereeEstimand(
  graph: CausalGraph, formula: Expression, truth: Expression, options: RefereeOptions,
): RefereeReport {
  const {rng, models = 1000, fixed = []} = options;
  expect(Number.isInteger(models) && models >= 1, {
    fn: 'refereeEstimand', argument: 'models', expected: 'a whole number >= 1', received: models,
  });
  // Only ancestors of what is asked matter; a node's table depends on its own name, so leaving others out changes no
  // number.
  const needed = inducedSubgraph(graph, ancestors(graph, [formula, truth].flatMap(symbolsOf).map(variableOf)));
  const law = optionsOn(graph, needed, options), held = fixed.filter(s => needed.nodes.includes(variableOf(s)));
  let maxError = 0, total = 0, count = 0;
  for (let k = 0; k < models; k++) {
    const scm = randomScm(needed, fold(rng, k), law);
    for (const gap of compareOn(scm, formula, truth, drawValues(scm, held, k))) {
      maxError = Math.max(maxError, gap);
      total += gap;
      count++;
    }
  }
  return {models, maxError, meanError: total / count};
}

/** The options that concern `needed`; all of them must concern `graph`. */
function optionsOn(
  graph: CausalGraph, needed: CausalGraph, {sizes = {}, deterministic = [], fixed = [], ...rest}: RefereeOptions,
): RandomScmOptions {
  expectNodes(graph, [...Object.keys(sizes), ...deterministic, ...fixed.map(variableOf)], 'refereeEstimand', 'options');
  const kept = new Set(needed.nodes);
  return {
    ...rest, sizes: Object.fromEntries(Object.entries(sizes).filter(([name]) => kept.has(name))),
    deterministic: deterministic.filter(n => kept.has(n)),
  };
}

/** Absolute differences of two expressions on one model, over the union of their open symbols. */
export function compareOn(scm: DiscreteScm, a: Expression, b: Expression, values: Assignment = {}): Float64Array {
  const {evaluate} = evaluator(scm);
  const gap: Factor = combineFactors(evaluate(a, values), evaluate(b, values), (p, q) => Math.abs(p - q));
  return gap.data;
}

/** A different corner of the value space for each model: bits of the model's number, scattered. */
function drawValues(scm: DiscreteScm, fixed: readonly string[], k: number): Assignment {
  return Object.fromEntries(fixed.map((name, i) =>
    [name, ((Math.imul(k + 1, 0x9e3779b1) >>> (i % 29)) & 0xff) % scm.sizes[variableOf(name)]]));
}
