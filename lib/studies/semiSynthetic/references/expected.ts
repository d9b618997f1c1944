import {gaussianCondition, type GaussianCondition} from '../../../math/gaussianCondition';
import {ndarray} from '../../../math/ndarray';
import {actAt, effectAt, patientPath, propensitiesAt, type PatientPath} from '../simulator/simulate';
import type {SemiSyntheticWorld} from '../simulator/world';

/** What is on record of one patient, and what is planned. */
export interface PatientRecord {
  /** `[c + 1]` */
  readonly outcomes: Float64Array;
  /** `[2 (c + s)]`: treatments given up to c, planned ones from then on. */
  readonly treatments: Float64Array;
}

/** What a reference takes the hidden part of a patient to be. */
export interface HiddenPart {
  /** `[c + s + 1]`: phi_Y. */
  readonly outcomeTerm: Float64Array;
  /** `[2 (c + s + 1)]`: Phi_l. */
  readonly policyTerms: Float64Array;
  /** Which spline. */
  readonly spline: number;
}

/** How a patient's own path and the noise foretell themselves from the hours up to c. */
export function residualLaw({path, model}: SemiSyntheticWorld, c: number): GaussianCondition {
  const {shape: [T], data} = path.covariance, {weights: {path: a}, noiseSd} = model;
  return gaussianCondition(ndarray([T, T], data.map((v, k) => a * a * v + (k % (T + 1) === 0 ? noiseSd ** 2 : 0))),
    c + 1);
}

/**
 * Follows the record up to c: probabilities and effects as they were if `policyTerms` is right.
 * @returns the path, and what is left of the outcomes without effects `[c + 1]`
 */
export function replay(
  world: SemiSyntheticWorld, {outcomes, treatments}: PatientRecord, policyTerms: Float64Array,
): {path: PatientPath; withoutEffect: Float64Array} {
  const T = policyTerms.length / 2, path = patientPath(T, policyTerms),
    withoutEffect = new Float64Array(outcomes.length);
  path.treatments.set(treatments.subarray(0, 2 * T));
  for (let t = 0; t < outcomes.length; t++) {
    withoutEffect[t] = outcomes[t] - effectAt(world, path, t);
    path.outcomes[t] = outcomes[t];
    propensitiesAt(world, path, t);
    actAt(world, path, t);
  }
  return {path, withoutEffect};
}

/**
 * Expected outcomes under the plan if `hidden` is right, `[s]`. The patient's own path is foretold exactly;
 * probabilities that depend on outcomes to come are taken at their expectation, which they nearly are: the policy sees
 * an average, weakly.
 */
export function expectedOutcomes(
  world: SemiSyntheticWorld, law: GaussianCondition, record: PatientRecord, hidden: HiddenPart,
): Float64Array {
  const {path, withoutEffect} = replay(world, record, hidden.policyTerms), known = withoutEffect.length;
  const common = (t: number) => commonPart(world, hidden, t), residual = withoutEffect.map((v, t) => v - common(t));
  const last = record.treatments.length / 2;
  for (let t = known; t <= last; t++) {
    let own = 0;
    for (let k = 0; k < known; k++) own += law.gain.data[(t - known) * known + k] * residual[k];
    path.outcomes[t] = common(t) + own + effectAt(world, path, t);
    propensitiesAt(world, path, t);
    actAt(world, path, t);
  }
  return path.outcomes.slice(known, last + 1);
}

/** Spline and hidden confounders at hour t, weighted. */
export function commonPart(
  {splines, model: {weights}}: SemiSyntheticWorld, {spline, outcomeTerm}: Omit<HiddenPart, 'policyTerms'>, t: number,
): number {
  return weights.spline * splines.data[spline * splines.shape[1] + t] + weights.hidden * outcomeTerm[t];
}
