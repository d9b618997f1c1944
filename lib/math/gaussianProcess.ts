import {CholeskyDecomposition, Matrix} from 'ml-matrix';
import {expect} from '../errors';
import {ndarray, type NdArray} from './ndarray';
import {normal} from './normal';
import type {Rng} from './rng';

/** Options of {@link gaussianProcess}. */
export interface GaussianProcessOptions {
  /** Variance of independent noise added to every value, >= 0. Default 0. */
  readonly noise?: number;
}

/** A zero-mean Gaussian process on fixed points of a line. */
export interface GaussianProcess {
  /** `[T]` */
  readonly points: Float64Array;
  /** `[T, T]`: covariance of the values, noise included. */
  readonly covariance: NdArray;
  /** `[T, T]`, lower triangular: `covariance + jitter I = factor factor'`. */
  readonly factor: NdArray;
  /** What had to be added to the diagonal before the Cholesky factor existed in float64; 0 when nothing. */
  readonly jitter: number;
}

/** Largest jitter tried, as a share of the variance. */
const LARGEST_JITTER = 1e-6;

/**
 * Sets up exact sampling at `points`: covariance matrix and Cholesky factor. Smooth kernels on close points are
 * singular in float64; then the smallest of 1e-14, 1e-13, ... times the variance that helps is added to the diagonal,
 * and reported.
 * @param points `[T]`, finite, at least one
 * @param kernel covariance as a function of distance
 * @throws ArgumentError for points that are not finite, negative noise, or a kernel that is no covariance
 * @reference Rasmussen, Williams 2006, Gaussian processes for machine learning, section A.2.
 * doi:10.7551/mitpress/3206.001.0001
 */
export function gaussianProcess(
  points: ArrayLike<number>, kernel: (distance: number) => number, {noise = 0}: GaussianProcessOptions = {},
): GaussianProcess {
  const fn = 'gaussianProcess', x = Float64Array.from(points), T = x.length, variance = kernel(0) + noise;
  expect(T > 0 && x.every(Number.isFinite), {
    fn, argument: 'points', expected: 'finite numbers, at least one', received: x,
  });
  expect(noise >= 0 && noise < Infinity, {fn, argument: 'noise', expected: 'finite and >= 0', received: noise});
  const matrix =
    new Matrix(Array.from(x, (a, i) => Array.from(x, (b, j) => kernel(Math.abs(a - b)) + (i === j ? noise : 0))));
  for (let jitter = 0; jitter <= LARGEST_JITTER * variance; jitter = jitter === 0 ? 1e-14 * variance : 10 * jitter) {
    const cholesky = new CholeskyDecomposition(raised(matrix, jitter));
    if (!cholesky.isPositiveDefinite()) continue;
    const factor = flat(cholesky.lowerTriangularMatrix);
    return Object.freeze({points: x, covariance: flat(matrix), factor, jitter});
  }
  return expect(false, {
    fn, argument: 'kernel', expected: 'positive definite on these points', received: x,
    remedy:
      `A jitter of ${LARGEST_JITTER} times the variance did not help: points may coincide, or this is no covariance.`,
  }) as never;
}

/** `n` independent paths, `[n, T]`. */
export function gaussianPaths(rng: Rng, n: number, {factor}: GaussianProcess): NdArray {
  const T = factor.shape[0], z = normal(rng, n * T), out = new Float64Array(n * T);
  for (let i = 0; i < n; i++)
    for (let t = 0; t < T; t++) {
      let sum = 0;
      for (let k = 0; k <= t; k++) sum += factor.data[t * T + k] * z[i * T + k];
      out[i * T + t] = sum;
    }
  return ndarray([n, T], out);
}

function raised(matrix: Matrix, jitter: number): Matrix {
  return jitter === 0 ? matrix : Matrix.add(matrix, Matrix.eye(matrix.rows, matrix.columns, jitter));
}

const flat = (matrix: Matrix): NdArray => ndarray([matrix.rows, matrix.columns], Float64Array.from(matrix.to1DArray()));
