import {normal} from '../../../math/normal';
import {fold, uniform, type Rng} from '../../../math/rng';
import {truncatedNormal} from '../../../math/truncatedNormal';
import {sphereDiameter} from './geometry';
import type {CancerParameters} from './parameters';
import {logisticPolicy} from './policy';
import {releasedCancer} from './released';
import type {CancerStep, CancerStepper, CancerVariant} from './variant';

/** The laws of Table 4, and the range of the personal dose slopes given with eq. (9). */
export const printedPopulation = Object.freeze({
  rho: {mean: 7e-5, sd: 0.00723},
  alphaR: {mean: 0.0398, sd: 0.168},
  /** alpha_r / beta_r */
  ratio: 10,
  betaC: {mean: 0.028, sd: 0.0007},
  capacity: 30,
  weightGrowth: {mean: 14e-5, sd: 1e-5},
  weightChemo: {mean: 0.001775, sd: 2e-4},
  weightRadio: {mean: 0.004125, sd: 1e-4},
  weightTumour: {mean: 31e-5, sd: 15e-6},
  slope: {low: 1, high: 4},
});

/** Integration steps in a cycle. */
const SUBSTEPS = 8;

/**
 * The cancer model as the paper prints it. Where print leaves room, this is what was decided:
 * - the equations are differential equations and doses are constant in a cycle; the volume is then known in closed
 *   form, the weight is solved by 8 classic Runge-Kutta steps a cycle;
 * - epsilon(t) is one normal number a cycle, constant in it; the weight's noise, which Table 4 lists and eq. (8b) has
 *   no place for, enters in the same way, as epsilon_w(t) W;
 * - K = 30 is taken in the unit of V, because eq. (8a) compares the two (the published code means a diameter of 30 cm);
 * - growth and kill rates that come out negative are drawn again; nothing is said of correlations, so there are none;
 * - G is the initial weight; initial volumes and weights, on which the paper is silent, follow the published code;
 * - a cycle has 30 days, so "the last 15 days" are the last half cycle; at the start it is the initial diameter;
 * - C(t) of eq. (9a) is the concentration itself: nothing is carried over;
 * - nobody dies or recovers.
 * @paper eqs. (8), (9), Table 4
 * @reference Geng, Paganetti, Grassberger 2017, Prediction of treatment response for combined chemo- and radiation
 * therapy. doi:10.1038/s41598-017-13646-z
 */
export const printedCancer: CancerVariant = Object.freeze({
  name: 'printed', carryOver: 0, window: 1, stops: false,
  drawParameters: drawPrinted,
  policy: logisticPolicy,
  stepper: printedStepper,
});

function printedStepper(p: CancerParameters): CancerStepper {
  return (i, state, step) => printedCycle(p, i, state, step);
}

/**
 * One cycle of `cancerBoth`, by its closed form; a test holds the two together.
 * @returns the mean diameter of the second half
 */
function printedCycle(
  p: CancerParameters, i: number, state: Float64Array, {chemo, radio, noiseVolume, noiseWeight}: CancerStep,
): number {
  const kill = p.betaC[i] * chemo + p.alphaR[i] * radio + p.betaR[i] * radio ** 2 - noiseVolume;
  const loss = p.weightChemo[i] * chemo + p.weightRadio[i] * radio;
  const start = state[0], volumeAt = (t: number) => gompertz({start, rho: p.rho[i], capacity: p.capacity[i], kill}, t);
  const dW = (V: number, W: number) =>
    p.weightGrowth[i] * W * (1 - W / p.initialWeight[i]) - loss - p.weightTumour[i] * V + noiseWeight * W;
  const h = 1 / SUBSTEPS;
  let V = start, W = state[1], sum = 0;
  for (let k = 0; k < SUBSTEPS; k++) {
    const middle = volumeAt((k + 0.5) * h), next = volumeAt((k + 1) * h);
    const w1 = dW(V, W), w2 = dW(middle, W + (h / 2) * w1), w3 = dW(middle, W + (h / 2) * w2);
    const w4 = dW(next, W + h * w3);
    // Simpson's rule for the mean diameter.
    if (2 * k >= SUBSTEPS) sum += (h / 6) * (sphereDiameter(V) + 4 * sphereDiameter(middle) + sphereDiameter(next));
    V = next;
    W += (h / 6) * (w1 + 2 * w2 + 2 * w3 + w4);
  }
  state[0] = V;
  state[1] = W;
  return 2 * sum;
}

/** The constants of a cycle's growth, and the volume at its start. */
interface Growth {
  readonly start: number;
  readonly rho: number;
  readonly capacity: number;
  readonly kill: number;
}

/** Volume after time t of dV = (rho log(K / V) - kill) V: the logarithm of V obeys a linear equation. */
function gompertz({start, rho, capacity, kill}: Growth, t: number): number {
  const gone = -Math.expm1(-rho * t), drift = rho * Math.log(capacity) - kill;
  return Math.exp(Math.log(start) * (1 - gone) + (rho > 0 ? (drift * gone) / rho : drift * t));
}

function drawPrinted(n: number, rng: Rng): CancerParameters {
  const law = printedPopulation, {low, high} = law.slope;
  const positive = (name: string, {mean, sd}: {mean: number; sd: number}) =>
    truncatedNormal(fold(rng, name), n, {mean, sd, low: 0});
  const slope = (name: string) => uniform(fold(rng, name), n).map(u => low + (high - low) * u);
  const {initialVolume, initialWeight} = releasedCancer.drawParameters(n, rng), alphaR = positive('radio', law.alphaR);
  return Object.freeze({
    patientType: new Int32Array(n), initialVolume, initialWeight,
    rho: positive('growth', law.rho), alphaR, betaR: alphaR.map(value => value / law.ratio),
    betaC: positive('chemo', law.betaC),
    capacity: new Float64Array(n).fill(law.capacity),
    weightGrowth: normal(fold(rng, 'weight growth'), n, law.weightGrowth),
    weightChemo: normal(fold(rng, 'weight chemo'), n, law.weightChemo),
    weightRadio: normal(fold(rng, 'weight radio'), n, law.weightRadio),
    weightTumour: normal(fold(rng, 'weight tumour'), n, law.weightTumour),
    slopeChemo: slope('slope chemo'), slopeRadio: slope('slope radio'),
  });
}
