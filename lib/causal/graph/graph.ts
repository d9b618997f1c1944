import {expect} from '../../errors';

/** An arrow between two nodes, tail first. */
export type Arrow = readonly [from: string, to: string];

/**
 * A causal graph: a DAG, or an acyclic directed mixed graph (ADMG) where `A <-> B` stands for an unseen common cause.
 * Made by {@link causalGraph}; immutable.
 */
export interface CausalGraph {
  /** Every node once, in a topological order. */
  readonly nodes: readonly string[];
  /** Nodes nobody measures. */
  readonly hidden: ReadonlySet<string>;
  readonly directed: readonly Arrow[];
  readonly bidirected: readonly Arrow[];
}

/** Options of {@link causalGraph}. */
export interface CausalGraphOptions {
  /** Nodes nobody measures; default none. */
  readonly hidden?: Iterable<string>;
  /** Nodes without edges, or all nodes; default the ends of the edges. */
  readonly nodes?: Iterable<string>;
}

/**
 * Builds a graph from edges such as `'X -> M'`, `'M <- X'`, `'X <-> Y'` or chains `'X -> M -> Y'`.
 * @throws ArgumentError on a malformed edge, a hidden name that is no node, or a directed cycle (which is printed).
 */
export function causalGraph(edges: readonly string[], options: CausalGraphOptions = {}): CausalGraph {
  const directed: Arrow[] = [], bidirected: Arrow[] = [];
  for (const edge of edges) readEdge(edge, directed, bidirected);
  return makeGraph(
    [...(options.nodes ?? []), ...directed.flat(), ...bidirected.flat()], options.hidden ?? [], directed, bidirected,
  );
}

/**
 * As {@link causalGraph} , from arrows instead of text: names may then hold what the text form cannot write, such as
 * spaces.
 * @throws ArgumentError also for an edge that leads to no node, or a name that is empty, breaks a line or ends in a
 * prime (which marks a second value of the same variable).
 */
export function makeGraph(
  names: Iterable<string>, hidden: Iterable<string>, directed: readonly Arrow[], bidirected: readonly Arrow[] = [],
): CausalGraph {
  const distinct = new Set(names), hiddenSet = new Set(hidden);
  for (const name of distinct) expectName(name);
  const astray = [...directed, ...bidirected].find(ends => !ends.every(name => distinct.has(name)));
  expect(astray === undefined, {
    fn: 'makeGraph', argument: 'directed, bidirected', expected: `between nodes of the graph (${listed(distinct)})`,
    received: astray,
  });
  const own = bidirected.find(([a, b]) => a === b);
  expect(own === undefined, {
    fn: 'makeGraph', argument: 'bidirected', expected: 'edges between two different nodes', received: own,
  });
  const stray = [...hiddenSet].find(name => !distinct.has(name));
  expect(stray === undefined, {
    fn: 'causalGraph', argument: 'hidden', expected: `nodes of the graph (${listed(distinct)})`, received: stray,
  });
  const arrows = unique(directed, pair => pair);
  return Object.freeze({
    nodes: topologicalOrder([...distinct], arrows), hidden: hiddenSet, directed: arrows,
    bidirected: unique(bidirected, pair => [...pair].sort()),
  });
}

function expectName(name: unknown): void {
  const well = typeof name === 'string' && /^[^\p{Cc}\u2028\u2029]+$/u.test(name) && !name.endsWith('\'');
  expect(well, {
    fn: 'causalGraph', argument: 'nodes',
    expected: 'names: text without line breaks that is not empty and does not end in a prime (\')', received: name,
  });
}

/**
 * `wish`, or the first of `wish_`, `wish__`, ... that is not in `taken`; it is put there. Whatever the user's names
 * are, a generated one is new.
 */
export function freshName(wish: string, taken: Set<string>): string {
  let name = wish;
  while (taken.has(name)) name += '_';
  taken.add(name);
  return name;
}

/** The graph's edges as text, the form {@link causalGraph} reads. */
export function edgeList(graph: CausalGraph): string[] {
  return [...graph.directed.map(([a, b]) => `${a} -> ${b}`), ...graph.bidirected.map(([a, b]) => `${a} <-> ${b}`)];
}

/** Parents, children and spouses (other ends of `<->`) of every node, computed once a graph. */
export interface Adjacency {
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly spouses: ReadonlyMap<string, readonly string[]>;
}

const adjacencies = new WeakMap<CausalGraph, Adjacency>();

