import {CholeskyDecomposition, Matrix} from 'ml-matrix';
import {expect, expectWhole} from '../errors';
import {ndarray, size, type NdArray} from './ndarray';

/** How the first values of a normal vector with mean 0 foretell the others. */
export interface GaussianCondition {
  /** `[T - known, known]`: conditional mean of the others = gain times the known values. */
  readonly gain: NdArray;
  /** `[known, known]`, lower triangular: whitening times the known values gives independent standard normals. */
  readonly whitening: NdArray;
  /** Logarithm of the determinant of the known values' covariance. */
  readonly logDeterminant: number;
}

/**
 * Conditions a normal vector on its first `known` values.
 * @param covariance `[T, T]`, symmetric; its first `known` rows and columns positive definite
 * @param known in [1, T]
 * @throws ArgumentError when `covariance` is not square or that block is not positive definite
 * @reference Rasmussen, Williams 2006, Gaussian processes for machine learning, eq. (A.6).
 * doi:10.7551/mitpress/3206.001.0001
 */
export function gaussianCondition(covariance: NdArray, known: number): GaussianCondition {
  const fn = 'gaussianCondition', [T, columns] = covariance.shape;
  expect(covariance.shape.length === 2 && T === columns && covariance.data.length === size(covariance.shape), {
    fn, argument: 'covariance', expected: 'a square matrix', received: covariance.shape,
  });
  expectWhole(fn, {known}, 1, T);
  const at = (i: number, j: number) => covariance.data[i * T + j];
  const block = (from: number, to: number) =>
    Array.from({length: to - from}, (_, i) => Array.from({length: known}, (_, j) => at(from + i, j)));
  const cholesky = new CholeskyDecomposition(new Matrix(block(0, known)));
  expect(cholesky.isPositiveDefinite(), {
    fn, argument: 'covariance', expected: `positive definite in its first ${known} rows and columns`,
    received: covariance.data,
  });
  const lower = cholesky.lowerTriangularMatrix, gain = new Float64Array((T - known) * known);
  if (known < T) gain.set(cholesky.solve(new Matrix(block(known, T)).transpose()).transpose().to1DArray());
  const logDeterminant = 2 * lower.diagonal().reduce((sum, v) => sum + Math.log(v), 0);
  return Object.freeze({gain: ndarray([T - known, known], gain), whitening: inverseOfLower(lower), logDeterminant});
}

/** Inverse of a lower triangular matrix by forward substitution. */
function inverseOfLower(lower: Matrix): NdArray {
  const n = lower.rows, out = new Float64Array(n * n);
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= lower.get(i, k) * out[k * n + j];
      out[i * n + j] = sum / lower.get(i, i);
    }
  return ndarray([n, n], out);
}
