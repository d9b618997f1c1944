import {readFileSync} from 'node:fs';
import {ndarray} from '../../../math/ndarray';
import type {CancerNoise} from './noise';
import type {CancerParameters} from './parameters';
import {softmaxPolicy} from './policy';
import {simulateCancer} from './simulate';

/** A stored patient: constants, noise and uniform numbers in, trajectory out. */
interface StoredPatient {
  readonly patient_type: number;
  readonly V0: number;
  readonly W0: number;
  readonly rho: number;
  readonly K: number;
  readonly alpha_r: number;
  readonly beta_r: number;
  readonly beta_c: number;
  readonly kg: number;
  readonly kl1_chemo: number;
  readonly kl2_radio: number;
  readonly kl3_tumour: number;
  readonly noise_volume: readonly number[];
  readonly noise_weight: readonly number[];
  readonly uniform: readonly (readonly [radio: number, chemo: number])[];
  readonly volume: readonly number[];
  readonly weight: readonly number[];
  readonly chemo: readonly number[];
  readonly radio: readonly number[];
}

/** What a replay found. */
export interface CancerReplay {
  readonly patients: number;
  /** Numbers compared. */
  readonly values: number;
  /** Largest difference, relative to the stored number where that exceeds 1. */
  readonly largestDifference: number;
}

/**
 * Simulates stored patients again (released variant) from their own random numbers and compares every number with what
 * was stored.
 * @param path JSON file
 */
export function replayCancer(path: string): CancerReplay {
  const {gamma, patients} = JSON.parse(readFileSync(path, 'utf8')) as {gamma: number; patients: StoredPatient[]};
  const {outcomes, treatments} = simulateCancer(constants(patients), draws(patients), softmaxPolicy(gamma));
  const [, T] = outcomes.shape;
  const differences = patients.flatMap((patient, i) => Array.from({length: T}, (_, t) => {
    const at = (i * T + t) * 2;
    return [
      difference(outcomes.data[at], patient.volume[t]), difference(outcomes.data[at + 1], patient.weight[t]),
      difference(treatments.data[at], patient.chemo[t]), difference(treatments.data[at + 1], patient.radio[t]),
    ];
  })).flat();
  return {patients: patients.length, values: differences.length, largestDifference: Math.max(...differences)};
}

const difference = (got: number, stored: number): number => Math.abs(got - stored) / Math.max(1, Math.abs(stored));

function constants(patients: readonly StoredPatient[]): CancerParameters {
  const column = (value: (p: StoredPatient) => number) => Float64Array.from(patients, value);
  return {
    patientType: Int32Array.from(patients, p => p.patient_type),
    initialVolume: column(p => p.V0), initialWeight: column(p => p.W0), rho: column(p => p.rho),
    capacity: column(p => p.K),
    alphaR: column(p => p.alpha_r), betaR: column(p => p.beta_r), betaC: column(p => p.beta_c),
    weightGrowth: column(p => p.kg),
    weightChemo: column(p => p.kl1_chemo), weightRadio: column(p => p.kl2_radio),
    weightTumour: column(p => p.kl3_tumour),
    slopeChemo: column(() => 0), slopeRadio: column(() => 0),
  };
}

function draws(patients: readonly StoredPatient[]): CancerNoise {
  const n = patients.length, steps = patients[0].noise_volume.length;
  const rows = (shape: number[], values: (p: StoredPatient) => readonly number[]) =>
    ndarray([n, ...shape], Float64Array.from(patients.flatMap(values)));
  return {
    volume: rows([steps], p => p.noise_volume), weight: rows([steps], p => p.noise_weight),
    dose: rows([steps, 2], p => p.uniform.flat()),
    // A uniform number of 0 lets nobody recover; recoveries are not stored.
    recovery: ndarray([n, steps]),
  };
}
