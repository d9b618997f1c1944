import {expect} from '../errors';

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
  return makeGraph([...(options.nodes ?? []), ...directed.flat(), ...bidirected.flat()], options.hidden ?? [], directed, bidirected);
}

/** As {@link causalGraph}, from arrows instead of text. */
export function makeGraph(names: Iterable<string>, hidden: Iterable<string>, directed: readonly Arrow[], bidirected: readonly Arrow[] = []): CausalGraph {
  const nodes = topologicalOrder([...new Set(names)], directed);
  const hiddenSet = new Set(hidden);
  const stray = [...hiddenSet].find(name => !nodes.includes(name));
  expect(stray === undefined, {fn: 'causalGraph', argument: 'hidden', expected: `nodes of the graph (${nodes.join(', ')})`, received: stray});
  return Object.freeze({nodes, hidden: hiddenSet, directed: unique(directed, pair => pair.join('→')), bidirected: unique(bidirected, pair => [...pair].sort().join('↔'))});
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

/** Nodes with a directed path into `of`, `of` included. */
export function ancestors(graph: CausalGraph, of: Iterable<string>): Set<string> {
  return closure(of, adjacency(graph).parents);
}

/** Nodes that `of` has a directed path into, `of` included. */
export function descendants(graph: CausalGraph, of: Iterable<string>): Set<string> {
  return closure(of, adjacency(graph).children);
}

/** The graph on `keep` alone, with the edges between kept nodes. */
export function inducedSubgraph(graph: CausalGraph, keep: Iterable<string>): CausalGraph {
  const kept = new Set(keep);
  const inside = ([a, b]: Arrow) => kept.has(a) && kept.has(b);
  return makeGraph(graph.nodes.filter(n => kept.has(n)), [...graph.hidden].filter(n => kept.has(n)), graph.directed.filter(inside), graph.bidirected.filter(inside));
}

/** Graph surgery: `into` loses every edge with an arrowhead at it, `outOf` every edge that leaves it by a tail. */
export interface Surgery {
  readonly into?: Iterable<string>;
  readonly outOf?: Iterable<string>;
}

/** The mutilated graph, in Pearl's notation G with a bar over `into` and a bar under `outOf`. */
export function mutilate(graph: CausalGraph, {into = [], outOf = []}: Surgery): CausalGraph {
  const heads = new Set(into), tails = new Set(outOf);
  return makeGraph(graph.nodes, graph.hidden,
    graph.directed.filter(([a, b]) => !heads.has(b) && !tails.has(a)),
    graph.bidirected.filter(([a, b]) => !heads.has(a) && !heads.has(b)));
}

/** Districts (c-components): sets of nodes joined by `<->` paths, each in topological order. */
export function districts(graph: CausalGraph): string[][] {
  const {spouses} = adjacency(graph);
  const seen = new Set<string>();
  return graph.nodes.flatMap(node => {
    if (seen.has(node)) return [];
    const members = closure([node], spouses);
    members.forEach(m => seen.add(m));
    return [graph.nodes.filter(n => members.has(n))];
  });
}

/** The graph with more edges, e.g. to break an assumption on purpose. */
export function withEdges(graph: CausalGraph, edges: readonly string[]): CausalGraph {
  return causalGraph([...edgeList(graph), ...edges], {nodes: graph.nodes, hidden: graph.hidden});
}

/** The graph without some edges. @throws ArgumentError for an edge that is not there. */
export function withoutEdges(graph: CausalGraph, edges: readonly string[]): CausalGraph {
  const gone = new Set(edgeList(causalGraph(edges)));
  const kept = edgeList(graph).filter(edge => !gone.has(edge));
  expect(kept.length === edgeList(graph).length - gone.size, {fn: 'withoutEdges', argument: 'edges', expected: `edges of the graph (${edgeList(graph).join(', ')})`, received: edges});
  return causalGraph(kept, {nodes: graph.nodes, hidden: graph.hidden});
}

/** Throws unless every name is a node of `graph`. */
export function expectNodes(graph: CausalGraph, names: Iterable<string>, fn: string, argument: string): void {
  for (const name of names) {
    expect(adjacency(graph).parents.has(name), {fn, argument, expected: `nodes of the graph (${graph.nodes.join(', ')})`, received: name});
  }
}

function closure(start: Iterable<string>, next: ReadonlyMap<string, readonly string[]>): Set<string> {
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
  expect(well, {fn: 'causalGraph', argument: 'edges', expected: 'text like \'A -> B\', \'A <- B\' or \'A <-> B\'', received: edge});
  for (let i = 1; i < parts.length; i += 2) {
    const [a, arrow, b] = [parts[i - 1], parts[i], parts[i + 1]];
    expect(a !== b, {fn: 'causalGraph', argument: 'edges', expected: 'edges between two different nodes', received: edge});
    if (arrow === '<->') bidirected.push([a, b]);
    else directed.push(arrow === '->' ? [a, b] : [b, a]);
  }
}

/** Kahn's algorithm; ties keep the order in which nodes were named. */
function topologicalOrder(names: readonly string[], directed: readonly Arrow[]): string[] {
  const waiting = new Map(names.map(name => [name, 0]));
  const next = new Map<string, string[]>(names.map(name => [name, []]));
  for (const [a, b] of new Set(directed)) { waiting.set(b, waiting.get(b)! + 1); next.get(a)!.push(b); }
  const order: string[] = [];
  for (let free = names.filter(n => waiting.get(n) === 0); free.length > 0;) {
    const node = free.shift()!;
    order.push(node);
    for (const child of next.get(node)!) {
      waiting.set(child, waiting.get(child)! - 1);
      if (waiting.get(child) === 0) free.push(child);
    }
  }
  expect(order.length === names.length, {fn: 'causalGraph', argument: 'edges', expected: 'free of directed cycles', received: findCycle(next, names.filter(n => !order.includes(n))), remedy: 'Give the variables time indices if they influence each other in turn.'});
  return order;
}

function findCycle(next: Map<string, string[]>, among: readonly string[]): string {
  const inside = new Set(among);
  const trail: string[] = [];
  // Every node left over by Kahn's algorithm has a predecessor among the others; walking back must close a loop.
  for (let node: string | undefined = among[0]; node !== undefined && !trail.includes(node);) {
    trail.push(node);
    const here: string = node;
    node = [...inside].find(other => next.get(other)!.includes(here));
    if (node !== undefined && trail.includes(node)) return [node, ...trail.slice(trail.indexOf(node)).reverse()].join(' -> ');
  }
  return trail.join(' -> ');
}

function unique(pairs: readonly Arrow[], key: (pair: Arrow) => string): readonly Arrow[] {
  return Object.freeze([...new Map(pairs.map(pair => [key(pair), pair])).values()]);
}
