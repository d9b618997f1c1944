import {expect} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import {fold, type Rng} from '../math/rng';
import {expectLesson, rowsOf, type RowLearner, type RowLesson} from './learners/rowLearner';

/**
 * What a learner expects of every row, told from the rows of the other parts alone.
 * @param folds `[n]` the part of each row; all equal: every row is told from all rows, itself among them, which is
 * what cross-fitting is there to avoid
 * @returns `[n, m]`
 * @throws ArgumentError for sizes that differ or values that are not finite
 * @reference Chernozhukov et al. 2018, Double/debiased machine learning for treatment and structural parameters.
 * doi:10.1111/ectj.12097
 */
export async function crossFit(
  learner: RowLearner, lesson: RowLesson, folds: ArrayLike<number>, rng: Rng,
): Promise<NdArray> {
  const fn = 'crossFit', {features, targets, weights} = lesson, [n, m] = targets.shape;
  expectLesson(fn, lesson, features);
  expect(folds.length === n, {fn, argument: 'folds', expected: `${n} numbers`, received: folds.length});
  const parts = [...new Set(Array.from(folds))].sort((a, b) => a - b), out = new Float64Array(n * m);
  for (const part of parts) {
    const inside = rowsWhere(folds, f => f === part);
    const outside = parts.length === 1 ? inside : rowsWhere(folds, f => f !== part);
    const known = {
      features: rowsOf(features, outside), targets: rowsOf(targets, outside),
      ...(weights && {weights: Float64Array.from(outside, i => weights[i])}),
    };
    const {data} = await learner.answers(known, rowsOf(features, inside), fold(rng, part));
    inside.forEach((i, k) => out.set(data.subarray(k * m, (k + 1) * m), i * m));
  }
  return ndarray([n, m], out);
}

/** Numbers of the rows that are asked for. */
export const rowsWhere = (folds: ArrayLike<number>, wanted: (part: number) => boolean): number[] =>
  Array.from({length: folds.length}, (_, i) => i).filter(i => wanted(folds[i]));
