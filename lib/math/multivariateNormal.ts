import {EigenvalueDecomposition, Matrix} from 'ml-matrix';
import {expect} from '../errors';
import {ndarray, type NdArray} from './ndarray';
import {normal} from './normal';
import {expectCount, type Rng} from './rng';

/**
 * `n` independent draws of a normal vector.
 * @param mean `[d]`, finite
 * @param cov symmetric, positive semi-definite: rows `[d][d]` or an array `[d, d]`
 * @returns `[n, d]`
 * @throws ArgumentError when `mean` is not finite, or `cov` is not `[d, d]`, not symmetric or has a negative
 * eigenvalue.
 */
export function multivariateNormal(
  rng: Rng, n: number, mean: ArrayLike<number>, cov: NdArray | readonly (readonly number[])[],
): NdArray {
  expectCount('multivariateNormal', n);
  expect(Array.from(mean).every(Number.isFinite), {
    fn: 'multivariateNormal', argument: 'mean', expected: 'finite', received: mean,
  });
  const d = mean.length, root = covarianceRoot(cov, d);
  const z = normal(rng, n * d), out = new Float64Array(n * d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      let sum = mean[j];
      for (let k = 0; k < d; k++) sum += root.get(j, k) * z[i * d + k];
      out[i * d + j] = sum;
    }
  return ndarray([n, d], out);
}

/** A matrix R with R R' = cov. From eigenvalues rather than Cholesky, so that a singular covariance is allowed. */
function covarianceRoot(cov: NdArray | readonly (readonly number[])[], d: number): Matrix {
  const problem =
    {fn: 'multivariateNormal', argument: 'cov', expected: `a symmetric positive semi-definite [${d}, ${d}] matrix`};
  const rows = toRows(cov);
  expect(rows.length === d && rows.every(row => row.length === d), {...problem, received: rows.map(row => row.length)});
  const matrix = new Matrix(rows), scale = matrix.norm('frobenius');
  expect(Number.isFinite(scale), {...problem, received: rows.flat()});
  const asymmetry = Matrix.sub(matrix, matrix.transpose()).norm('frobenius');
  expect(asymmetry <= 1e-12 * scale, {...problem, received: rows.flat()});
  const {realEigenvalues, eigenvectorMatrix} = new EigenvalueDecomposition(matrix, {assumeSymmetric: true});
  expect(realEigenvalues.every(value => value >= -1e-10 * scale), {
    ...problem, received: realEigenvalues, remedy: 'These are its eigenvalues; none may be negative.',
  });
  return eigenvectorMatrix.clone().mulRowVector(realEigenvalues.map(value => Math.sqrt(Math.max(0, value))));
}

function toRows(cov: NdArray | readonly (readonly number[])[]): number[][] {
  if (!('shape' in cov)) return cov.map(row => [...row]);
  const [rows, columns] = cov.shape;
  return Array.from({length: rows}, (_, i) => Array.from(cov.data.subarray(i * columns, (i + 1) * columns)));
}
