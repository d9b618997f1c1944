import {expect} from '../../errors';
import {one, productOf, quotientOf, sumOver, probability, type Expression} from '../derive/expression';
import {
  adjacency, ancestors, districts, expectNodes, inducedSubgraph, mutilate, type CausalGraph,
} from '../graph/graph';
import type {Hedge} from './hedge';
import {latentProjection} from '../graph/projection';
import {mSeparation} from '../graph/separation';
import {mergeTerms} from '../derive/mergeTerms';
import {simplifyExpression} from '../derive/simplify';

/** A causal question: the law of `y` under `do(x)`, among units with the values of `given`. */
export interface CausalQuery {
  readonly y: readonly string[];
  readonly x: readonly string[];
  /** Default nothing. */
  readonly given?: readonly string[];
}

/** One call of the recursion, for reading along: which line of the algorithm fired on which sub-problem. */
export interface IdentificationStep {
  readonly line: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 'rule 2';
  readonly y: readonly string[];
  readonly x: readonly string[];
  readonly nodes: readonly string[];
}

/**
 * Answer of {@link identify}: an estimand over measured variables, or the hedge that forbids one. `moved` lists the
 * conditions that rule 2 of do-calculus turned into actions first.
 */
export type Identification =
  | {
    readonly identified: true;
    readonly estimand: Expression;
    readonly moved: readonly string[];
    readonly trace: readonly IdentificationStep[];
  }
  | {
    readonly identified: false;
    readonly hedge: Hedge;
    readonly moved: readonly string[];
    readonly trace: readonly IdentificationStep[];
  };

/**
 * Decides whether `P(y | do(x), given)` follows from the law of the measured variables, and how. Sound and complete:
 * the ID algorithm, and IDC where there are conditions. Hidden nodes are projected out first.
 * Where seeing is as good as doing the estimand is `P(y | x, given)`.
 * An estimand may keep free symbols that are neither in y, x nor given; it does not depend on their values.
 * @throws ArgumentError when a name is no measured node, the sets overlap, or more than 2,000 measured nodes bear on
 * the question.
 * @reference Shpitser & Pearl 2006, Identification of joint interventional distributions in recursive semi-Markovian
 * causal models, AAAI.
 * @reference Shpitser & Pearl 2006, Identification of conditional interventional distributions, UAI.
 * @example
 * ```ts
 * import {causal} from './lib';
 * const graph = causal.causalGraph(['W -> A', 'W -> Y', 'A -> Y']);
 * const answer = causal.identify(graph, {y: ['Y'], x: ['A']});
 * console.log(answer.identified && causal.plainText(answer.estimand));   // Σ_{W} P(W) P(Y | W, A)
 * ```
 */
export function identify(graph: CausalGraph, {y, x, given = []}: CausalQuery): Identification {
  const g = latentProjection(graph).graph;
  const names = [...y, ...x, ...given];
  expectNodes(g, names, 'identify', 'query');
  expect(y.length > 0 && new Set(names).size === names.length, {
    fn: 'identify', argument: 'query', expected: 'disjoint sets with at least one outcome', received: names,
  });
  const trace: IdentificationStep[] = [];
  if (mSeparation(mutilate(g, {outOf: x}), y, x, given).separated) {
    // Seeing is as good as doing.
    trace.push({line: 'rule 2', y, x, nodes: g.nodes});
    return {identified: true, estimand: probability(y, {given: [...x, ...given]}), moved: [], trace};
  }
  const moved = actionsFromConditions(g, {y, x, given}, trace);
  const kept = given.filter(z => !moved.includes(z));
  const relevant = ancestors(g, [...y, ...kept]).size;
  expect(relevant <= MOST_NODES, {
    fn: 'identify', argument: 'graph', expected: `a question with at most ${MOST_NODES} measured ancestors`,
    received: relevant,
    remedy: 'Leave variables out of the graph that the question can do without, or declare them hidden.',
  });
  const answer = id({y: [...y, ...kept], x: [...x, ...moved], law: original(g), g}, trace);
  if ('forest' in answer) {
    return {identified: false, hedge: {...answer, x: [...x, ...moved], y: [...y, ...kept]}, moved, trace};
  }
  const estimand = kept.length > 0 ? quotientOf(answer, sumOver(y, answer)) : answer;
  return {identified: true, estimand: simplifyExpression(mergeTerms(g, simplifyExpression(estimand))), moved, trace};
}

/**
 * Work and memory grow with the square of this number; at the limit they are some ten seconds and some hundred
 * megabytes.
 */
const MOST_NODES = 2000;

/** IDC's first part: conditions that rule 2 lets us treat as actions, one after the other. */
function actionsFromConditions(
  g: CausalGraph, {y, x, given}: Required<CausalQuery>, trace: IdentificationStep[],
): string[] {
  const moved: string[] = [];
  const mayMove = (z: string) => {
    const done = [...x, ...moved], seen = given.filter(other => other !== z && !moved.includes(other));
    return mSeparation(mutilate(g, {into: done, outOf: [z]}), y, [z], [...done, ...seen]).separated;
  };
  for (;;) {
    const next = given.find(z => !moved.includes(z) && mayMove(z));
    if (next === undefined) return moved;
    moved.push(next);
    trace.push({line: 'rule 2', y, x: [next], nodes: g.nodes});
  }
}

