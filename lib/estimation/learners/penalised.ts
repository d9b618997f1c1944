import {EigenvalueDecomposition, Matrix} from 'ml-matrix';
import {mean} from '../../math/statistics';
import type {NdArray} from '../../math/ndarray';

/** Penalties that are tried, on squared weights, beside the mean squared error. */
const PENALTIES = Array.from({length: 25}, (_, k) => 10 ** (-10 + k / 2));

/** Degrees of freedom count so many times when a penalty is chosen: once is too little, and at times fits noise. */
const CAUTION = 1.4;

/** What to learn from, beside targets. */
export interface PenalisedOptions {
  /** `[n]`, each >= 0, not all 0. Default 1 each. */
  readonly weights?: Float64Array;
  /**
   * Whether columns are standardised first, so that their units do not matter. Splines are not: one that hardly any
   * row reaches would get as much to say as the others.
   */
  readonly standardised: boolean;
}

/**
 * Weighted least squares with a penalty on the squared weights of columns, the intercept left free, and the penalty
 * that makes the error of generalised cross-validation smallest: chosen from the training rows alone.
 * @param columns `[n, p]`
 * @returns from targets `[n]` to what is answered for rows `[k, p]`; what does not depend on targets is done once
 * @reference Golub, Heath, Wahba 1979, Generalized cross-validation as a method for choosing a good ridge parameter.
 * doi:10.1080/00401706.1979.10489751
 * @reference Kim, Gu 2004, Smoothing spline Gaussian regression: more scalable computation via efficient
 * approximation. doi:10.1046/j.1369-7412.2003.05316.x
 */
export function penalised(
  columns: NdArray, {weights, standardised}: PenalisedOptions,
): (targets: Float64Array) => (asked: NdArray) => Float64Array {
  const {shape: [n, p], data} = columns, w = weights ?? new Float64Array(n).fill(1);
  const total = w.reduce((a, b) => a + b, 0), share = w.map(v => v / total);
  const average = (values: (i: number) => number) => share.reduce((sum, v, i) => sum + v * values(i), 0);
  const centre = Float64Array.from({length: p}, (_, j) => average(i => data[i * p + j]));
  const sds = centre.map((c, j) => Math.sqrt(average(i => (data[i * p + j] - c) ** 2)));
  const kept = Array.from(sds.keys()).filter(j => sds[j] > 1e-12), spread = standardised ? sds : sds.map(() => 1);
  const z = kept.map(j => Float64Array.from({length: n}, (_, i) => (data[i * p + j] - centre[j]) / spread[j]));
  const gram = isSparse(data) ? sparseGram(columns, share, {kept, centre, spread}) : denseGram(z, share);
  const directions = z.length > 0 ? eigen(gram) : undefined, rows = effective(w);
  return targets => {
    const level = average(i => targets[i]), slope = new Float64Array(p);
    const left = targets.map((y, i) => share[i] * (y - level)), power = average(i => (targets[i] - level) ** 2);
    const moment = Float64Array.from(z, a => a.reduce((sum, v, i) => sum + v * left[i], 0));
    const solved = directions ? solve(directions, moment, {n: rows, power}) : moment;
    kept.forEach((j, k) => (slope[j] = solved[k] / spread[j]));
    const intercept = level - slope.reduce((sum, b, j) => sum + b * centre[j], 0);
    return asked => Float64Array.from({length: asked.shape[0]}, (_, i) => {
      let sum = intercept;
      for (let j = 0; j < p; j++) sum += slope[j] * asked.data[i * p + j];
      return sum;
    });
  };
}

/** Whether most numbers are 0, as those of splines are. */
const isSparse = (data: Float64Array): boolean =>
  data.reduce((zeros, v) => zeros + Number(v === 0), 0) > data.length / 2;

/** Products of centred columns, averaged over rows. */
function denseGram(z: readonly Float64Array[], share: Float64Array): Matrix {
  const p = z.length, gram = Matrix.zeros(p, p);
  z.forEach((a, j) => {
    const weighted = a.map((v, i) => v * share[i]);
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (let i = 0, b = z[k]; i < weighted.length; i++) sum += weighted[i] * b[i];
      gram.set(j, k, sum);
      gram.set(k, j, sum);
    }
  });
  return gram;
}

/** Centre and spread of every column, and which vary. */
interface Columns {
  readonly kept: readonly number[];
  readonly centre: Float64Array;
  readonly spread: Float64Array;
}

/** The same from what is not 0. */
function sparseGram({shape: [n, p], data}: NdArray, share: Float64Array, {kept, centre, spread}: Columns): Matrix {
  const raw = new Float64Array(p * p), filled = new Int32Array(p);
  for (let i = 0; i < n; i++) {
    let count = 0;
    for (let j = 0; j < p; j++) if (data[i * p + j] !== 0) filled[count++] = j;
    for (let a = 0; a < count; a++) {
      const j = filled[a], weighted = share[i] * data[i * p + j];
      for (let b = 0; b <= a; b++) raw[j * p + filled[b]] += weighted * data[i * p + filled[b]];
    }
  }
  const gram = Matrix.zeros(kept.length, kept.length);
  kept.forEach((j, a) => kept.slice(0, a + 1).forEach((k, b) => {
    const value = (raw[j * p + k] - centre[j] * centre[k]) / (spread[j] * spread[k]);
    gram.set(a, b, value);
    gram.set(b, a, value);
  }));
  return gram;
}

/** The Gram matrix's own directions. */
function eigen(gram: Matrix) {
  const {realEigenvalues, eigenvectorMatrix} = new EigenvalueDecomposition(gram, {assumeSymmetric: true});
  return {values: realEigenvalues.map(v => Math.max(v, 0)), vectors: eigenvectorMatrix};
}

/** Rows that count: as many as equal weights would need for the same spread of a mean. */
const effective = (w: Float64Array): number => w.length * mean(w) ** 2 / mean(w.map(v => v * v));

/** The penalised solution, for the penalty whose error of generalised cross-validation is smallest. */
function solve(
  {values, vectors}: ReturnType<typeof eigen>, moment: Float64Array, {n, power}: {n: number; power: number},
): Float64Array {
  const along = values.map((_, k) => moment.reduce((sum, v, j) => sum + vectors.get(j, k) * v, 0));
  const error = (penalty: number) => {
    let fit = power, freedom = 1;
    values.forEach((value, k) => {
      fit += (along[k] / (value + penalty)) ** 2 * value - 2 * along[k] ** 2 / (value + penalty);
      freedom += value / (value + penalty);
    });
    const left = 1 - CAUTION * freedom / n;
    return left > 0 ? Math.max(fit, 0) / left ** 2 : Infinity;
  };
  const penalty = PENALTIES.reduce((best, next) => (error(next) < error(best) ? next : best));
  const weights = along.map((v, k) => v / (values[k] + penalty));
  return moment.map((_, j) => weights.reduce((sum, v, k) => sum + vectors.get(j, k) * v, 0));
}
