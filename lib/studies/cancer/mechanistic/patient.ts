import {Matrix} from 'ml-matrix';
import type {History} from '../../../data/history';
import {cancerNoiseSd} from '../simulator/noise';
import {releasedPopulation as law} from '../simulator/released';
import {gaussianPosterior, type GaussianLaw, type GaussianPosterior, type LinearEvidence} from './gaussian';

/** What one patient's history says about the patient, if the type were known. */
export interface TypePosterior {
  /** 1, 2 or 3 */
  readonly type: number;
  /** log probability of the type times the density of the history, before the limits on a and rho. */
  readonly logWeight: number;
  /** of (rho, beta_c, a) */
  readonly volume: GaussianPosterior;
  /** of (k_g, weight loss by chemotherapy, by radiation, by the tumour) */
  readonly weight: GaussianPosterior;
}

/** Extra alpha_r of a type. @internal */
export const radioShift = (type: number): number => (type === 1 ? law.radio.type1 : 0);

const raise = (type: number, {type: which}: {type: number}): number => (type === which ? 1.1 : 1);
const diagonal = (sd: readonly number[]): Matrix => Matrix.diag(sd.map(s => 1 / s ** 2));

function volumePrior(type: number): GaussianLaw {
  const {mean: [a, rho], sd: [sdA, sdRho], correlation: r} = law.radioAndGrowth, shrink = 1 / (1 - r ** 2);
  const precision = Matrix.zeros(3, 3);
  precision.set(0, 0, shrink / sdRho ** 2);
  precision.set(1, 1, 1 / law.chemo.sd ** 2);
  precision.set(2, 2, shrink / sdA ** 2);
  precision.set(0, 2, (-r * shrink) / (sdA * sdRho));
  precision.set(2, 0, (-r * shrink) / (sdA * sdRho));
  return {mean: [rho, law.chemo.mean + (type === 3 ? law.chemo.type3 : 0), a], precision};
}

function weightPrior(type: number): GaussianLaw {
  const terms = [law.weightChemo, law.weightRadio, law.weightTumour], factors = terms.map(term => raise(type, term));
  return {
    mean: [law.weightGrowth.mean, ...terms.map((term, k) => term.mean * factors[k])],
    precision: diagonal([law.weightGrowth.sd, ...terms.map((term, k) => term.sd * factors[k])]),
  };
}

const PRIORS = [1, 2, 3].map(type => ({type, volume: volumePrior(type), weight: weightPrior(type)}));

/**
 * Posterior of unit i's constants for each of the three types. One step of the simulator, divided by its starting
 * value, is linear in the constants with normal noise, and the priors are normal, so this is exact but for the limits
 * on (a, rho), which the caller imposes.
 */
export function patientPosterior(history: History, i: number): TypePosterior[] {
  const weight = sums(4, weightRows(history, i));
  return PRIORS.map(prior => {
    const shift = radioShift(prior.type), volume = sums(3, volumeRows(history, i, shift));
    const ofVolume = gaussianPosterior(prior.volume, volume, cancerNoiseSd.volume);
    const ofWeight = gaussianPosterior(prior.weight, weight, cancerNoiseSd.weight);
    return {
      type: prior.type, logWeight: ofVolume.logEvidence + ofWeight.logEvidence, volume: ofVolume, weight: ofWeight,
    };
  });
}

/** One step: coefficients' factors and the relative change. */
type LinearRow = readonly [x: readonly number[], y: number];

function* steps(history: History, i: number) {
  const known = history.outcomes.shape[1], y = (t: number, j: number) => history.outcomes.data[(i * known + t) * 2 + j];
  const u = (t: number, j: number) => history.treatments.data[(i * (known - 1) + t) * 2 + j];
  const seen = (t: number, j: number) => history.observed.data[(i * known + t) * 2 + j] === 1 && y(t, j) > 0;
  for (let t = 0; t + 1 < known; t++) {
    yield {t, V: y(t, 0), W: y(t, 1), nextV: y(t + 1, 0), nextW: y(t + 1, 1), chemo: u(t, 0), radio: u(t, 1), seen};
  }
}

function* volumeRows(history: History, i: number, shift: number): Generator<LinearRow> {
  for (const {t, V, nextV, chemo, radio, seen} of steps(history, i)) {
    if (!seen(t, 0) || !seen(t + 1, 0)) continue;
    const dose = radio + radio ** 2 / law.radio.ratio;
    yield [[Math.log(law.capacity / V), -chemo, -law.radio.factor * dose], nextV / V - 1 + shift * dose];
  }
}

function* weightRows(history: History, i: number): Generator<LinearRow> {
  const start = initialWeight(history, i);
  for (const {t, V, W, nextW, chemo, radio, seen} of steps(history, i)) {
    if (!seen(t, 0) || !seen(t, 1) || !seen(t + 1, 1)) continue;
    yield [[W * (1 - W / start), -chemo, -radio, -V], nextW / W - 1];
  }
}

/** The weight at the start, or the population's median when it was not measured. @internal */
export function initialWeight(history: History, i: number): number {
  const first = i * history.outcomes.shape[1] * 2 + 1;
  return history.observed.data[first] === 1 && history.outcomes.data[first] > 0
    ? history.outcomes.data[first]
    : Math.exp(law.logWeight.mean);
}

function sums(d: number, rows: Iterable<LinearRow>): LinearEvidence {
  const xx = Matrix.zeros(d, d), xy = new Float64Array(d);
  let yy = 0;
  for (const [x, y] of rows) {
    yy += y * y;
    for (let j = 0; j < d; j++) {
      xy[j] += x[j] * y;
      for (let k = 0; k < d; k++) xx.set(j, k, xx.get(j, k) + x[j] * x[k]);
    }
  }
  return {xx, xy, yy};
}
