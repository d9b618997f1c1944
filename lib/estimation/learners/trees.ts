import type {GradientBoostingOptions} from '../../math/trees/gradientBoosting';
import {gradientBoosting} from '../../math/trees/gradientBoosting';
import {randomForest, type RandomForestOptions} from '../../math/trees/randomForest';
import {sharedForest} from '../../math/trees/sharedForest';
import {predictTrees} from '../../math/trees/tree';
import {fold} from '../../math/rng';
import {boostingRounds} from './boostingRounds';
import {columnwise, expectLesson, fromColumns, type RowLearner} from './rowLearner';

/** Options of {@link forestLearner} and {@link sharedForestLearner}; `minLeaf` is 5 by default, all columns tried. */
export type ForestLearnerOptions = Omit<RandomForestOptions, 'rng' | 'weights'>;

/** A random forest for each target: every forest cuts the rows in its own way. */
export function forestLearner(options: ForestLearnerOptions = {}): RowLearner {
  return columnwise('forest', ({features, targets, weights}, asked, rng) => predictTrees(
    randomForest(features, targets, {minLeaf: 5, tried: features.shape[1], ...options, rng, weights}), asked,
  ));
}

/**
 * One random forest for all targets: trees cut the rows once, and each leaf answers the mean of every target.
 * @throws ArgumentError, from `answers`: for sizes that differ or values that are not finite
 */
export function sharedForestLearner(options: ForestLearnerOptions = {}): RowLearner {
  const name = 'shared forest';
  return Object.freeze<RowLearner>({
    name,
    async answers(lesson, asked, rng) {
      expectLesson(name, lesson, asked);
      const {features, targets, weights} = lesson, tried = features.shape[1];
      const forests = sharedForest(features, targets, {minLeaf: 5, tried, ...options, rng, weights});
      return fromColumns(forests.map(trees => predictTrees(trees, asked)), asked.shape[0]);
    },
  });
}

/** Options of {@link boostingLearner}. */
export interface BoostingLearnerOptions extends Omit<GradientBoostingOptions, 'rng' | 'weights' | 'validation'> {
  /**
   * If given, `trees` is how many there may be, and so many are grown as err least on parts of the rows, this many
   * parts, >= 2, each told from the others. Deep trees on noisy targets need fewer than shallow ones.
   */
  readonly parts?: number;
}

/** Gradient boosting of trees for each target; 200 trees of depth 3 with at least 5 rows a leaf by default. */
export function boostingLearner({parts, ...options}: BoostingLearnerOptions = {}): RowLearner {
  const {maxDepth = 3} = options;
  return columnwise(`boosting, depth ${maxDepth}`, ({features, targets, weights}, asked, rng) => {
    const all = {trees: 200, minLeaf: 5, ...options, rng: fold(rng, 'rows')};
    const trees = parts === undefined ? all.trees
      : boostingRounds({features, targets, weights}, parts, {...all, rng: fold(rng, 'rounds')});
    return predictTrees(gradientBoosting(features, targets, {...all, trees, weights}), asked);
  });
}
