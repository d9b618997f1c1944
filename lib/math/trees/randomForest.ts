import {expectWhole} from '../../errors';
import {choice, integers} from '../discrete';
import type {NdArray} from '../ndarray';
import {fold, type Rng} from '../rng';
import {growTree} from './grow';
import {expectGrowth, inOrder, lesson, type TreeOptions} from './options';
import type {RegressionTrees} from './tree';
import type {Lesson} from './work';

/** Options of {@link randomForest}; `maxDepth` is Infinity by default. */
export interface RandomForestOptions extends TreeOptions {
  /** The only source of randomness. */
  readonly rng: Rng;
  /** How many trees, >= 1. Default 100. */
  readonly trees?: number;
  /**
   * How many columns each node looks at, drawn afresh, in [1, d]; further ones only while none of them divides its
   * rows. Default a third of them, rounded up.
   */
  readonly tried?: number;
}

/**
 * The mean of trees that were each grown on n rows drawn with replacement, every node looking at some columns only.
 * Equal generators give equal forests, and a forest's first trees are those of a smaller one.
 * @param features `[n, d]`, NaN where a value is missing @param targets `[n]`, finite
 * @throws ArgumentError for sizes that differ, infinite features, targets that are not finite, or options out of range
 * @reference Breiman 2001, Random forests. doi:10.1023/A:1010933404324
 */
export function randomForest(
  features: NdArray, targets: ArrayLike<number>, options: RandomForestOptions,
): RegressionTrees {
  const fn = 'randomForest', {rng, trees = 100, maxDepth = Infinity, minLeaf = 1, weights} = options;
  const learned = lesson(fn, features, targets, weights), {rows, columns} = learned.features;
  const {tried = Math.ceil(columns / 3)} = options;
  expectGrowth(fn, maxDepth, minLeaf);
  expectWhole(fn, {trees});
  expectWhole(fn, {tried}, 1, columns);
  const all = inOrder(columns), kept = inOrder(rows).filter(i => learned.weights[i] > 0);
  return forest(learned, {
    trees, maxDepth, minLeaf, tried,
    drawn: k => integers(fold(fold(rng, k), 'rows'), kept.length, {high: kept.length}).map(i => kept[i]),
    order: (k, node) => (tried === columns ? all : choice(fold(fold(fold(rng, k), 'columns'), node), columns, columns)),
  });
}

/** A forest whose draws are given. */
export interface ForestDraws {
  readonly trees: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly tried: number;
  /** Rows of a tree, with repeats. */
  readonly drawn: (tree: number) => ArrayLike<number>;
  /** All columns, in the order in which a node looks at them. */
  readonly order: (tree: number, node: number) => ArrayLike<number>;
}

/** @internal */
export function forest(learned: Lesson, draws: ForestDraws): RegressionTrees {
  const {trees, maxDepth, minLeaf, tried, drawn, order} = draws;
  const grown = Array.from({length: trees}, (_, k) => {
    const weights = new Float64Array(learned.features.rows), rows = drawn(k);
    for (let i = 0; i < rows.length; i++) weights[rows[i]] += learned.weights[rows[i]];
    return growTree({...learned, weights}, {maxDepth, look: node => ({minLeaf, order: order(k, node), count: tried})});
  });
  return Object.freeze({columns: learned.features.columns, offset: 0, scale: 1 / trees, trees: Object.freeze(grown)});
}
