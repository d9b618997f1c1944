import {
  adjacency, ancestors, districts, expectNodes, inducedSubgraph, mutilate, type CausalGraph,
} from '../graph/graph';

/**
 * Why `P(y | do(x))` cannot be computed from the observed law: two nested sets, each joined by `<->` and each flowing
 * into the same `roots`, where `forest` meets x and `inner` does not.
 * @reference Shpitser & Pearl 2006, Identification of joint interventional distributions, AAAI (theorem 4).
 */
export interface Hedge {
  readonly forest: readonly string[];
  readonly inner: readonly string[];
  readonly roots: readonly string[];
  readonly x: readonly string[];
  readonly y: readonly string[];
}

/** Verdict of {@link checkHedge}: `valid`, or what is wrong. */
export interface HedgeCheck {
  readonly valid: boolean;
  readonly problem: string;
}

/**
 * Checks a hedge against the definition on the ADMG `graph`. It shares the elementary operations of `graph.ts` with the
 * algorithm that finds hedges, and nothing else; `rivalModels` is evidence of another kind. Being joined by `<->` and
 * having every node flow into the roots inside the set is enough: one child a node (the next one towards the roots)
 * then leaves a forest with just these roots.
 * @throws ArgumentError for a name that is no node of `graph`.
 */
export function checkHedge(graph: CausalGraph, hedge: Hedge): HedgeCheck {
  const {forest, inner, roots, x, y} = hedge;
  for (const [name, set] of Object.entries({forest, inner, roots, x, y})) {
    expectNodes(graph, set, 'checkHedge', `hedge.${name}`);
  }
  const above = ancestors(mutilate(graph, {into: x}), y);
  const fails: readonly (readonly [boolean, string])[] = [
    [roots.length > 0 && roots.every(r => inner.includes(r)), 'the roots must be a non-empty part of the inner set'],
    [inner.every(n => forest.includes(n)), 'the inner set must lie in the outer one'],
    [forest.some(n => x.includes(n)), 'the outer set must meet x'],
    [!inner.some(n => x.includes(n)), 'the inner set must not meet x'],
    [districts(inducedSubgraph(graph, forest)).length === 1, 'the outer set must be joined by <-> edges'],
    [districts(inducedSubgraph(graph, inner)).length === 1, 'the inner set must be joined by <-> edges'],
    [forest.every(n =>
      flowsInto(graph, n, forest, roots)), 'every node of the outer set must flow into the roots inside it'],
    [inner.every(n =>
      flowsInto(graph, n, inner, roots)), 'every node of the inner set must flow into the roots inside it'],
    [roots.every(r => above.has(r)), 'the roots must be ancestors of y once arrows into x are cut'],
  ];
  const problem = fails.find(([ok]) => !ok);
  return problem ? {valid: false, problem: problem[1]} : {valid: true, problem: ''};
}

function flowsInto(graph: CausalGraph, from: string, inside: readonly string[], roots: readonly string[]): boolean {
  const {children} = adjacency(graph);
  const seen = new Set([from]), stack = [from];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (roots.includes(node)) return true;
    for (const child of children.get(node)!) {
      if (inside.includes(child) && !seen.has(child)) { seen.add(child); stack.push(child); }
    }
  }
  return false;
}
