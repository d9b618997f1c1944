import {expect} from '../../errors';
import {discreteScm, type DiscreteScm} from './discreteScm';
import {adjacency, freshName, makeGraph, mutilate, type Arrow, type CausalGraph} from '../graph/graph';
import {checkHedge, type Hedge} from '../identify/hedge';

/** Two models that nobody can tell apart by watching, yet that answer `P(y | do(x))` differently. */
export interface RivalModels {
  readonly first: DiscreteScm;
  readonly second: DiscreteScm;
}

/**
 * Turns a hedge into evidence: binary models in which each node is the parity of its forest parents and hidden causes.
 * In the second the inner set does not listen to the rest of the outer one. Watched, both give the same law, positive
 * on the hedge; under do(x) the parity of the roots, and so of the outcomes below them, differs. `undefined` when the
 * only way from the roots to y leads back through the hedge (the construction then needs more care).
 * @throws ArgumentError when `hedge` is none.
 * @param graph ADMG that the hedge belongs to
 * @reference Shpitser & Pearl 2006, AAAI, theorem 4 (the parity construction; the coin on the inner set is ours and
 * keeps positivity).
 */
export function rivalModels(graph: CausalGraph, hedge: Hedge): RivalModels | undefined {
  const {valid, problem} = checkHedge(graph, hedge);
  expect(valid, {fn: 'rivalModels', argument: 'hedge', expected: 'a hedge of this graph', received: problem});
  const next = forestChildren(graph, hedge), onward = wayToOutcome(graph, hedge);
  if (!onward) return undefined;
  const taken = new Set(graph.nodes);
  const confounders = spanningTree(graph, hedge).map(([a, b], i) => ({name: freshName(`U${i}`, taken), a, b}));
  const arrows: Arrow[] =
    [...next, ...onward, ...confounders.flatMap(({name, a, b}): Arrow[] => [[name, a], [name, b]])];
  const dag = makeGraph([...confounders.map(c => c.name), ...graph.nodes], confounders.map(c => c.name), arrows);
  const inner = new Set(hedge.inner), outer = new Set(hedge.forest);
  const deaf = (child: string, parent: string) => inner.has(child) && (outer.has(parent)
    ? !inner.has(parent)
    : confounders.some(c => c.name === parent && !(inner.has(c.a) && inner.has(c.b))));
  return {first: parityModel(dag, graph, hedge, () => false), second: parityModel(dag, graph, hedge, deaf)};
}

const FLIP = 0.2;

/** Each node is the parity of the parents it hears; inner nodes flip by a coin, nodes off the hedge are plain. */
function parityModel(
  dag: CausalGraph, graph: CausalGraph, hedge: Hedge, deaf: (child: string, parent: string) => boolean,
): DiscreteScm {
  const {parents} = adjacency(dag);
  return discreteScm(dag, Object.fromEntries(dag.nodes.map(n => [n, 2])), (node, rows) => {
    const names = dag.nodes.filter(n => parents.get(node)!.includes(n));
    const noise = !graph.nodes.includes(node) || names.length === 0 ? 0.5 : hedge.inner.includes(node) ? FLIP : 0;
    const table = new Float64Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      const parity =
        names.reduce((p, parent, i) => p ^ (deaf(node, parent) ? 0 : (row >> (names.length - 1 - i)) & 1), 0);
      table[2 * row + parity] = 1 - noise;
      table[2 * row + 1 - parity] = noise;
    }
    return table;
  });
}

/**
 * One child for every hedge node that is no root: the next one on a shortest way to the roots, inside the inner set for
 * its members.
 */
function forestChildren(graph: CausalGraph, {forest, inner, roots}: Hedge): Arrow[] {
  const chosen = new Map<string, string>(), {parents} = adjacency(graph);
  for (const set of [inner, forest]) {
    const queue = [...roots, ...(set === forest ? inner.filter(n => !roots.includes(n)) : [])];
    for (let i = 0; i < queue.length; i++) for (const p of parents.get(queue[i])!) {
      if (set.includes(p) && !roots.includes(p) && !chosen.has(p)) { chosen.set(p, queue[i]); queue.push(p); }
    }
  }
  return [...chosen];
}

/** A tree of <-> edges on the inner set, grown to the outer one. */
function spanningTree(graph: CausalGraph, {forest, inner}: Hedge): Arrow[] {
  const {spouses} = adjacency(graph), tree: Arrow[] = [], joined = new Set([inner[0]]);
  for (const set of [inner, forest]) {
    const queue = [...joined];
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      for (const other of spouses.get(node)!) if (set.includes(other)
          && !joined.has(other)) { joined.add(other); tree.push([node, other]); queue.push(other); }
    }
  }
  return tree;
}

/** Arrows that carry the roots' parity to y once arrows into x are cut, around the rest of the hedge. */
function wayToOutcome(graph: CausalGraph, {forest, roots, x, y}: Hedge): Arrow[] | undefined {
  const {children} = adjacency(mutilate(graph, {into: x})), arrows = new Map<string, string>();
  for (const root of roots) {
    let node = root;
    while (!y.includes(node) && !arrows.has(node)) {
      const step = stepTowards(children, node, y, forest);
      if (step === undefined) return undefined;
      arrows.set(node, step);
      node = step;
    }
  }
  return [...arrows];
}

function stepTowards(
  children: ReadonlyMap<string, readonly string[]>, from: string, y: readonly string[], avoid: readonly string[],
): string | undefined {
  const first = new Map<string, string>(), queue: string[] = [];
  const visit = (node: string, via: string) => {
    if (!first.has(node) && !avoid.includes(node)) { first.set(node, via); queue.push(node); }
  };
  for (const child of children.get(from)!) visit(child, child);
  for (let i = 0; i < queue.length; i++) {
    if (y.includes(queue[i])) return first.get(queue[i]);
    for (const child of children.get(queue[i])!) visit(child, first.get(queue[i])!);
  }
  return undefined;
}
