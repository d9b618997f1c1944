import {CholeskyDecomposition, Matrix} from 'ml-matrix';

/** A normal law of d coefficients, by its precision. */
export interface GaussianLaw {
  /** `[d]` */
  readonly mean: readonly number[];
  /** `[d, d]`, inverse covariance. */
  readonly precision: Matrix;
}

/** What the data say about the coefficients of a linear model with known noise. */
export interface GaussianPosterior {
  /** `[d]` */
  readonly mean: Float64Array;
  /** log density of the data under the prior, up to a term common to all priors of the same precision determinant. */
  readonly logEvidence: number;
  /** Turns d standard normal numbers into a draw, written into `out`. */
  readonly draw: (z: Float64Array, offset: number, out: Float64Array) => void;
}

/** Sums of a linear model's rows: all that the posterior needs to know about the data. */
export interface LinearEvidence {
  /** `[d, d]`: X'X */
  readonly xx: Matrix;
  /** `[d]`: X'y */
  readonly xy: Float64Array;
  /** y'y */
  readonly yy: number;
}

/**
 * Conjugate update of y = X b + noise.
 * @param noiseSd standard deviation of the noise, known
 */
export function gaussianPosterior(
  prior: GaussianLaw, {xx, xy, yy}: LinearEvidence, noiseSd: number,
): GaussianPosterior {
  const weight = 1 / noiseSd ** 2, m0 = Matrix.columnVector([...prior.mean]);
  const pull = prior.precision.mmul(m0);
  const precision = Matrix.mul(xx, weight).add(prior.precision);
  const cholesky = new CholeskyDecomposition(precision), lower = cholesky.lowerTriangularMatrix;
  const mean = cholesky.solve(Matrix.columnVector(Array.from(xy, (v, j) => weight * v + pull.get(j, 0)))).to1DArray();
  const energy = weight * yy + m0.dot(pull) - quadratic(precision, mean);
  const logEvidence = -0.5 * energy + 0.5 * logDeterminant(prior.precision) - logDiagonal(lower);
  const centre = Float64Array.from(mean);
  return {mean: centre, logEvidence, draw: (z, offset, out) => backSubstitute(lower, centre, z.subarray(offset), out)};
}

/** mean + L^-T z has covariance (L L')^-1. */
function backSubstitute(lower: Matrix, mean: Float64Array, z: Float64Array, out: Float64Array): void {
  for (let d = mean.length, j = d - 1; j >= 0; j--) {
    let sum = z[j];
    for (let k = j + 1; k < d; k++) sum -= lower.get(k, j) * (out[k] - mean[k]);
    out[j] = mean[j] + sum / lower.get(j, j);
  }
}

const quadratic = (m: Matrix, v: number[]): number => Matrix.columnVector(v).dot(m.mmul(Matrix.columnVector(v)));
const logDiagonal = (lower: Matrix): number => lower.diagonal().reduce((sum, v) => sum + Math.log(v), 0);
const logDeterminant = (m: Matrix): number => 2 * logDiagonal(new CholeskyDecomposition(m).lowerTriangularMatrix);
