import type {NdArray} from '../ndarray';
import {expect} from '../../errors';
import {expectFeatures} from './presort';

/**
 * A binary tree of questions, plain data. Node 0 is the root; every node stands before those below it, and the node
 * after one that asks is its left child, where rows go whose feature is at most the threshold.
 */
export interface RegressionTree {
  /** `[nodes]`: the column that is asked about; -1 at a leaf. */
  readonly feature: Int32Array;
  /** `[nodes]`; 0 at a leaf. Infinity: all rows go left whose feature is not missing. */
  readonly threshold: Float64Array;
  /** `[nodes]`: 1 where rows go left whose feature is missing. */
  readonly missingLeft: Uint8Array;
  /** `[nodes]`: the right child; 0 at a leaf. */
  readonly right: Int32Array;
  /** `[nodes]`: weighted mean of the training targets that came here; at a leaf, the answer. */
  readonly value: Float64Array;
  /** `[nodes]`: weight of the training rows that came here. */
  readonly weight: Float64Array;
}

/**
 * `offset + scale * (sum of what the trees answer)`: one tree, a forest (scale 1 / trees) or boosting (scale =
 * learning rate).
 */
export interface RegressionTrees {
  /** Columns of the features. */
  readonly columns: number;
  readonly offset: number;
  readonly scale: number;
  readonly trees: readonly RegressionTree[];
}

/**
 * What trees answer.
 * @param features `[n, d]`, n >= 0, as many columns as in training; NaN where a value is missing
 * @returns `[n]`
 * @throws ArgumentError for features of another width or infinite ones
 */
export function predictTrees({columns, offset, scale, trees}: RegressionTrees, features: NdArray): Float64Array {
  expectFeatures('predictTrees', features, 0);
  const {shape: [n, d], data} = features, sum = new Float64Array(n);
  expect(d === columns, {
    fn: 'predictTrees', argument: 'features', expected: `of shape [n, ${columns}]`, received: features.shape,
  });
  for (const tree of trees) addTree(tree, sum, {data, perRow: d, perColumn: 1});
  return sum.map(total => offset + scale * total);
}

/** Features in either order: row i, column j at `i * perRow + j * perColumn`. */
export interface Layout {
  readonly data: Float64Array;
  readonly perRow: number;
  readonly perColumn: number;
}

/** Adds the tree's answers, times `scale`, to `sum`, `[n]`. */
export function addTree(tree: RegressionTree, sum: Float64Array, {data, perRow, perColumn}: Layout, scale = 1): void {
  const {feature, value} = tree;
  for (let i = 0; i < sum.length; i++) {
    let node = 0;
    while (feature[node] >= 0) node = childOf(tree, node, data[i * perRow + feature[node] * perColumn]);
    sum[i] += scale * value[node];
  }
}

/** The node below `node` to which a row goes whose feature is `value`. */
export function childOf({threshold, missingLeft, right}: RegressionTree, node: number, value: number): number {
  return value <= threshold[node] || (value !== value && missingLeft[node] === 1) ? node + 1 : right[node];
}
