import {expect} from '../../errors';
import type {NdArray} from '../ndarray';

/** Features by column with the order of their rows: sorted once, for any number of trees. */
export interface Presorted {
  /** n */
  readonly rows: number;
  /** d */
  readonly columns: number;
  /** `[d, n]` */
  readonly values: Float64Array;
  /**
   * `[d, n, 2]`: the rows of each column from the smallest value to the largest, among equals as they stand, each with
   * its rank, which is the same for equal values. Rows and ranks are read together, so they stand together. Rows whose
   * value is missing stand last.
   */
  readonly order: Int32Array;
  /** `[d]`: the rank of missing values, which is how many different numbers a column has. */
  readonly missing: Int32Array;
  /** Columns that are not constant. */
  readonly varying: Int32Array;
}

/**
 * Sorts every column. @param features `[n, d]`, n and d >= 1
 * @throws ArgumentError naming `fn`, for another shape or an infinite value
 */
export function presort(fn: string, features: NdArray): Presorted {
  expectFeatures(fn, features);
  const {shape: [rows, columns], data} = features, size = rows * columns;
  const values = new Float64Array(size), order = new Int32Array(2 * size), missing = new Int32Array(columns);
  for (let j = 0; j < columns; j++) {
    const own = values.subarray(j * rows, (j + 1) * rows);
    for (let i = 0; i < rows; i++) own[i] = data[i * columns + j];
    missing[j] = sortColumn(own, order.subarray(2 * j * rows, 2 * (j + 1) * rows));
  }
  const largest = (j: number) => order[2 * (j + 1) * rows - 1];
  const varying = Int32Array.from({length: columns}, (_, j) => j).filter(j => largest(j) > 0);
  return Object.freeze({rows, columns, values, order, missing, varying});
}

/** Throws an ArgumentError unless `features` is `[n, d]`, n >= `leastRows` and d >= 1, of finite numbers or NaN. */
export function expectFeatures(fn: string, {shape, data}: NdArray, leastRows = 1): void {
  const argument = 'features';
  expect(shape.length === 2 && shape[0] >= leastRows && shape[1] >= 1, {
    fn, argument, expected: `of shape [n, d], n >= ${leastRows} and d >= 1`, received: shape,
  });
  const bad = data.findIndex(v => Math.abs(v) === Infinity), columns = shape[1];
  expect(bad < 0, {
    fn, argument, expected: 'finite, or NaN where a value is missing', received: data[bad],
    remedy: `Row ${Math.floor(bad / columns)}, column ${bad % columns}.`,
  });
}

/** Writes the order of one column, `[n, 2]`. @returns how many different numbers there are */
function sortColumn(values: Float64Array, order: Int32Array): number {
  // A typed array sorted without a comparison function is several times faster than rows sorted with one; it puts NaN
  // last.
  const sorted = values.slice().sort(), distinct = dropRepeats(sorted), next = new Int32Array(distinct + 2);
  const ranks = Int32Array.from(values, v => (Number.isNaN(v) ? distinct : countBelow(sorted, distinct, v)));
  for (const rank of ranks) next[rank + 1]++;
  for (let k = 0; k < distinct; k++) next[k + 1] += next[k];
  for (let i = 0; i < ranks.length; i++) {
    const place = 2 * next[ranks[i]]++;
    order[place] = i;
    order[place + 1] = ranks[i];
  }
  return distinct;
}

/** Moves the distinct numbers of a sorted array to its front. @returns how many there are */
function dropRepeats(sorted: Float64Array): number {
  let count = Number.isNaN(sorted[0]) ? 0 : 1;
  for (let i = 1; i < sorted.length && !Number.isNaN(sorted[i]); i++)
    if (sorted[i] !== sorted[count - 1]) sorted[count++] = sorted[i];
  return count;
}

/** How many of the first `count` increasing values are below `value`. */
function countBelow(increasing: Float64Array, count: number, value: number): number {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (increasing[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
