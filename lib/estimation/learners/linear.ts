import {expectWhole} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {splineBasis} from '../../math/splineBasis';
import {penalised} from './penalised';
import {columnOf, expectLesson, fromColumns, type RowLearner} from './rowLearner';

/**
 * Linear in the features, with a penalty chosen by generalised cross-validation on the training rows.
 * @throws ArgumentError, from `answers`: for sizes that differ or values that are not finite
 */
export function ridgeLearner(): RowLearner {
  return linear('ridge', true, () => rows => rows);
}

/** Options of {@link splineLearner}. */
export interface SplineLearnerOptions {
  /** B-splines along each feature, >= 4. Default 6. */
  readonly count?: number;
  /** Whether products of the splines of every two features are taken in, for what is no sum. Default true. */
  readonly pairs?: boolean;
}

/**
 * Cubic splines of every feature, and their products, with a penalty chosen by generalised cross-validation on the
 * training rows. Outside their range features count as its nearest end.
 * @throws ArgumentError unless `count` is a whole number >= 4
 * @reference Eilers, Marx 1996, Flexible smoothing with B-splines and penalties. doi:10.1214/ss/1038425655
 */
export function splineLearner({count = 6, pairs = true}: SplineLearnerOptions = {}): RowLearner {
  expectWhole('splineLearner', {count}, 4);
  return linear('splines', false, features => expansion(features, count, pairs));
}

/** A learner that is linear in columns made from the features. */
function linear(
  name: string, standardised: boolean, columns: (features: NdArray) => (rows: NdArray) => NdArray,
): RowLearner {
  return Object.freeze<RowLearner>({
    name,
    async answers(lesson, asked) {
      expectLesson(name, lesson, asked);
      const {features, targets, weights} = lesson, made = columns(features), rows = made(asked);
      const fit = penalised(made(features), {weights, standardised});
      const told = Array.from({length: targets.shape[1]}, (_, j) => fit(columnOf(targets, j))(rows));
      return fromColumns(told, asked.shape[0]);
    },
  });
}

/** Rows `[n, d]` to `[n, p]`, knots between the extremes of the training features. */
function expansion({shape: [n, d], data}: NdArray, count: number, pairs: boolean): (rows: NdArray) => NdArray {
  const each = Array.from({length: d}, (_, j) => {
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < n; i++) [low, high] = [Math.min(low, data[i * d + j]), Math.max(high, data[i * d + j])];
    return splineBasis(count, low, high);
  });
  const couples = pairs ? each.flatMap((_, a) => each.slice(a + 1).map((_, b) => [a, a + 1 + b])) : [];
  const p = d * count + couples.length * count ** 2;
  return rows => {
    const k = rows.shape[0], out = new Float64Array(k * p);
    for (let i = 0; i < k; i++) {
      const own = each.map((basis, j) => basis(rows.data[i * d + j]));
      let at = i * p;
      for (const values of own) for (const v of values) out[at++] = v;
      for (const [a, b] of couples) for (const v of own[a]) for (const u of own[b]) out[at++] = v * u;
    }
    return ndarray([k, p], out);
  };
}