/** A law over some variables, known as an expression in the observed law; asked only about variables it is over. */
interface Law {
  marginal(keep: readonly string[]): Expression;
  conditional(variable: string, before: readonly string[]): Expression;
}

type Failure = Pick<Hedge, 'forest' | 'inner' | 'roots'>;

function original(g: CausalGraph): Law {
  return {
    marginal: keep => {
      const kept = new Set(keep);
      return keep.length > 0 ? probability(g.nodes.filter(n => kept.has(n))) : one;
    },
    conditional: (variable, before) => probability([variable], {given: markovBoundary(g, variable, before)}),
  };
}

/**
 * The part of `before` that `variable` depends on: its district among them and the district's parents. `before` and
 * `variable` are an ancestral set.
 * @reference Richardson 2003, doi:10.1111/1467-9469.00323 (ordered local Markov property)
 */
function markovBoundary(g: CausalGraph, variable: string, before: readonly string[]): string[] {
  const {parents, spouses} = adjacency(g), allowed = new Set(before), district = new Set([variable]);
  const found = new Set<string>();
  for (const node of district) for (const other of spouses.get(node)!) if (allowed.has(other)) district.add(other);
  for (const node of district) for (const n of [node, ...parents.get(node)!]) found.add(n);
  return before.filter(n => found.has(n));
}

function derived(expression: Expression, variables: readonly string[]): Law {
  const marginal = (keep: readonly string[]) =>
    simplifyExpression(sumOver(variables.filter(v => !keep.includes(v)), expression));
  return {marginal, conditional: (variable, before) =>
    simplifyExpression(quotientOf(marginal([...before, variable]), marginal(before)))};
}

/** One sub-problem of the recursion; `g` holds measured nodes only, in topological order. */
interface Problem {
  readonly y: readonly string[];
  readonly x: readonly string[];
  /** Of the nodes of `g`. */
  readonly law: Law;
  readonly g: CausalGraph;
}

const noted = (line: IdentificationStep['line'], {y, x, g}: Problem): IdentificationStep =>
  ({line, y, x, nodes: g.nodes});

/** The seven lines of ID. */
function id(problem: Problem, trace: IdentificationStep[]): Expression | Failure {
  const {y, x, law, g} = problem, note = (line: IdentificationStep['line']) => trace.push(noted(line, problem));
  if (x.length === 0) {
    note(1);
    return law.marginal(y);
  }
  const above = ancestors(g, y);
  if (above.size < g.nodes.length) {
    note(2);
    return id({y, x: x.filter(n => above.has(n)), law, g: inducedSubgraph(g, above)}, trace);
  }
  const relevant = ancestors(mutilate(g, {into: x}), y);
  const done = new Set(x), free = g.nodes.filter(n => !done.has(n) && !relevant.has(n));
  if (free.length > 0) {
    note(3);
    return id({y, x: [...x, ...free], law, g}, trace);
  }
  const parts = districts(inducedSubgraph(g, g.nodes.filter(n => !done.has(n))));
  if (parts.length === 1) return oneDistrict(problem, parts[0], trace);
  note(4);
  return manyDistricts(problem, parts, trace);
}

/** Line 4: each district of what is left is answered alone, the product summed over everything but y and x. */
function manyDistricts(
  {y, x, law, g}: Problem, parts: readonly string[][], trace: IdentificationStep[],
): Expression | Failure {
  const answers: Expression[] = [];
  for (const part of parts) {
    const answer = id({y: part, x: without(g.nodes, part), law, g}, trace);
    if ('forest' in answer) return answer;
    answers.push(answer);
  }
  return simplifyExpression(sumOver(without(g.nodes, [...y, ...x]), productOf(answers)));
}

/** Lines 5 to 7: what is left is one district `s`. */
function oneDistrict(problem: Problem, s: readonly string[], trace: IdentificationStep[]): Expression | Failure {
  const {y, x, law, g} = problem, whole = districts(g);
  const note = (line: IdentificationStep['line']) => trace.push(noted(line, problem));
  if (whole.length === 1) {
    note(5);
    return {forest: g.nodes, inner: s, roots: sinks(inducedSubgraph(g, s))};
  }
  const around = whole.find(d => d.includes(s[0]))!;
  const before = (v: string) => g.nodes.slice(0, g.nodes.indexOf(v));
  const conditionals = (part: readonly string[]) => productOf(part.map(v => law.conditional(v, before(v))));
  if (around.length === s.length) {
    note(6);
    return simplifyExpression(sumOver(s.filter(n => !y.includes(n)), conditionals(s)));
  }
  note(7);
  const left = x.filter(n => around.includes(n));
  return id({y, x: left, law: derived(conditionals(around), around), g: inducedSubgraph(g, around)}, trace);
}

function without(nodes: readonly string[], gone: readonly string[]): string[] {
  const set = new Set(gone);
  return nodes.filter(n => !set.has(n));
}

function sinks(g: CausalGraph): string[] {
  return without(g.nodes, g.directed.map(([from]) => from));
}
