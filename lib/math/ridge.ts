import {CholeskyDecomposition, Matrix} from 'ml-matrix';
import {expect} from '../errors';
import type {NdArray} from './ndarray';

/** A linear map from features to one number. */
export interface RidgeFit {
  /** `[d]` */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * Least squares with `lambda` times the squared weights added, the features standardised first and the intercept left
 * free. Features that do not vary get weight 0.
 * @param features `[n, d]`
 * @param targets `[n]`
 * @param keep which rows to use, `[n]`; default all
 * @param lambda penalty on the weights of standardised features, above 0
 * @throws ArgumentError unless `lambda` is finite and above 0 and `keep` keeps a row.
 * @reference Hoerl, Kennard 1970, Ridge regression: biased estimation for nonorthogonal problems.
 * doi:10.1080/00401706.1970.10488634
 */
export function ridge(
  features: NdArray, targets: Float64Array, lambda: number, keep?: (row: number) => boolean,
): RidgeFit {
  expect(lambda > 0 && lambda < Infinity, {
    fn: 'ridge', argument: 'lambda', expected: 'finite and above 0', received: lambda,
  });
  const [n, d] = features.shape, rows = Array.from({length: n}, (_, i) => i).filter(i => !keep || keep(i));
  expect(rows.length > 0, {fn: 'ridge', argument: 'keep', expected: 'true for at least one row', received: 'none'});
  const x = Array.from({length: d}, (_, j) => column(features, rows, j)), varying = x.filter(c => c.sd > 0);
  const y = Float64Array.from(rows, i => targets[i]), centre = y.reduce((a, b) => a + b, 0) / y.length;
  const weights = new Float64Array(d), z = varying.map(column => column.z);
  if (varying.length > 0) {
    const left = y.map(v => v - centre), solved = (z.length <= y.length ? primal : dual)(z, left, lambda);
    varying.forEach(({j, sd}, k) => (weights[j] = solved[k] / sd));
  }
  return {weights, intercept: centre - weights.reduce((sum, w, j) => sum + w * x[j].mean, 0)};
}

/** Column j of the kept rows, standardised; left as it is when it does not vary. */
function column({shape: [, d], data}: NdArray, rows: readonly number[], j: number) {
  const z = new Float64Array(rows.length);
  for (let i = 0; i < z.length; i++) z[i] = data[rows[i] * d + j];
  const mean = z.reduce((a, b) => a + b, 0) / z.length, constant = z.every(v => v === z[0]);
  const sd = constant ? 0 : Math.sqrt(z.reduce((sum, v) => sum + (v - mean) ** 2, 0) / z.length);
  if (sd > 0) for (let i = 0; i < z.length; i++) z[i] = (z[i] - mean) / sd;
  return {j, z, mean, sd};
}

/** Weights of standardised features `z` from as many equations as there are features. */
function primal(z: readonly Float64Array[], y: Float64Array, lambda: number): number[] {
  return solve(normalMatrix(z, lambda), z.map(column => dot(column, y)));
}

/** The same from as many equations as there are rows: less work where these are fewer. */
function dual(z: readonly Float64Array[], y: Float64Array, lambda: number): number[] {
  const rows = Array.from(y, (_, i) => Float64Array.from(z, column => column[i]));
  const solved = Float64Array.from(solve(normalMatrix(rows, lambda), Array.from(y)));
  return z.map(column => dot(column, solved));
}

const solve = (matrix: Matrix, right: number[]): number[] =>
  new CholeskyDecomposition(matrix).solve(Matrix.columnVector(right)).getColumn(0);

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

function normalMatrix(columns: readonly Float64Array[], lambda: number): Matrix {
  const d = columns.length, gram = Matrix.zeros(d, d);
  for (let j = 0; j < d; j++)
    for (let k = 0; k <= j; k++) {
      let sum = j === k ? lambda : 0;
      for (let i = 0, a = columns[j], b = columns[k]; i < a.length; i++) sum += a[i] * b[i];
      gram.set(j, k, sum);
      gram.set(k, j, sum);
    }
  return gram;
}
