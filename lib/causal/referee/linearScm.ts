import {Matrix, QrDecomposition} from 'ml-matrix';
import {expect} from '../../errors';
import {fold, normal, type Rng} from '../../math';
import {adjacency, ancestors, expectNodes, inducedSubgraph, type CausalGraph} from '../graph/graph';
import {conditionalLaw} from './linearConditioning';

/**
 * A linear-Gaussian structural causal model: each node is a weighted sum of its parents plus independent normal noise,
 * all means zero.
 */
export interface LinearScm {
  readonly graph: CausalGraph;
  /** Weight of an edge. */
  readonly weight: (from: string, to: string) => number;
  /** Standard deviation of a node's own noise, >= 0. */
  readonly noise: (node: string) => number;
}

/** Linear prediction of one variable from others: `mean = sum coefficient x value`, with the variance that is left. */
export interface LinearPrediction {
  readonly target: string;
  readonly coefficients: Readonly<Record<string, number>>;
  readonly variance: number;
}

/** Model on a DAG. @throws ArgumentError for a graph with `<->` or a bad number. */
export function linearScm(graph: CausalGraph, weight: LinearScm['weight'], noise: LinearScm['noise']): LinearScm {
  expect(graph.bidirected.length === 0, {
    fn: 'linearScm', argument: 'graph', expected: 'a DAG', received: graph.bidirected,
    remedy: 'Use canonicalDag(graph).',
  });
  for (const node of graph.nodes) expect(noise(node) >= 0 && noise(node) < Infinity, {
    fn: 'linearScm', argument: 'noise', expected: `a finite number >= 0 for ${node}`, received: noise(node),
  });
  for (const [a, b] of graph.directed) expect(Number.isFinite(weight(a, b)), {
    fn: 'linearScm', argument: 'weight', expected: `a finite number for ${a} -> ${b}`, received: weight(a, b),
  });
  return {graph, weight, noise};
}

/**
 * The model in which `nodes` are set from outside, here by independent standard normal numbers, so that regressing on
 * them reads off the effect of setting them.
 */
export function intervene({graph, weight, noise}: LinearScm, nodes: readonly string[]): LinearScm {
  const cut = new Set(nodes);
  return {graph, weight: (a, b) => (cut.has(b) ? 0 : weight(a, b)), noise: node => (cut.has(node) ? 1 : noise(node))};
}

/** Exact covariance matrix `[nodes, nodes]` in the graph's order. */
export function linearCovariance(scm: LinearScm): Matrix {
  const noise = noiseRows(scm);
  return noise.mmul(noise.transpose());
}

/** Row i: node i as a sum of all nodes' own noise, each of standard deviation 1. `[nodes, nodes]`, lower triangular. */
function noiseRows({graph, weight, noise}: LinearScm): Matrix {
  const at = new Map(graph.nodes.map((name, i) => [name, i])), rows = Matrix.diag(graph.nodes.map(noise));
  graph.nodes.forEach((node, i) => {
    for (const parent of adjacency(graph).parents.get(node)!) {
      const w = weight(parent, node), from = at.get(parent)!;
      for (let k = 0; k <= from; k++) rows.set(i, k, rows.get(i, k) + w * rows.get(from, k));
    }
  });
  return rows;
}

/**
 * Exact conditional mean and variance of `target` given `given`, accurate in long and in growing systems too.
 * @throws ArgumentError when a name is unknown or repeated, or the conditions are linearly dependent.
 */
export function linearPrediction(scm: LinearScm, target: string, given: readonly string[]): LinearPrediction {
  expectNodes(scm.graph, [target, ...given], 'linearPrediction', 'given');
  expect(new Set([target, ...given]).size === given.length + 1, {
    fn: 'linearPrediction', argument: 'given', expected: 'different nodes other than the target', received: given,
  });
  // Nodes below everything named say nothing.
  const graph = inducedSubgraph(scm.graph, ancestors(scm.graph, [target, ...given])), names = graph.nodes;
  const needed = {...scm, graph};
  const size = noiseRows(needed).to2DArray().map(row => Math.hypot(...row) || 1);
  const {coefficients, variance} =
    conditionalLaw({names, equations: equationsOf(needed), noise: names.map(scm.noise)}, target, given, size);
  return {target, coefficients: byName(given, coefficients), variance};
}

function equationsOf({graph, weight}: LinearScm): Matrix {
  const at = new Map(graph.nodes.map((name, i) => [name, i])), system = Matrix.eye(graph.nodes.length);
  for (const [a, b] of graph.directed) system.set(at.get(b)!, at.get(a)!, -weight(a, b));
  return system;
}

function byName(names: readonly string[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/**
 * `n` independent units: columns by node name, hidden ones too.
 * @throws ArgumentError unless n is a whole number >= 1.
 */
export function sampleLinear({graph, weight, noise}: LinearScm, rng: Rng, n: number): Record<string, Float64Array> {
  expect(Number.isInteger(n) && n >= 1, {
    fn: 'sampleLinear', argument: 'n', expected: 'a whole number >= 1', received: n,
  });
  const columns = new Map<string, Float64Array>();
  for (const node of graph.nodes) {
    const column = normal(fold(rng, node), n, {sd: noise(node)});
    for (const parent of adjacency(graph).parents.get(node)!) {
      const w = weight(parent, node), from = columns.get(parent)!;
      for (let i = 0; i < n; i++) column[i] += w * from[i];
    }
    columns.set(node, column);
  }
  return Object.fromEntries(columns);
}

/**
 * Least squares of `target` on `given` (no intercept: all means are zero): the sample version of
 * {@link linearPrediction} .
 * @throws ArgumentError when a column is missing or the columns of `given` are linearly dependent.
 */
export function regress(
  columns: Readonly<Record<string, Float64Array>>, target: string, given: readonly string[],
): LinearPrediction {
  const names = [...given, target], p = given.length;
  for (const name of names) expect(Object.hasOwn(columns, name), {
    fn: 'regress', argument: 'given', expected: `columns (${Object.keys(columns).join(', ')})`, received: name,
  });
  const n = columns[target].length, table = new Matrix(names.map(name => Array.from(columns[name]))).transpose();
  const r = new QrDecomposition(table).upperTriangularMatrix, beta = new Array<number>(p);
  for (let i = p - 1; i >= 0; i--) {
    const size = Math.hypot(...Array.from({length: i + 1}, (_, k) => r.get(k, i)));
    expect(Math.abs(r.get(i, i)) > 1e-12 * size, {
      fn: 'regress', argument: 'given', expected: 'linearly independent columns', received: given,
    });
    beta[i] = given.reduce((s, _, j) => (j > i ? s - r.get(i, j) * beta[j] : s), r.get(i, p)) / r.get(i, i);
  }
  return {target, coefficients: byName(given, beta), variance: r.get(p, p) ** 2 / n};
}
