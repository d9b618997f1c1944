import {expect} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';

/** Rows to learn from. */
export interface RowLesson {
  /** `[n, d]`, finite. */
  readonly features: NdArray;
  /** `[n, m]`, finite: m numbers that are to be told from the features. */
  readonly targets: NdArray;
  /** `[n]`, each >= 0, not all 0: how much each row counts. Default 1 each. */
  readonly weights?: Float64Array;
}

/** A way to learn numbers from features, for use inside an estimator. */
export interface RowLearner {
  readonly name: string;
  /**
   * Learns, and answers.
   * @param asked `[k, d]`: other rows, or the same
   * @param rng the only source of randomness
   * @returns `[k, m]`: for each row asked about, what the targets are expected to be
   * @throws ArgumentError for sizes that differ or values that are not finite
   */
  answers(lesson: RowLesson, asked: NdArray, rng: Rng): Promise<NdArray>;
}

/** Learns one column of targets. @returns `[k]` for the rows `asked`, `[k, d]` */
export type ColumnLearner = (lesson: ColumnLesson, asked: NdArray, rng: Rng) => ArrayLike<number>;

/** Rows with one target each. */
export interface ColumnLesson {
  /** `[n, d]` */
  readonly features: NdArray;
  /** `[n]` */
  readonly targets: Float64Array;
  /** `[n]` */
  readonly weights?: Float64Array;
}

/**
 * A learner that treats every target by itself, with randomness of its own for each.
 * @throws ArgumentError, from `answers`: for sizes that differ or values that are not finite
 */
export function columnwise(name: string, learn: ColumnLearner): RowLearner {
  return Object.freeze<RowLearner>({
    name,
    async answers(lesson, asked, rng) {
      expectLesson(name, lesson, asked);
      const {features, targets, weights} = lesson, m = targets.shape[1], k = asked.shape[0];
      const columns = Array.from({length: m}, (_, j) =>
        learn({features, targets: columnOf(targets, j), weights}, asked, fold(rng, j)));
      return fromColumns(columns, k);
    },
  });
}

/** Column `j` of `[n, m]`. */
export function columnOf({shape: [n, m], data}: NdArray, j: number): Float64Array {
  return Float64Array.from({length: n}, (_, i) => data[i * m + j]);
}

/** `[k, m]` from m columns of k numbers. */
export function fromColumns(columns: readonly ArrayLike<number>[], k = columns[0].length): NdArray {
  const m = columns.length;
  return ndarray([k, m], Float64Array.from({length: k * m}, (_, at) => columns[at % m][Math.floor(at / m)]));
}

/** Rows `[k, d]` of `[n, d]`. */
export function rowsOf({shape: [, d], data}: NdArray, rows: ArrayLike<number>): NdArray {
  const out = new Float64Array(rows.length * d);
  for (let i = 0; i < rows.length; i++) out.set(data.subarray(rows[i] * d, (rows[i] + 1) * d), i * d);
  return ndarray([rows.length, d], out);
}

/** Throws an ArgumentError naming `fn` unless all sizes fit and all numbers are finite. @param asked `[k, d]` */
export function expectLesson(fn: string, {features, targets, weights}: RowLesson, asked: NdArray): void {
  expectMatrix(fn, 'features', features);
  expectMatrix(fn, 'targets', targets);
  expectMatrix(fn, 'asked', asked, 0);
  const [n, d] = features.shape;
  expect(n === targets.shape[0], {fn, argument: 'targets', expected: `of ${n} rows`, received: targets.shape});
  expect(d === asked.shape[1], {fn, argument: 'asked', expected: `of shape [k, ${d}]`, received: asked.shape});
  const counts = !weights || (weights.length === n && weights.every(w => w >= 0) && weights.some(w => w > 0));
  expect(counts, {fn, argument: 'weights', expected: `${n} numbers >= 0, not all 0`, received: weights});
}

/** Throws an ArgumentError naming `fn` unless `value` is `[n, d]`, n >= `least` and d >= 1, and finite everywhere. */
export function expectMatrix(fn: string, argument: string, {shape, data}: NdArray, least = 1): void {
  expect(shape.length === 2 && shape[0] >= least && shape[1] >= 1, {
    fn, argument, expected: `of shape [n, d], n >= ${least} and d >= 1`, received: shape,
  });
  const bad = data.findIndex(v => !Number.isFinite(v)), d = shape[1];
  expect(bad < 0, {
    fn, argument, expected: 'finite everywhere', received: data[bad],
    remedy: `Row ${Math.floor(bad / d)}, column ${bad % d}: leave the row out, or put a number there.`,
  });
}
