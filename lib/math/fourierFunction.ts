import {expect, expectWhole} from '../errors';
import {ndarray, type NdArray} from './ndarray';
import {normal} from './normal';
import {fold, uniform, type Rng} from './rng';

/** Options of {@link fourierFunction}. */
export interface FourierFunctionOptions {
  /** d, number of arguments, at least 1. */
  readonly dimension: number;
  /** Number of cosines, at least 1. Default 100. */
  readonly features?: number;
  /** How quickly the function turns: its kernel is `sd^2 exp(-rate |x - x'|^2)`. Above 0. */
  readonly rate: number;
  /** Standard deviation of the function's value at a point over draws, >= 0. Default 1. */
  readonly sd?: number;
}

/** A smooth function on R^d drawn at random: a sum of cosines. */
export interface FourierFunction {
  /** `[m, d]` */
  readonly frequencies: NdArray;
  /** `[m]`, in [0, 2 pi). */
  readonly phases: Float64Array;
  /** `[m]` */
  readonly weights: Float64Array;
}

/**
 * Draws a smooth function by random Fourier features. Over draws it has mean 0 and exactly the squared-exponential
 * covariance `sd^2 exp(-rate |x - x'|^2)`, for any number of cosines; its law is Gaussian in the limit of many.
 * @throws ArgumentError for counts below 1, a rate that is not above 0 or a negative sd
 * @reference Rahimi, Recht 2007, Random features for large-scale kernel machines, NIPS 20; Sutherland, Schneider 2015,
 * On the error of random Fourier features. doi:10.48550/arXiv.1506.02785
 */
export function fourierFunction(
  rng: Rng, {dimension, features = 100, rate, sd = 1}: FourierFunctionOptions,
): FourierFunction {
  const fn = 'fourierFunction';
  expectWhole(fn, {dimension, features});
  expect(rate > 0 && rate < Infinity, {fn, argument: 'rate', expected: 'finite and above 0', received: rate});
  expect(sd >= 0 && sd < Infinity, {fn, argument: 'sd', expected: 'finite and >= 0', received: sd});
  const frequencies = normal(fold(rng, 'frequencies'), features * dimension, {sd: Math.sqrt(2 * rate)});
  return Object.freeze({
    frequencies: ndarray([features, dimension], frequencies),
    phases: uniform(fold(rng, 'phases'), features).map(u => 2 * Math.PI * u),
    weights: normal(fold(rng, 'weights'), features, {sd: sd * Math.sqrt(2 / features)}),
  });
}

/**
 * Values at `points`.
 * @param points `[..., d]`
 * @returns one value a point, in their order
 * @throws ArgumentError when the last axis is not d
 */
export function fourierValues({frequencies, phases, weights}: FourierFunction, points: NdArray): Float64Array {
  const [m, d] = frequencies.shape, last = points.shape[points.shape.length - 1];
  expect(last === d, {
    fn: 'fourierValues', argument: 'points', expected: `of shape [..., ${d}]`, received: points.shape,
  });
  const {data} = points, out = new Float64Array(data.length / d);
  const isRepeated = (i: number) => {
    for (let j = 0; j < d; j++) if (data[i * d + j] !== data[(i - 1) * d + j]) return false;
    return true;
  };
  for (let i = 0; i < out.length; i++) {
    // Series that are carried forward repeat a point for hours.
    if (i > 0 && isRepeated(i)) {
      out[i] = out[i - 1];
      continue;
    }
    for (let k = 0; k < m; k++) {
      let angle = phases[k];
      for (let j = 0; j < d; j++) angle += frequencies.data[k * d + j] * data[i * d + j];
      out[i] += weights[k] * Math.cos(angle);
    }
  }
  return out;
}
