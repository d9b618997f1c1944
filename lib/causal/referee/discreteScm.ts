import {expect} from '../../errors';
import {fold, uniform, type Rng} from '../../math/rng';
import {eliminate, emptyTable, factor, multiplyFactors, scalarFactor, sliceFactor, type Factor} from './factor';
import {adjacency, ancestors, expectNodes, type CausalGraph} from '../graph/graph';
import {own} from '../graph/own';

/** Values of some variables, by name. */
export type Assignment = Readonly<Record<string, number>>;

/** A structural causal model over finitely many values: for every node of a DAG, its law given its parents. */
export interface DiscreteScm {
  readonly graph: CausalGraph;
  readonly sizes: Readonly<Record<string, number>>;
  /** P(node | parents) as a table over the parents and, last, the node. */
  readonly tables: ReadonlyMap<string, Factor>;
}

/** Options of {@link randomScm}. */
export interface RandomScmOptions {
  /** Number of values of each node, >= 2; default 2 for all. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Smallest probability allowed, in (0, 1 / size); default 0.05. Keeps positivity. */
  readonly floor?: number;
  /**
   * Nodes that are functions of their parents: one value has probability 1. Breaks positivity on purpose. Default none.
   */
  readonly deterministic?: readonly string[];
}

/**
 * A model on `graph` (a DAG, hidden nodes included) with random tables.
 * @throws ArgumentError for a graph with `<->`, a bad size or floor, or a name that is no node.
 */
export function randomScm(
  graph: CausalGraph, rng: Rng, {sizes = {}, floor = 0.05, deterministic = []}: RandomScmOptions = {},
): DiscreteScm {
  expectNodes(graph, [...Object.keys(sizes), ...deterministic], 'randomScm', 'sizes, deterministic');
  const all = Object.fromEntries(graph.nodes.map(n => [n, own(sizes, n) ?? 2]));
  expect(floor > 0 && graph.nodes.every(n => floor * all[n] < 1), {
    fn: 'randomScm', argument: 'floor', expected: 'in (0, 1 / number of values)', received: floor,
  });
  return discreteScm(graph, all, (node, rows, size) => {
    const draws = uniform(fold(rng, node), rows * size);
    return deterministic.includes(node) ? largestOfRows(draws, size) : normaliseRows(draws, size, floor);
  });
}

/**
 * A model whose tables come from `fill(node, rows, size)`: `rows x size` numbers, rows over the parents' values
 * (topological order, last fastest).
 * @throws ArgumentError unless `graph` is a DAG and every node has a whole number of values >= 1.
 */
export function discreteScm(
  graph: CausalGraph, sizes: Readonly<Record<string, number>>,
  fill: (node: string, rows: number, size: number) => Float64Array,
): DiscreteScm {
  expect(graph.bidirected.length === 0, {
    fn: 'discreteScm', argument: 'graph', expected: 'a DAG', received: graph.bidirected.map(e => e.join(' <-> ')),
    remedy: 'Use canonicalDag(graph) to put hidden causes in place of <->.',
  });
  for (const node of graph.nodes) {
    const size = own(sizes, node);
    expect(size !== undefined && Number.isInteger(size) && size >= 1, {
      fn: 'discreteScm', argument: 'sizes', expected: `a whole number of values >= 1 for ${node}`, received: size,
    });
  }
  const tables = new Map(graph.nodes.map(node => {
    const names = parentsInOrder(graph, node);
    const shape = [...names, node].map(n => sizes[n]);
    const rows = emptyTable(shape).length / sizes[node];
    return [node, factor([...names, node], shape, fill(node, rows, sizes[node]))];
  }));
  return {graph, sizes, tables};
}

/** Parents of `node` in the graph's order: the order of the axes of its table. */
export function parentsInOrder(graph: CausalGraph, node: string): string[] {
  const own = new Set(adjacency(graph).parents.get(node)!);
  return graph.nodes.filter(n => own.has(n));
}

/** What a marginal is taken of. */
export interface MarginalOptions {
  /** Variables set from outside, with their values; their own tables are cut. */
  readonly intervened?: Assignment;
  /** Observed values: the table is sliced there (not normalised). */
  readonly evidence?: Assignment;
}

/**
 * The exact table `P(names, evidence | do(intervened))`, hidden and unnamed variables summed out one by one.
 * This is the referee's notion of truth: surgery on the model, then addition.
 * @throws ArgumentError when a name is no node.
 */
export function scmMarginal(
  scm: DiscreteScm, names: readonly string[], {intervened = {}, evidence = {}}: MarginalOptions = {},
): Factor {
  const cut = new Set(Object.keys(intervened));
  expectNodes(scm.graph, [...names, ...cut, ...Object.keys(evidence)], 'scmMarginal', 'names');
  const fixed = {...evidence, ...intervened};
  const wanted = names.filter(n => own(fixed, n) === undefined);
  const needed = neededNodes(scm, [...wanted, ...Object.keys(evidence)], cut);
  const tables = needed.map(n => sliceFactor(scm.tables.get(n)!, fixed));
  const rest = needed.filter(n => own(fixed, n) === undefined && !wanted.includes(n));
  return eliminate(tables, rest).reduce(multiplyFactors, scalarFactor(1));
}

/** Nodes whose tables matter: ancestors of the named ones in the graph with arrows into `cut` removed. */
function neededNodes(scm: DiscreteScm, of: readonly string[], cut: ReadonlySet<string>): string[] {
  if (cut.size === 0) { const up = ancestors(scm.graph, of); return scm.graph.nodes.filter(n => up.has(n)); }
  const seen = new Set<string>(), stack = of.filter(n => !cut.has(n));
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...adjacency(scm.graph).parents.get(node)!.filter(p => !cut.has(p)));
  }
  return scm.graph.nodes.filter(n => seen.has(n));
}

function normaliseRows(draws: Float64Array, size: number, floor: number): Float64Array {
  const out = new Float64Array(draws.length);
  for (let row = 0; row < draws.length; row += size) {
    let total = 0;
    for (let k = row; k < row + size; k++) total += draws[k];
    for (let k = row; k < row + size; k++) out[k] = floor + (1 - size * floor) * draws[k] / total;
  }
  return out;
}

/** One at the largest draw of each row, else zero: a random function. */
function largestOfRows(draws: Float64Array, size: number): Float64Array {
  return draws.map((value, i) => {
    const start = i - i % size;
    return value === Math.max(...draws.subarray(start, start + size)) ? 1 : 0;
  });
}
