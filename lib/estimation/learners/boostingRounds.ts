import {gradientBoosting, type GradientBoostingOptions} from '../../math/trees/gradientBoosting';
import {predictTrees} from '../../math/trees/tree';
import {fold} from '../../math/rng';
import {foldsOf} from '../folds';
import {rowsWhere} from '../crossFit';
import {rowsOf, type ColumnLesson} from './rowLearner';

/**
 * The number of trees, at most `trees`, after which boosting errs least on rows that it has not seen: rows are divided
 * into parts, each is told from the others after every tree, and squared errors are summed with the rows' weights.
 * @throws ArgumentError for fewer rows than parts, or options out of range
 * @reference Hastie, Tibshirani, Friedman 2009, The Elements of Statistical Learning, s. 10.12.1.
 * doi:10.1007/978-0-387-84858-7
 */
export function boostingRounds(
  {features, targets, weights}: ColumnLesson, parts: number,
  {rng, ...options}: Omit<GradientBoostingOptions, 'rng' | 'weights' | 'validation'> & Required<Pick<
    GradientBoostingOptions, 'rng' | 'trees'>>,
): number {
  const part = foldsOf(targets.length, parts, fold(rng, 'parts')), errors = new Float64Array(options.trees);
  for (let own = 0; own < parts; own++) {
    const [outside, inside] = [rowsWhere(part, p => p !== own), rowsWhere(part, p => p === own)];
    const of = (values: Float64Array) => Float64Array.from(outside, i => values[i]);
    const {trees, ...rest} = gradientBoosting(rowsOf(features, outside), of(targets),
      {...options, rng: fold(rng, own), ...(weights && {weights: of(weights)})});
    const asked = rowsOf(features, inside), told = new Float64Array(inside.length).fill(rest.offset);
    trees.forEach((tree, k) => {
      const more = predictTrees({...rest, offset: 0, trees: [tree]}, asked);
      inside.forEach((i, at) => {
        told[at] += more[at];
        errors[k] += (weights ? weights[i] : 1) * (targets[i] - told[at]) ** 2;
      });
    });
  }
  return errors.indexOf(errors.reduce((a, b) => Math.min(a, b))) + 1;
}
