import {expect, expectWhole} from '../../errors';
import {choice} from '../discrete';
import type {NdArray} from '../ndarray';
import {fold, type Rng} from '../rng';
import {growTree} from './grow';
import {expectGrowth, expectTargets, inOrder, lesson, type TreeOptions} from './options';
import {expectFeatures} from './presort';
import {addTree, type RegressionTree, type RegressionTrees} from './tree';
import type {Lesson} from './work';

/** Rows that are not learned from, to choose the number of trees by. */
export interface HeldOut {
  /** `[m, d]` */
  readonly features: NdArray;
  /** `[m]` */
  readonly targets: ArrayLike<number>;
}

/** Options of {@link gradientBoosting}; `maxDepth` is 3 by default. */
export interface GradientBoostingOptions extends TreeOptions {
  /** How many trees at most, >= 1. Default 100. */
  readonly trees?: number;
  /** Learning rate: the share of each tree's answer that is added, in (0, 1]. Default 0.1. */
  readonly rate?: number;
  /** Share of the rows that each tree sees, drawn without replacement, in (0, 1]. Default 1. */
  readonly subsample?: number;
  /** Needed when `subsample` is below 1: the only source of randomness. */
  readonly rng?: Rng;
  /** If given, trees after the one with the smallest squared error here are dropped. */
  readonly validation?: HeldOut;
  /** Stops after so many trees in a row without a smaller validation error, >= 1. Default 20. */
  readonly patience?: number;
}

/**
 * Gradient boosting of the squared error: each tree is grown on what the trees before it leave over, and a share of
 * its answer is added.
 * @param features `[n, d]`, NaN where a value is missing @param targets `[n]`, finite
 * @throws ArgumentError for sizes that differ, infinite features, targets that are not finite, or options out of range
 * @reference Friedman 2001, Greedy function approximation: a gradient boosting machine. doi:10.1214/aos/1013203451
 * @reference Friedman 2002, Stochastic gradient boosting. doi:10.1016/S0167-9473(01)00065-2
 */
export function gradientBoosting(
  features: NdArray, targets: ArrayLike<number>, options: GradientBoostingOptions = {},
): RegressionTrees {
  const fn = 'gradientBoosting', {trees = 100, rate = 0.1, maxDepth = 3, minLeaf = 1, patience = 20} = options;
  const {subsample = 1, rng} = options;
  expectGrowth(fn, maxDepth, minLeaf);
  expectWhole(fn, {trees, patience});
  for (const [argument, received] of Object.entries({rate, subsample}))
    expect(received > 0 && received <= 1, {fn, argument, expected: 'in (0, 1]', received});
  expect(subsample === 1 || rng, {fn, argument: 'rng', expected: 'given when `subsample` is below 1', received: rng});
  const learned = lesson(fn, features, targets, options.weights), {rows, columns} = learned.features;
  const kept = inOrder(rows).filter(i => learned.weights[i] > 0), all = kept.length;
  const count = Math.max(1, Math.floor(subsample * all));
  const drawn = (k: number) => (subsample === 1 || !rng ? kept : choice(fold(rng, k), all, count).map(i => kept[i]));
  const error = options.validation && validationError(fn, options.validation, columns, rate);
  return boost(learned, {trees, rate, maxDepth, minLeaf, drawn, error, patience});
}

/** Boosting whose draws are given. */
export interface Boosting {
  readonly trees: number;
  readonly rate: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  /** Rows that a tree sees. */
  readonly drawn: (tree: number) => ArrayLike<number>;
  /** Squared error elsewhere of what begins at `offset`, then of what it becomes as trees are added. */
  readonly error?: (offset: number) => (tree?: RegressionTree) => number;
  readonly patience: number;
}

/** @internal */
export function boost(learned: Lesson, plan: Boosting): RegressionTrees {
  const {trees, rate, maxDepth, minLeaf, drawn, error, patience} = plan;
  const {features: {rows, columns, values}, targets, weights} = learned;
  const order = inOrder(columns), look = () => ({minLeaf, order, count: columns}), grown: RegressionTree[] = [];
  const offset = weightedMean(targets, weights), sum = new Float64Array(rows).fill(offset);
  const layout = {data: values, perRow: 1, perColumn: rows}, errorWith = error?.(offset);
  let least = errorWith?.() ?? Infinity, best = 0;
  for (let k = 0; k < trees && k - best < patience; k++) {
    const left = targets.map((y, i) => y - sum[i]), seen = new Float64Array(rows), chosen = drawn(k);
    for (let i = 0; i < chosen.length; i++) seen[chosen[i]] = weights[chosen[i]];
    grown.push(growTree({features: learned.features, targets: left, weights: seen}, {maxDepth, look}));
    addTree(grown[k], sum, layout, rate);
    const now = errorWith?.(grown[k]) ?? -k;
    if (now < least) [least, best] = [now, k + 1];
  }
  return Object.freeze({columns, offset, scale: rate, trees: Object.freeze(grown.slice(0, best))});
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0, total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}

function validationError(fn: string, held: HeldOut, columns: number, rate: number): NonNullable<Boosting['error']> {
  const {features, targets} = held;
  expectFeatures(fn, features);
  const {shape: [m, d], data} = features, truth = expectTargets(fn, targets, m);
  expect(d === columns, {
    fn, argument: 'validation.features', expected: `of shape [m, ${columns}]`, received: features.shape,
  });
  return offset => {
    const sum = new Float64Array(m).fill(offset);
    return tree => {
      if (tree) addTree(tree, sum, {data, perRow: d, perColumn: 1}, rate);
      return sum.reduce((total, v, i) => total + (truth[i] - v) ** 2, 0);
    };
  };
}