/** Adjacency lists of `graph` (kept with the graph, so asking again is free). */
export function adjacency(graph: CausalGraph): Adjacency {
  let found = adjacencies.get(graph);
  if (!found) {
    const table = () => new Map<string, string[]>(graph.nodes.map(node => [node, []]));
    const parents = table(), children = table(), spouses = table();
    for (const [a, b] of graph.directed) { children.get(a)!.push(b); parents.get(b)!.push(a); }
    for (const [a, b] of graph.bidirected) { spouses.get(a)!.push(b); spouses.get(b)!.push(a); }
    found = {parents, children, spouses};
    adjacencies.set(graph, found);
  }
  return found;
}

/** Nodes with a directed path into `of`, `of` included. @throws ArgumentError when a name is no node of `graph`. */
export function ancestors(graph: CausalGraph, of: Iterable<string>): Set<string> {
  return closure(nodesOf(graph, of, 'ancestors', 'of'), adjacency(graph).parents);
}

/** Nodes that `of` has a directed path into, `of` included. @throws ArgumentError when a name is no node of `graph`. */
export function descendants(graph: CausalGraph, of: Iterable<string>): Set<string> {
  return closure(nodesOf(graph, of, 'descendants', 'of'), adjacency(graph).children);
}

/**
 * The graph on `keep` alone, with the edges between kept nodes.
 * @throws ArgumentError when a name is no node of `graph`.
 */
export function inducedSubgraph(graph: CausalGraph, keep: Iterable<string>): CausalGraph {
  const kept = nodesOf(graph, keep, 'inducedSubgraph', 'keep');
  const inside = ([a, b]: Arrow) => kept.has(a) && kept.has(b);
  return partOf(graph, n => kept.has(n), graph.directed.filter(inside), graph.bidirected.filter(inside));
}

/**
 * Some nodes and edges of a graph: names are known to be good, edges to be single, and the order stays a topological
 * one.
 */
function partOf(
  graph: CausalGraph, keep: (node: string) => boolean, directed: readonly Arrow[], bidirected: readonly Arrow[],
): CausalGraph {
  return Object.freeze({
    nodes: graph.nodes.filter(keep), hidden: new Set([...graph.hidden].filter(keep)), directed, bidirected,
  });
}

/** Graph surgery: `into` loses every edge with an arrowhead at it, `outOf` every edge that leaves it by a tail. */
export interface Surgery {
  readonly into?: Iterable<string>;
  readonly outOf?: Iterable<string>;
}

/**
 * The mutilated graph, in Pearl's notation G with a bar over `into` and a bar under `outOf`.
 * @throws ArgumentError when a name is no node of `graph`.
 */
export function mutilate(graph: CausalGraph, {into = [], outOf = []}: Surgery): CausalGraph {
  const heads = nodesOf(graph, into, 'mutilate', 'into'), tails = nodesOf(graph, outOf, 'mutilate', 'outOf');
  return partOf(graph, () => true,
    graph.directed.filter(([a, b]) => !heads.has(b) && !tails.has(a)),
    graph.bidirected.filter(([a, b]) => !heads.has(a) && !heads.has(b)));
}

/** Districts (c-components): sets of nodes joined by `<->` paths, each in topological order. */
export function districts(graph: CausalGraph): string[][] {
  const {spouses} = adjacency(graph), districtOf = new Map<string, string[]>(), found: string[][] = [];
  for (const node of graph.nodes) {
    if (!districtOf.has(node)) {
      const members: string[] = [];
      for (const m of closure(new Set([node]), spouses)) districtOf.set(m, members);
      found.push(members);
    }
    districtOf.get(node)!.push(node);
  }
  return found;
}

/**
 * The graph with more edges, e.g. to break an assumption on purpose.
 * @throws ArgumentError for text that is no edge, a loop, or a directed cycle.
 */
export function withEdges(graph: CausalGraph, edges: readonly string[]): CausalGraph {
  const more = causalGraph(edges);
  return makeGraph([...graph.nodes, ...more.nodes], graph.hidden, [...graph.directed, ...more.directed], [
    ...graph.bidirected, ...more.bidirected,
  ]);
}

/** The graph without some edges. @throws ArgumentError for an edge that is not there. */
export function withoutEdges(graph: CausalGraph, edges: readonly string[]): CausalGraph {
  const {directed, bidirected} = causalGraph(edges), same = ([a, b]: Arrow, [c, d]: Arrow) => a === c && b === d;
  const either = (p: Arrow, [c, d]: Arrow) => same(p, [c, d]) || same(p, [d, c]);
  const kept = {
    directed: graph.directed.filter(e => !directed.some(g => same(e, g))),
    bidirected: graph.bidirected.filter(e => !bidirected.some(g => either(e, g))),
  };
  const found = kept.directed.length === graph.directed.length - directed.length
    && kept.bidirected.length === graph.bidirected.length - bidirected.length;
  expect(found, {
    fn: 'withoutEdges', argument: 'edges', expected: `edges of the graph (${listed(edgeList(graph))})`, received: edges,
  });
  return makeGraph(graph.nodes, graph.hidden, kept.directed, kept.bidirected);
}

