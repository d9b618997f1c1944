import {categorical} from '../../../math/discrete';
import {multivariateNormal} from '../../../math/multivariateNormal';
import {logNormal, normal} from '../../../math/normal';
import {fold, type Rng} from '../../../math/rng';
import {truncatedNormal} from '../../../math/truncatedNormal';
import {mapOf} from '../../../systems';
import {cancerConstants, releasedStep} from '../systems';
import {LARGEST_DIAMETER, sphereDiameter, sphereVolume} from './geometry';
import type {CancerParameters} from './parameters';
import {softmaxPolicy} from './policy';
import type {CancerStepper, CancerVariant} from './variant';

/** The laws from which the released simulator draws its patients. */
export const releasedPopulation = Object.freeze({
  /** log diameter before truncation [log cm] */
  logDiameter: {mean: 7, sd: 4.82, low: Math.log(4.5), high: Math.log(LARGEST_DIAMETER)},
  /** (a, rho), correlated, both kept in (0, 0.3) by rejection */
  radioAndGrowth: {mean: [0.0398, 7e-5], sd: [0.088, 0.00723], correlation: 0.87, low: 0, high: 0.3},
  /** alpha_r = 0.75 a, plus 0.00398 in patients of type 1 */
  radio: {factor: 0.75, type1: 0.1 * 0.0398, ratio: 10},
  /** beta_c, 0.002 more in patients of type 3 */
  chemo: {mean: 0.75 * 0.02, sd: 0.0007, type3: 0.1 * 0.02},
  capacity: sphereVolume(30),
  weightGrowth: {mean: 1.4e-4, sd: 1e-5},
  /** each of these is a tenth larger in one patient type */
  weightChemo: {mean: 1.775e-3, sd: 1e-4, type: 3},
  weightRadio: {mean: 4.125e-3, sd: 2e-4, type: 1},
  weightTumour: {mean: 3.1625e-5, sd: 1.5e-5, type: 2},
  logWeight: {mean: Math.log(100), sd: 0.2},
});

/**
 * The cancer model as the published code runs it: one explicit step a cycle, relative noise, weight terms proportional
 * to the weight.
 * @reference Geng, Paganetti, Grassberger 2017, Prediction of treatment response for combined chemo- and radiation
 * therapy. doi:10.1038/s41598-017-13646-z
 */
export const releasedCancer: CancerVariant = Object.freeze({
  name: 'released', carryOver: 0.5, window: 16, stops: true,
  drawParameters: drawReleased,
  policy: softmaxPolicy,
  stepper: releasedStepper,
});

/** The weight sees the volume at the start of the step. */
function releasedStepper(parameters: CancerParameters): CancerStepper {
  const step = mapOf(releasedStep, cancerConstants(parameters)), given = new Float64Array(4);
  return (i, state, {chemo, radio, noiseVolume, noiseWeight}) => {
    given[0] = chemo;
    given[1] = radio;
    given[2] = noiseVolume;
    given[3] = noiseWeight;
    step(state, given, i, state);
    return sphereDiameter(state[0]);
  };
}

function drawReleased(n: number, rng: Rng): CancerParameters {
  const law = releasedPopulation, type = categorical(fold(rng, 'type'), n, [1 / 3, 1 / 3, 1 / 3]).map(k => k + 1);
  const {a, rho} = radioAndGrowth(n, fold(rng, 'radio and growth'));
  const alphaR = a.map((value, i) => law.radio.factor * value + (type[i] === 1 ? law.radio.type1 : 0));
  const {mean, sd, low, high} = law.logDiameter;
  const raised = (name: string, {mean, sd, type: which}: {mean: number; sd: number; type: number}) =>
    normal(fold(rng, name), n, {mean, sd}).map((value, i) => value * (type[i] === which ? 1.1 : 1));
  return Object.freeze({
    patientType: type,
    initialVolume: truncatedNormal(fold(rng, 'diameter'), n, {mean, sd, low, high}).map(x => sphereVolume(Math.exp(x))),
    initialWeight: logNormal(fold(rng, 'initial weight'), n, law.logWeight),
    rho, alphaR,
    betaR: alphaR.map(value => value / law.radio.ratio),
    betaC: normal(fold(rng, 'chemo'), n, law.chemo).map((value, i) => value + (type[i] === 3 ? law.chemo.type3 : 0)),
    capacity: new Float64Array(n).fill(law.capacity),
    weightGrowth: normal(fold(rng, 'weight growth'), n, law.weightGrowth),
    weightChemo: raised('weight chemo', law.weightChemo),
    weightRadio: raised('weight radio', law.weightRadio),
    weightTumour: raised('weight tumour', law.weightTumour),
    slopeChemo: new Float64Array(n), slopeRadio: new Float64Array(n),
  });
}

/** Draws pairs until n of them lie inside the square. */
function radioAndGrowth(n: number, rng: Rng): {a: Float64Array; rho: Float64Array} {
  const {mean, sd, correlation, low, high} = releasedPopulation.radioAndGrowth, shared = correlation * sd[0] * sd[1];
  const a = new Float64Array(n), rho = new Float64Array(n), inside = (x: number) => x > low && x < high;
  for (let done = 0, round = 0; done < n; round++) {
    const {data} = multivariateNormal(fold(rng, round), 3 * n, mean, [[sd[0] ** 2, shared], [shared, sd[1] ** 2]]);
    for (let k = 0; k < data.length && done < n; k += 2)
      if (inside(data[k]) && inside(data[k + 1])) {
        a[done] = data[k];
        rho[done++] = data[k + 1];
      }
  }
  return {a, rho};
}
