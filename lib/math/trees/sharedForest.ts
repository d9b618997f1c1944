import {expect, expectWhole} from '../../errors';
import {choice, integers} from '../discrete';
import {ndarray, type NdArray} from '../ndarray';
import {normal} from '../normal';
import {fold, type Rng} from '../rng';
import {mean, sd} from '../statistics';
import {growTree} from './grow';
import {expectGrowth, inOrder, lesson} from './options';
import type {RandomForestOptions} from './randomForest';
import {childOf, type RegressionTree, type RegressionTrees} from './tree';

/**
 * Forests for several targets that cut the rows in the same way: every tree is grown on a random combination of the
 * standardised targets, all directions equally likely, so that no target is preferred; then each leaf answers the
 * mean of every target over the rows that the tree was grown on.
 * @param features `[n, d]`, NaN where a value is missing @param targets `[n, m]`, finite
 * @returns m forests with equal questions
 * @throws ArgumentError for sizes that differ, infinite features, targets that are not finite, or options out of range
 * @reference Segal, Xiao 2011, Multivariate random forests. doi:10.1002/widm.12
 */
export function sharedForest(
  features: NdArray, targets: NdArray, options: RandomForestOptions,
): readonly RegressionTrees[] {
  const fn = 'sharedForest', {rng, trees = 100, maxDepth = Infinity, minLeaf = 1, weights} = options;
  const [n, m] = targets.shape;
  expect(targets.shape.length === 2 && m >= 1, {
    fn, argument: 'targets', expected: 'of shape [n, m], m >= 1', received: targets.shape,
  });
  const each = Array.from({length: m}, (_, j) => Float64Array.from({length: n}, (_, i) => targets.data[i * m + j]));
  const [first] = each.map(column => lesson(fn, features, column, weights)), {columns} = first.features;
  const {tried = Math.ceil(columns / 3)} = options;
  expectGrowth(fn, maxDepth, minLeaf);
  expectWhole(fn, {trees});
  expectWhole(fn, {tried}, 1, columns);
  const all = inOrder(columns), kept = inOrder(n).filter(i => first.weights[i] > 0), scaled = each.map(standardised);
  const grown = Array.from({length: trees}, (_, k) => {
    const own = fold(rng, k), drawn = new Float64Array(n), of = direction(fold(own, 'targets'), m);
    for (const at of integers(fold(own, 'rows'), kept.length, {high: kept.length}))
      drawn[kept[at]] += first.weights[kept[at]];
    const mixed = Float64Array.from({length: n}, (_, i) => scaled.reduce((sum, z, j) => sum + of[j] * z[i], 0));
    const order = (node: number) =>
      (tried === columns ? all : choice(fold(fold(own, 'columns'), node), columns, columns));
    const look = (node: number) => ({minLeaf, count: tried, order: order(node)});
    const tree = growTree({features: first.features, targets: mixed, weights: drawn}, {maxDepth, look});
    return refilled(tree, ndarray([n, columns], features.data), each, drawn);
  });
  return each.map((_, j) =>
    Object.freeze({columns, offset: 0, scale: 1 / trees, trees: Object.freeze(grown.map(tree => tree[j]))}));
}

/** With mean 0 and sd 1; all 0 where nothing varies. */
function standardised(values: Float64Array): Float64Array {
  const centre = mean(values), spread = sd(values, {ddof: 0});
  return values.map(v => (spread > 0 ? (v - centre) / spread : 0));
}

/** A direction in m dimensions, all equally likely; its length is of no account. */
const direction = (rng: Rng, m: number): Float64Array => (m === 1 ? Float64Array.of(1) : normal(rng, m));

/** The tree with the means of each target in the place of its own. */
function refilled(
  tree: RegressionTree, {shape: [n, d], data}: NdArray, targets: readonly Float64Array[], weights: Float64Array,
): RegressionTree[] {
  const {feature} = tree, sums = targets.map(() => new Float64Array(feature.length));
  const total = new Float64Array(feature.length);
  for (let i = 0; i < n; i++) {
    if (weights[i] === 0) continue;
    for (let node = 0; ;) {
      total[node] += weights[i];
      for (let j = 0; j < sums.length; j++) sums[j][node] += weights[i] * targets[j][i];
      if (feature[node] < 0) break;
      node = childOf(tree, node, data[i * d + feature[node]]);
    }
  }
  return sums.map(sum => Object.freeze({...tree, value: sum.map((s, node) => s / total[node])}));
}
