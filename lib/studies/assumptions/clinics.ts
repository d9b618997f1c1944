import {regress} from '../../causal';
import {expect, expectWhole} from '../../errors';
import {fold, normal, uniform, type Rng} from '../../math';
import {meanDifference} from './meanDifference';

/** Who comes, and what "treated" means. */
export interface ClinicOptions {
  /** Share of the patients who come from clinic A, in [0, 1]. Treated there means a dose of 1. */
  readonly shareA: number;
  /** What treated means in clinic B, > 0. */
  readonly doseInB: number;
  /** At least 10. */
  readonly patients: number;
}

/** What records of both clinics together say. */
export interface ClinicEffects {
  /** Mean outcome of the treated minus that of the untreated. */
  readonly effect: number;
  readonly standardError: number;
  /** Slope of the outcome in the dose, by least squares. */
  readonly perDose: number;
}

/**
 * Consistency fails: one word, "treated", for two doses. A coin decides who is treated and the outcome rises by 2 for
 * each dose, so there is no confounding; and yet the effect of treatment is another one in each mixture of clinics. The
 * effect of a dose is not.
 * @throws ArgumentError for options outside their ranges
 */
export function clinicEffects(rng: Rng, {shareA, doseInB, patients}: ClinicOptions): ClinicEffects {
  const fn = 'clinicEffects';
  expect(shareA >= 0 && shareA <= 1, {fn, argument: 'shareA', expected: 'in [0, 1]', received: shareA});
  expect(doseInB > 0 && doseInB < Infinity, {fn, argument: 'doseInB', expected: 'a number > 0', received: doseInB});
  expectWhole(fn, {patients}, 10);
  const where = uniform(fold(rng, 'where'), patients), coin = uniform(fold(rng, 'coin'), patients);
  const noise = normal(fold(rng, 'noise'), patients);
  const dose = where.map((u, i) => (coin[i] >= 0.5 ? 0 : u < shareA ? 1 : doseInB));
  const y = dose.map((d, i) => 2 * d + noise[i]);
  const {effect, standardError} = meanDifference(y, i => dose[i] > 0);
  const one = new Float64Array(patients).fill(1);
  return {effect, standardError, perDose: regress({y, dose, one}, 'y', ['dose', 'one']).coefficients.dose};
}
