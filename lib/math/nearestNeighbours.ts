import {expect, expectWhole} from '../errors';
import {ndarray, type NdArray} from './ndarray';

/** A table of which some cells are missing. */
export interface Incomplete {
  /** `[n, d]`; the value where `known` is 0 means nothing. */
  readonly values: NdArray;
  /** `[n, d]`, 1 where the value is known, else 0. */
  readonly known: NdArray;
}

/** Fills the gaps of tables with what rows like them hold. */
export interface NeighbourImputer {
  /**
   * `[n, d]`: known values as they are, the others filled.
   * @throws ArgumentError for another number of columns
   */
  fill(rows: Incomplete): NdArray;
}

/** Options of {@link nearestNeighbours}. */
export interface NeighbourOptions {
  /** How many of the nearest rows are averaged, >= 1. Default 5. */
  readonly k?: number;
}

/**
 * Fills a missing cell with the mean of the k nearest of the fitted rows that have it. Rows are compared by the columns
 * that both have: the Euclidean distance over them, scaled up as if all columns were there. Of equally near rows the
 * earlier comes first. A row that shares a column with no fitted row gets the fitted mean. Columns are taken in the
 * unit in which they come: standardise them before, unless larger numbers are to count more.
 * @param fitted `[n, d]` rows, at least one known value in every column
 * @throws ArgumentError for a table of another shape, a column without any value, known values that are not finite, or
 * k that is no whole number >= 1
 * @reference Troyanskaya et al. 2001, Missing value estimation methods for DNA microarrays.
 * doi:10.1093/bioinformatics/17.6.520
 * @example
 * ```ts
 * import {ndarray, nearestNeighbours} from './lib';
 * const table = (rows: number[][]) => ({
 *   values: ndarray([rows.length, 2], Float64Array.from(rows.flat(), v => (Number.isNaN(v) ? 0 : v))),
 *   known: ndarray([rows.length, 2], Float64Array.from(rows.flat(), v => (Number.isNaN(v) ? 0 : 1))),
 * });
 * const imputer = nearestNeighbours(table([[0, 10], [1, 20], [9, 90]]), {k: 2});
 * console.log(imputer.fill(table([[0.4, NaN]])).data);   // Float64Array(2) [ 0.4, 15 ]
 * ```
 */
export function nearestNeighbours(fitted: Incomplete, {k = 5}: NeighbourOptions = {}): NeighbourImputer {
  const fn = 'nearestNeighbours', [n, d] = fitted.values.shape;
  expectWhole(fn, {k});
  expectTable(fn, 'fitted', fitted, d);
  const columns = Array.from({length: d}, (_, j) =>
    Array.from({length: n}, (_, i) => i).filter(i => fitted.known.data[i * d + j] === 1));
  const empty = columns.findIndex(rows => rows.length === 0);
  expect(empty < 0, {
    fn, argument: 'fitted', expected: 'with a known value in every column', received: `none in column ${empty}`,
    remedy: 'Leave this column out.',
  });
  const means = columns.map((rows, j) => rows.reduce((sum, i) => sum + fitted.values.data[i * d + j], 0) / rows.length);
  return Object.freeze({
    fill(rows: Incomplete): NdArray {
      expectTable(`${fn}.fill`, 'rows', rows, d);
      const out = rows.values.data.slice();
      for (let i = 0; i < rows.values.shape[0]; i++) {
        const gaps = means.map((_, j) => j).filter(j => rows.known.data[i * d + j] === 0);
        if (gaps.length === 0) continue;
        const far = distances(fitted, rows, i);
        for (const j of gaps) out[i * d + j] = nearestMean(columns[j], far, {fitted, j, k}) ?? means[j];
      }
      return ndarray(rows.values.shape, out);
    },
  });
}

/** Squared distances of row `i` of `rows` from all fitted rows over the columns that both have; Infinity without any. */
function distances(fitted: Incomplete, rows: Incomplete, i: number): Float64Array {
  const [n, d] = fitted.values.shape;
  return Float64Array.from({length: n}, (_, r) => {
    let sum = 0, shared = 0;
    for (let j = 0; j < d; j++) {
      if (fitted.known.data[r * d + j] === 0 || rows.known.data[i * d + j] === 0) continue;
      sum += (fitted.values.data[r * d + j] - rows.values.data[i * d + j]) ** 2;
      shared++;
    }
    return shared > 0 ? (sum * d) / shared : Infinity;
  });
}

/** Mean of column `j` over the k nearest of the rows that have it; `undefined` where none is comparable. */
function nearestMean(
  having: readonly number[], far: Float64Array, {fitted, j, k}: {fitted: Incomplete; j: number; k: number},
): number | undefined {
  const near = having.filter(r => far[r] < Infinity).sort((a, b) => far[a] - far[b] || a - b).slice(0, k);
  if (near.length === 0) return undefined;
  return near.reduce((sum, r) => sum + fitted.values.data[r * fitted.values.shape[1] + j], 0) / near.length;
}

function expectTable(fn: string, argument: string, {values, known}: Incomplete, d: number): void {
  const [n] = values.shape, fits = ({shape}: NdArray) => shape.length === 2 && shape[0] === n && shape[1] === d;
  expect(fits(values) && fits(known), {
    fn, argument, expected: `values and known of shape [n, ${d}]`, received: [...values.shape, ...known.shape],
  });
  const odd = values.data.findIndex((v, at) => known.data[at] !== 0 && !(known.data[at] === 1 && Number.isFinite(v)));
  expect(odd < 0, {
    fn, argument, expected: 'finite where known is 1, and known 0 or 1', received: values.data[odd],
    remedy: `Its place has flat index ${odd}.`,
  });
}
