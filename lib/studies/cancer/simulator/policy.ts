import {expect} from '../../../errors';
import {LARGEST_DIAMETER} from './geometry';
import type {CancerParameters} from './parameters';

/** What a dosing policy may look at. */
export interface CancerDecision {
  readonly unit: number;
  readonly step: number;
  /** Mean tumour diameter of the recent past [cm]. */
  readonly meanDiameter: number;
  /** Uniform numbers for random choices. */
  readonly uniform: {readonly radio: number; readonly chemo: number};
}

/** Doses for the coming step: chemotherapy [mg/m³], radiotherapy [Gy]. */
export type CancerPolicy = (decision: CancerDecision) => readonly [chemo: number, radio: number];

/** Dose levels of the released simulator. */
export const cancerDoseLevels = Object.freeze({chemo: Object.freeze([0, 3, 5, 7]), radio: Object.freeze([0, 1, 2, 3])});

/**
 * The released policy: a level j of 0 ... 3 with probability softmax_j(j gamma / 13 (D - 6.5)), independently for both
 * drugs. D is the mean diameter of the last 16 steps; the larger gamma, the more the dose depends on the tumour.
 * @param gamma confounding strength, finite; 0 makes the doses random
 * @throws ArgumentError for a gamma that is not finite
 */
export function softmaxPolicy(gamma: number): CancerPolicy {
  expectGamma('softmaxPolicy', gamma);
  return ({meanDiameter, uniform}) => {
    const slope = (gamma / LARGEST_DIAMETER) * (meanDiameter - LARGEST_DIAMETER / 2);
    return [cancerDoseLevels.chemo[level(slope, uniform.chemo)], cancerDoseLevels.radio[level(slope, uniform.radio)]];
  };
}

/** Probabilities of the four levels under {@link softmaxPolicy}. */
export function doseProbabilities(gamma: number, meanDiameter: number): number[] {
  const slope = (gamma / LARGEST_DIAMETER) * (meanDiameter - LARGEST_DIAMETER / 2);
  // The largest exponent is subtracted so that no gamma can overflow.
  const weights = [0, 1, 2, 3].map(j => Math.exp((j - (slope > 0 ? 3 : 0)) * slope));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map(w => w / total);
}

/**
 * The policy as the paper prints it: doses C_max sigma(gamma alpha / D_max (D - D_max / 2)), no chance involved.
 * The printed "softmax" of a single number is read as the logistic function; alpha is the patient's own slope.
 * @throws ArgumentError for a gamma that is not finite
 * @paper eq. (9)
 */
export function logisticPolicy(gamma: number, parameters: CancerParameters): CancerPolicy {
  expectGamma('logisticPolicy', gamma);
  const share = (slope: number, diameter: number) =>
    1 / (1 + Math.exp(((-gamma * slope) / LARGEST_DIAMETER) * (diameter - LARGEST_DIAMETER / 2)));
  return ({unit, meanDiameter}) =>
    [14 * share(parameters.slopeChemo[unit], meanDiameter), 3 * share(parameters.slopeRadio[unit], meanDiameter)];
}

function level(slope: number, u: number): number {
  const shift = slope > 0 ? 3 : 0;
  const w0 = Math.exp(-shift * slope), w1 = Math.exp((1 - shift) * slope), w2 = Math.exp((2 - shift) * slope);
  const w3 = Math.exp((3 - shift) * slope);
  const target = u * (w0 + w1 + w2 + w3);
  return target < w0 ? 0 : target < w0 + w1 ? 1 : target < w0 + w1 + w2 ? 2 : 3;
}

function expectGamma(fn: string, gamma: number): void {
  expect(Number.isFinite(gamma), {fn, argument: 'gamma', expected: 'a finite number', received: gamma});
}
