import type {NdArray} from '../ndarray';
import {growTree} from './grow';
import {expectGrowth, inOrder, lesson, type TreeOptions} from './options';
import type {RegressionTrees} from './tree';

/**
 * One regression tree: constant on boxes, each the weighted mean of its training targets. Every question is the one
 * that leaves the smallest squared error; nothing is random. Of equal questions the lowest column counts, then the
 * smallest threshold, where scikit-learn lets its generator choose the column; thresholds lie halfway between
 * neighbours, as there.
 * Rows that lack the value go to the side where they leave the smaller error, or all to the right of all that have it;
 * where training saw none missing, to the side with more rows.
 * @param features `[n, d]`, NaN where a value is missing @param targets `[n]`, finite
 * @param options `maxDepth` is Infinity by default
 * @throws ArgumentError for sizes that differ, infinite features, targets that are not finite, or options out of range
 * @reference Breiman, Friedman, Olshen, Stone 1984, Classification and Regression Trees. doi:10.1201/9781315139470
 */
export function regressionTree(
  features: NdArray, targets: ArrayLike<number>, options: TreeOptions = {},
): RegressionTrees {
  const fn = 'regressionTree', {maxDepth = Infinity, minLeaf = 1, weights} = options;
  expectGrowth(fn, maxDepth, minLeaf);
  const learned = lesson(fn, features, targets, weights), columns = learned.features.columns, order = inOrder(columns);
  const tree = growTree(learned, {maxDepth, look: () => ({minLeaf, order, count: columns})});
  return Object.freeze({columns, offset: 0, scale: 1, trees: Object.freeze([tree])});
}
