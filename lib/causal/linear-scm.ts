import {Matrix, inverse, solve as solveLinear} from 'ml-matrix';
import {expect} from '../errors';
import {fold, normal, type Rng} from '../math';
import {adjacency, expectNodes, type CausalGraph} from './graph';

/** A linear-Gaussian structural causal model: each node is a weighted sum of its parents plus independent normal noise, all means zero. */
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
  expect(graph.bidirected.length === 0, {fn: 'linearScm', argument: 'graph', expected: 'a DAG', received: graph.bidirected, remedy: 'Use canonicalDag(graph).'});
  for (const node of graph.nodes) expect(noise(node) >= 0, {fn: 'linearScm', argument: 'noise', expected: `a number >= 0 for ${node}`, received: noise(node)});
  for (const [a, b] of graph.directed) expect(Number.isFinite(weight(a, b)), {fn: 'linearScm', argument: 'weight', expected: `a finite number for ${a} -> ${b}`, received: weight(a, b)});
  return {graph, weight, noise};
}

/** The model in which `nodes` are set from outside, here by independent standard normal numbers, so that regressing on them reads off the effect of setting them. */
export function intervene({graph, weight, noise}: LinearScm, nodes: readonly string[]): LinearScm {
  const cut = new Set(nodes);
  return {graph, weight: (a, b) => (cut.has(b) ? 0 : weight(a, b)), noise: node => (cut.has(node) ? 1 : noise(node))};
}

/** Exact covariance matrix `[nodes, nodes]` in the graph's order. */
export function linearCovariance({graph, weight, noise}: LinearScm): Matrix {
  const n = graph.nodes.length, at = new Map(graph.nodes.map((name, i) => [name, i])), system = Matrix.eye(n);
  for (const [a, b] of graph.directed) system.set(at.get(b)!, at.get(a)!, -weight(a, b));
  const total = inverse(system);
  return total.mmul(Matrix.diag(graph.nodes.map(node => noise(node) ** 2))).mmul(total.transpose());
}

/** Exact conditional mean and variance of `target` given `given`. @throws ArgumentError when the conditions are linearly dependent. */
export function linearPrediction(scm: LinearScm, target: string, given: readonly string[]): LinearPrediction {
  expectNodes(scm.graph, [target, ...given], 'linearPrediction', 'given');
  return predictFrom(linearCovariance(scm), scm.graph.nodes, target, given);
}

function predictFrom(covariance: Matrix, names: readonly string[], target: string, given: readonly string[]): LinearPrediction {
  const y = names.indexOf(target), xs = given.map(g => names.indexOf(g));
  if (xs.length === 0) return {target, coefficients: {}, variance: covariance.get(y, y)};
  const within = covariance.selection(xs, xs), across = covariance.selection(xs, [y]);
  const beta = solveLinear(within, across).to1DArray();
  expect(beta.every(Number.isFinite), {fn: 'linearPrediction', argument: 'given', expected: 'linearly independent variables', received: given});
  return {target, coefficients: Object.fromEntries(given.map((g, i) => [g, beta[i]])), variance: covariance.get(y, y) - beta.reduce((s, b, i) => s + b * across.get(i, 0), 0)};
}

/** `n` independent units: columns by node name, hidden ones too. */
export function sampleLinear({graph, weight, noise}: LinearScm, rng: Rng, n: number): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = {};
  for (const node of graph.nodes) {
    const column = normal(fold(rng, node), n, {sd: noise(node)});
    for (const parent of adjacency(graph).parents.get(node)!) {
      const w = weight(parent, node), from = columns[parent];
      for (let i = 0; i < n; i++) column[i] += w * from[i];
    }
    columns[node] = column;
  }
  return columns;
}

/** Least squares of `target` on `given` (no intercept: all means are zero): the sample version of {@link linearPrediction}. */
export function regress(columns: Readonly<Record<string, Float64Array>>, target: string, given: readonly string[]): LinearPrediction {
  const names = [target, ...given], n = columns[target].length;
  const second = new Matrix(names.map(a => names.map(b => dot(columns[a], columns[b]) / n)));
  return predictFrom(second, names, target, given);
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
