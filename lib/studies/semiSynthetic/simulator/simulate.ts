import {decide, treatmentProbability} from '../../../math/bernoulliPolicy';
import {ndarray, type NdArray} from '../../../math/ndarray';
import type {SemiSyntheticNoise} from './noise';
import type {SemiSyntheticWorld} from './world';

/** Treatments set from a decision on, `[N, s, 2]`; before it and after it the policy decides. */
export interface SetTreatments {
  readonly from: number;
  readonly treatments: NdArray;
}

/** Patients of a world: which stay each one is, and all chance. */
export interface SemiSyntheticPatients {
  /** `[N]`: row of the substrate. */
  readonly stays: Int32Array;
  readonly noise: SemiSyntheticNoise;
}

/** What a simulation gives; everything but outcomes and treatments is hidden. */
export interface SemiSyntheticRun {
  /** `[N, T]`: Y, eq. (12). */
  readonly outcomes: NdArray;
  /** `[N, T]`: untreated outcome, eq. (10). */
  readonly untreated: NdArray;
  /** `[N, T]`: E, eq. (11). */
  readonly effects: NdArray;
  /** `[N, T, 2]`: 0 or 1, or the probability itself in the released variant. */
  readonly treatments: NdArray;
  /** `[N, T, 2]`: P, the probability with which the policy treats on this path. */
  readonly propensities: NdArray;
}

/**
 * Runs the model: a pure function of world, patients and treatments set. A treatment at hour t depends on outcomes
 * before it and acts on outcomes after it.
 * @paper eqs. (10) to (12)
 */
export function simulateSemiSynthetic(
  world: SemiSyntheticWorld, patients: SemiSyntheticPatients, set?: SetTreatments,
): SemiSyntheticRun {
  const N = patients.stays.length, T = world.path.points.length;
  const run: SemiSyntheticRun = Object.freeze({
    outcomes: ndarray([N, T]), untreated: ndarray([N, T]), effects: ndarray([N, T]),
    treatments: ndarray([N, T, 2]), propensities: ndarray([N, T, 2]),
  });
  for (let i = 0; i < N; i++) simulatePatient(i, {world, ...patients, set}, run);
  return run;
}

function simulatePatient(
  i: number, {world, stays, noise, set}: SemiSyntheticPatients & {world: SemiSyntheticWorld; set?: SetTreatments},
    run: SemiSyntheticRun,
): void {
  const T = world.path.points.length, {model} = world, row = i * T, stay = stays[i] * T, curve = noise.spline[i] * T;
  const path = patientPath(T, world.policyTerms.data.subarray(2 * stay, 2 * (stay + T)));
  const steps = set ? set.treatments.shape[1] : 0, chosen = noise.choice.data.subarray(2 * row, 2 * (row + T));
  for (let t = 0; t < T; t++) {
    const untreated = model.weights.spline * world.splines.data[curve + t]
      + model.weights.path * noise.path.data[row + t]
      + model.weights.hidden * world.outcomeTerm.data[stay + t] + noise.outcome.data[row + t];
    const effect = effectAt(world, path, t);
    path.outcomes[t] = untreated + effect;
    propensitiesAt(world, path, t);
    for (let l = 0; l < 2; l++) {
      const k = 2 * t + l, p = path.propensities[k], isSet = set && t >= set.from && t < set.from + steps;
      path.treatments[k] = isSet ? set.treatments.data[2 * (i * steps + t - set.from) + l]
        : model.policy.treatment === 'drawn' ? decide(p, chosen[k]) : p;
    }
    actAt(world, path, t);
    run.untreated.data[row + t] = untreated;
    run.effects.data[row + t] = effect;
  }
  run.outcomes.data.set(path.outcomes, row);
  run.treatments.data.set(path.treatments, 2 * row);
  run.propensities.data.set(path.propensities, 2 * row);
}

/** One patient's series while they are computed, hour after hour; simulation and references share the steps below. */
export interface PatientPath {
  /** `[2 T]`: Phi_l at each hour. */
  readonly hidden: Float64Array;
  /** `[T]` */
  readonly outcomes: Float64Array;
  /** `[2 T]` */
  readonly treatments: Float64Array;
  /** `[2 T]` */
  readonly propensities: Float64Array;
  /** `[T]`: what the treatments of an hour add at lag 1. */
  readonly acting: Float64Array;
}

/** A path of T hours with nothing on it yet. */
export function patientPath(T: number, hidden: Float64Array): PatientPath {
  const [outcomes, acting, treatments, propensities] = [T, T, 2 * T, 2 * T].map(n => new Float64Array(n));
  return {hidden, outcomes, acting, treatments, propensities};
}

/** E_t, from the treatments before hour t. @paper eq. (11) */
export function effectAt({fade}: SemiSyntheticWorld, {acting}: PatientPath, t: number): number {
  let sum = 0;
  for (let k = 0; k < t; k++) sum += acting[k] * fade[t - k];
  return sum;
}

/** Writes the probabilities of treatment at hour t. @paper A.3.2, the policy */
export function propensitiesAt({policies, model}: SemiSyntheticWorld, path: PatientPath, t: number): void {
  const past = recentMean(path.outcomes, t, model.policy.lags);
  for (let l = 0; l < 2; l++) path.propensities[2 * t + l] = treatmentProbability(policies[l],
    [past, path.hidden[2 * t + l]]);
}

/**
 * Writes what the treatments of hour t add at lag 1: the minimum over treatments of `1[A = 1] P beta`. @paper eq. (11)
 */
export function actAt({model: {beta}}: SemiSyntheticWorld, {treatments, propensities, acting}: PatientPath,
  t: number): void {
  const product = (k: number) => (treatments[k] === 1 ? propensities[k] * beta : 0);
  acting[t] = Math.min(product(2 * t), product(2 * t + 1));
}

/** Mean of the outcomes from `earliest` to `latest` hours before t; 0 where there are none. @param y `[T]` */
export function recentMean(y: ArrayLike<number>, t: number, [latest, earliest]: readonly [number, number]): number {
  let sum = 0, count = 0;
  for (let k = Math.max(t - earliest, 0); k <= t - latest; k++, count++) sum += y[k];
  return count > 0 ? sum / count : 0;
}
