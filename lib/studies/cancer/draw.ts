import type {Trajectories} from '../../data';
import {rng, split} from '../../math';
import {cancerCohort, type CancerCohort} from './simulator/cohort';

/** Patients of one draw: to train, to choose by, and to be judged on. */
export interface CancerDraw {
  readonly train: Trajectories;
  readonly validation: Trajectories;
  readonly test: CancerCohort;
}

/** Options of {@link cancerDraw}. */
export interface CancerDrawOptions {
  /** Equal seeds draw equal patients. */
  readonly seed: number;
  /** How strongly the doctor follows the size of the tumour, >= 0. */
  readonly gamma: number;
  /** Patients to train, and as many to choose by, >= 1. */
  readonly patients: number;
  /** Patients to be judged on, >= 1. */
  readonly tested: number;
}

/** One draw of patients of the tables. @paper section 5.1, A.3.1 */
export function cancerDraw({seed, gamma, patients, tested}: CancerDrawOptions): CancerDraw {
  const [train, validation, test] = split(rng(seed), 3).map((rng, k) =>
    cancerCohort({patients: k < 2 ? patients : tested, gamma, rng}));
  return Object.freeze({train: train.trajectories, validation: validation.trajectories, test});
}
