import {expectWhole} from '../../../errors';
import {cancerChannels} from '../publishedPatients';
import {simulatedCohort, type Cohort, type Simulated} from '../../../data/cohort';
import {trajectories as asTrajectories} from '../../../data/trajectories';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {fold, rng as rngFromSeed, type Rng} from '../../../math/rng';
import {cancerNoise, firstSteps, type CancerNoise} from './noise';
import type {CancerParameters} from './parameters';
import type {CancerPolicy} from './policy';
import {cancerVariant, runCancer, type CancerModel} from './simulate';
import type {CancerVariantName} from './variant';

/** Patients of a run of the simulator, with everything that is true of them. */
export interface CancerRun extends Simulated {
  readonly variant: CancerVariantName;
  readonly gamma: number;
  /** `[N, T, 2]`: prescribed doses of chemotherapy [mg/m³] and radiotherapy [Gy]. */
  readonly doses: NdArray;
  readonly parameters: CancerParameters;
  readonly noise: CancerNoise;
}

/**
 * Simulated patients. `truth` holds their doses and constants. Twins are under concentrations and doses as the
 * trajectories record them; `counterfactualTwins` takes prescribed doses instead.
 */
export type CancerCohort = Cohort<CancerRun>;

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

/**
 * Draws patients and their noise and follows them under the policy of this confounding strength.
 * @throws ArgumentError for options outside their ranges
 * @paper section 5.1, A.3.1
 * @reference Geng, Paganetti, Grassberger 2017, Prediction of treatment response for combined chemo- and radiation
 * therapy. doi:10.1038/s41598-017-13646-z
 */
export function cancerCohort(
  {patients = 1000, steps = 24, gamma = 4, rng, variant = 'released'}: CancerCohortOptions,
): CancerCohort {
  expectWhole('cancerCohort', {patients});
  expectWhole('cancerCohort', {steps}, 2);
  const source = typeof rng === 'number' ? rngFromSeed(rng) : rng, model = cancerVariant(variant);
  const parameters = model.drawParameters(patients, fold(source, 'parameters'));
  const noise = cancerNoise(patients, steps, fold(source, 'noise'));
  const name = `cancer (${variant}), gamma ${gamma}`;
  return cohortOf({variant: model, parameters, noise, policy: model.policy(gamma, parameters)}, gamma, name);
}

/** Options of {@link resimulate}. */
export interface ResimulateOptions {
  /** Other noise, `[N, T-1]`. Default: the cohort's own. */
  readonly noise?: CancerNoise;
  /** Name of the new trajectories. Default: the cohort's with `', other policy'`. */
  readonly name?: string;
}

/**
 * Follows the same patients with the same noise under another policy.
 * @throws ArgumentError for noise of another number of patients, or a policy that answers anything but finite doses >=
 * 0
 * @paper A.3.1
 */
export function resimulate(cohort: CancerCohort, policy: CancerPolicy, options: ResimulateOptions = {}): CancerCohort {
  const {parameters, gamma, trajectories} = cohort;
  const {noise = cohort.noise, name = `${trajectories.name}, other policy`} = options;
  return cohortOf({parameters, noise, policy, variant: cancerVariant(cohort.variant)}, gamma, name);
}

function cohortOf(model: CancerModel, gamma: number, name: string): CancerCohort {
  const {parameters, noise, variant} = model, [N, steps] = noise.volume.shape;
  return simulatedCohort(scenario => {
    const {outcomes, treatments, observed, doses} = runCancer(model, scenario);
    const time = Float64Array.from({length: scenario.times}, (_, t) => t);
    const series = asTrajectories({
      name, time, timeUnit: 'cycle', outcomes, treatments, observed, statics: ndarray([N, 0]), channels: cancerChannels,
    });
    return {
      variant: variant.name, gamma, parameters, doses, noise: firstSteps(noise, scenario.times - 1),
      trajectories: series, truth: {doses, ...constants(parameters)},
    };
  }, steps + 1);
}

/** The patients' constants as arrays `[N]`. */
function constants(parameters: CancerParameters): Record<string, NdArray> {
  const entries = Object.entries(parameters) as [string, Float64Array | Int32Array][];
  return Object.fromEntries(entries.map(([name, of]) => [name, ndarray([of.length], Float64Array.from(of))]));
}
