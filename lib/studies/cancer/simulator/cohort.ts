import {expectWhole} from '../../../errors';
import {cancerChannels} from '../publishedPatients';
import {trajectories, type GridTrajectories} from '../../../data/trajectories';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {fold, rng as rngFromSeed, type Rng} from '../../../math/rng';
import {cancerNoise, type CancerNoise} from './noise';
import type {CancerParameters} from './parameters';
import type {CancerPolicy} from './policy';
import {cancerVariant, simulateCancer, type CancerSimulation} from './simulate';
import type {CancerVariantName} from './variant';

/** Simulated patients with everything that is true of them. Models get `trajectories`; the rest is for references and tests. */
export interface CancerCohort {
  readonly variant: CancerVariantName;
  readonly gamma: number;
  readonly trajectories: GridTrajectories;
  /** `[N, T, 2]`: prescribed doses of chemotherapy [mg/m³] and radiotherapy [Gy]. */
  readonly doses: NdArray;
  readonly parameters: CancerParameters;
  readonly noise: CancerNoise;
}

/** Options of {@link cancerCohort}. */
export interface CancerCohortOptions {
  /** N, at least 1. Default 1000. */
  readonly patients?: number;
  /** T, the number of times, at least 2. Default 24. */
  readonly steps?: number;
  /** Confounding strength, finite, usually 0 ... 20. Default 4. */
  readonly gamma?: number;
  /** Seed or generator. The same one gives the same patients and noise under every gamma. */
  readonly rng: Rng | number;
  /** Which reading of the model. Default `'released'`. */
  readonly variant?: CancerVariantName;
}

/** Draws patients and their noise and follows them under the policy of this confounding strength. */
export function cancerCohort({patients = 1000, steps = 24, gamma = 4, rng, variant = 'released'}: CancerCohortOptions): CancerCohort {
  expectWhole('cancerCohort', {patients});
  expectWhole('cancerCohort', {steps}, 2);
  const source = typeof rng === 'number' ? rngFromSeed(rng) : rng, model = cancerVariant(variant);
  const parameters = model.drawParameters(patients, fold(source, 'parameters')), noise = cancerNoise(patients, steps, fold(source, 'noise'));
  const run = simulateCancer(parameters, noise, model.policy(gamma, parameters), model);
  return cohortOf(run, {variant, gamma, parameters, noise}, `cancer (${variant}), gamma ${gamma}`);
}

/** Options of {@link resimulate}. */
export interface ResimulateOptions {
  /** Other noise, `[N, T-1]`. Default: the cohort's own. */
  readonly noise?: CancerNoise;
  /** Name of the new trajectories. Default: the cohort's with `', other policy'`. */
  readonly name?: string;
}

/** Follows the same patients with the same noise under another policy. */
export function resimulate(cohort: CancerCohort, policy: CancerPolicy, options: ResimulateOptions = {}): CancerCohort {
  const {noise = cohort.noise, name = `${cohort.trajectories.name}, other policy`} = options;
  return cohortOf(simulateCancer(cohort.parameters, noise, policy, cancerVariant(cohort.variant)), {...cohort, noise}, name);
}

function cohortOf(run: CancerSimulation, truth: Pick<CancerCohort, 'variant' | 'gamma' | 'parameters' | 'noise'>, name: string): CancerCohort {
  const [N, T] = run.outcomes.shape, {outcomes, treatments, observed, doses} = run;
  const time = Float64Array.from({length: T}, (_, t) => t);
  const series = trajectories({name, time, timeUnit: 'cycle', outcomes, treatments, observed, statics: ndarray([N, 0]), channels: cancerChannels});
  return Object.freeze({variant: truth.variant, gamma: truth.gamma, trajectories: series, doses, parameters: truth.parameters, noise: truth.noise});
}
