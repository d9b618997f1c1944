import type {Scenario} from '../../../data/cohort';
import {expect} from '../../../errors';
import {decide, treatmentProbability} from '../../../math/bernoulliPolicy';
import {ndarray, type NdArray} from '../../../math/ndarray';
import type {SemiSyntheticNoise} from './noise';
import type {SemiSyntheticWorld} from './world';

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
 * Runs the model: a pure function of world, patients and scenario. A treatment at hour t depends on outcomes before it
 * and acts on outcomes after it. Where chance ends outcomes are measured without noise; the path is the patient's own.
 * @throws ArgumentError for treatments set outside [0, 1]
 * @paper eqs. (10) to (12)
 */
export function simulateSemiSynthetic(
  world: SemiSyntheticWorld, patients: SemiSyntheticPatients, scenario: Scenario,
): SemiSyntheticRun {
  const N = patients.stays.length, T = scenario.times;
  const run: SemiSyntheticRun = Object.freeze({
    outcomes: ndarray([N, T]), untreated: ndarray([N, T]), effects: ndarray([N, T]),
    treatments: ndarray([N, T, 2]), propensities: ndarray([N, T, 2]),
  });
  for (let i = 0; i < N; i++) simulatePatient(i, {world, ...patients, ...scenario}, run);
  return run;
}

type Patients = SemiSyntheticPatients & Scenario & {readonly world: SemiSyntheticWorld};

function simulatePatient(i: number, {world, stays, noise, ...scenario}: Patients, run: SemiSyntheticRun): void {
  const hours = world.path.points.length, {times: T, quietFrom} = scenario, {model} = world, to = i * T;
  const [row, stay, curve] = [i, stays[i], noise.spline[i]].map(k => k * hours);
  const path = patientPath(T, world.policyTerms.data.subarray(2 * stay, 2 * (stay + T)));
  for (let t = 0; t < T; t++) {
    const untreated = model.weights.spline * world.splines.data[curve + t]
      + model.weights.path * noise.path.data[row + t]
      + model.weights.hidden * world.outcomeTerm.data[stay + t] + (t > quietFrom ? 0 : noise.outcome.data[row + t]);
    const effect = effectAt(world, path, t), set = scenario.treatment(i, t);
    path.outcomes[t] = untreated + effect;
    propensitiesAt(world, path, t);
    for (let l = 0; l < 2; l++) {
      const k = 2 * t + l, p = path.propensities[k];
      path.treatments[k] = set ? given(set[l])
        : model.policy.treatment === 'drawn' ? decide(p, noise.choice.data[2 * row + k]) : p;
    }
    actAt(world, path, t);
    run.untreated.data[to + t] = untreated;
    run.effects.data[to + t] = effect;
  }
  run.outcomes.data.set(path.outcomes, to);
  run.treatments.data.set(path.treatments, 2 * to);
  run.propensities.data.set(path.propensities, 2 * to);
}

function given(dose: number): number {
  if (!(dose >= 0 && dose <= 1)) expect(false, {fn: 'twins', argument: 'plan', expected: 'in [0, 1]', received: dose});
  return dose;
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