/** Throws unless every name is a node of `graph`. */
export function expectNodes(graph: CausalGraph, names: Iterable<string>, fn: string, argument: string): void {
  const {parents} = adjacency(graph);
  // The message is written only when it is needed: this runs in every inner loop.
  for (const name of names) if (!parents.has(name)) expect(false, {
    fn, argument, expected: `nodes of the graph (${listed(graph.nodes)})`, received: name,
  });
}

/** Throws unless the named sets hold nodes of `graph`, each once. */
export function expectSets(graph: CausalGraph, sets: Readonly<Record<string, readonly string[]>>, fn: string): void {
  for (const [argument, set] of Object.entries(sets)) expectNodes(graph, set, fn, argument);
  const all = Object.values(sets).flat();
  expect(new Set(all).size === all.length, {
    fn, argument: Object.keys(sets).join(', '), expected: 'disjoint and free of repeats', received: all,
  });
}

/** The first dozen names, for a message. */
export function listed(names: Iterable<string>): string {
  const all = [...names];
  return all.length > 12 ? `${all.slice(0, 12).join(', ')}, ... ${all.length} in all` : all.join(', ');
}

function nodesOf(graph: CausalGraph, names: Iterable<string>, fn: string, argument: string): Set<string> {
  const set = new Set(names);
  expectNodes(graph, set, fn, argument);
  return set;
}

function closure(start: ReadonlySet<string>, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set(start);
  const stack = [...seen];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const other of next.get(node) ?? []) if (!seen.has(other)) { seen.add(other); stack.push(other); }
  }
  return seen;
}

function readEdge(edge: string, directed: Arrow[], bidirected: Arrow[]): void {
  const parts = edge.trim().split(/\s*(<->|->|<-)\s*/);
  const well = parts.length >= 3 && parts.every((part, i) => i % 2 === 1 || /^[^\s<>-]+$/.test(part));
  expect(well, {
    fn: 'causalGraph', argument: 'edges', expected: 'text like \'A -> B\', \'A <- B\' or \'A <-> B\'', received: edge,
  });
  for (let i = 1; i < parts.length; i += 2) {
    const [a, arrow, b] = [parts[i - 1], parts[i], parts[i + 1]];
    expect(a !== b, {
      fn: 'causalGraph', argument: 'edges', expected: 'edges between two different nodes', received: edge,
    });
    if (arrow === '<->') bidirected.push([a, b]);
    else directed.push(arrow === '->' ? [a, b] : [b, a]);
  }
}

/** Kahn's algorithm; ties keep the order in which nodes were named. */
function topologicalOrder(names: readonly string[], directed: readonly Arrow[]): string[] {
  const waiting = new Map(names.map(name => [name, 0]));
  const next = new Map<string, string[]>(names.map(name => [name, []]));
  for (const [a, b] of directed) { waiting.set(b, waiting.get(b)! + 1); next.get(a)!.push(b); }
  const order: string[] = [];
  for (const node of names) if (waiting.get(node) === 0) order.push(node);
  // The list grows while it is read.
  for (const node of order) for (const child of next.get(node)!) {
    waiting.set(child, waiting.get(child)! - 1);
    if (waiting.get(child) === 0) order.push(child);
  }
  const placed = new Set(order);
  const cycle = placed.size < names.length ? findCycle(next, names.filter(n => !placed.has(n))) : '';
  expect(cycle === '', {
    fn: 'causalGraph', argument: 'edges', expected: 'free of directed cycles', received: cycle,
    remedy: 'Give the variables time indices if they influence each other in turn.',
  });
  return order;
}

function findCycle(next: ReadonlyMap<string, readonly string[]>, among: readonly string[]): string {
  const before = new Map(among.flatMap(node => next.get(node)!.map(child => [child, node] as const)));
  const trail = new Set<string>();
  // Every node left over by Kahn's algorithm has a predecessor among the others; walking back must close a loop.
  let node: string | undefined = among[0];
  while (node !== undefined && !trail.has(node)) { trail.add(node); node = before.get(node); }
  const walk = [...trail];
  return node === undefined ? walk.join(' -> ') : [node, ...walk.slice(walk.indexOf(node)).reverse()].join(' -> ');
}

/** The first of each pair; `key` says which pairs are the same. */
function unique(pairs: readonly Arrow[], key: (pair: Arrow) => readonly string[]): readonly Arrow[] {
  return Object.freeze([...new Map(pairs.map(pair => [JSON.stringify(key(pair)), pair])).values()]);
}
