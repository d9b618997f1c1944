import {expect} from '../../errors';
import {
  comparedMethods, generalForm, type ComparedForecaster, type ComparedMethod, type ComparedMethodsOptions, type search,
} from '../../experiments';
import {binaryTreatments} from '../../models';
import type {LearningOptions} from '../../training';
import {cancerTraining} from './training';

/** Options of {@link cancerForecasters}. */
export interface CancerForecastersOptions extends ComparedMethodsOptions {
  /**
   * Passes over the patients, each seen four times a pass, the same for every method. Default: each method's own, see
   * {@link cancerTrainings}, or 60 where none were searched for.
   */
  readonly epochs?: number;
  /** Folder for checkpoints and training times. Default: none are written. */
  readonly checkpoints?: string;
  /**
   * `'as made'`: methods made for binary treatments are told only whether each is on (default). `'for all'`: everyone
   * is told doses.
   */
  readonly doses?: 'as made' | 'for all';
  /**
   * Highest learning rate, > 0, for every method; it falls to a hundredth. Default: each method's own, or 6e-3 where
   * none was searched for.
   */
  readonly rate?: number;
  /** Settings of the network, for every method, see `ComparedMethod.sizes`. Default: each method's own. */
  readonly sizes?: search.Params;
  /** Changes to the training, for every method. */
  readonly training?: Partial<LearningOptions>;
}

/**
 * The cancer variables above which a treatment counts as on: a chemotherapy concentration of 5 mg/m³, since it halves
 * from time to time without reaching 0, and any radiotherapy. The released program uses the same.
 */
export const CANCER_ON: readonly number[] = Object.freeze([5, 0]);

/** A learned method of the comparison, and how long it is trained. */
export interface CancerForecaster extends ComparedForecaster {
  /** Passes over the patients. */
  readonly epochs: number;
}

/** Seeds of the patients by whom training settings were chosen. Tables use other seeds. */
export const CHOOSING_SEEDS: readonly number[] = Object.freeze([90_001, 90_002]);

/** How a method is trained on these data. */
export interface CancerTrainingChoice {
  /** Highest learning rate; it falls to a hundredth. */
  readonly rate: number;
  /** Passes over the patients, each seen four times a pass. */
  readonly epochs: number;
}

/**
 * Learning rate and passes of each method, by `enoughTraining` on patients of {@link CHOOSING_SEEDS}: one rule for all.
 * Notebook 06 repeats the search.
 */
export const cancerTrainings: Readonly<Record<string, CancerTrainingChoice>> = Object.freeze({
  'ObsNODE': {rate: 18e-3, epochs: 160},
  'general ObsNODE': {rate: 18e-3, epochs: 160},
  'latent NODE': {rate: 18e-3, epochs: 80},
  'DoseAI': {rate: 2e-3, epochs: 160},
  'OptAB': {rate: 2e-3, epochs: 40},
  'TE-CDE': {rate: 2e-3, epochs: 80},
  'CF-ODE': {rate: 6e-3, epochs: 160},
  'G-Net': {rate: 54e-3, epochs: 40},
  'CRN': {rate: 2e-3, epochs: 40},
  'Causal Transformer': {rate: 2e-3, epochs: 40},
  'IGC-Net': {rate: 2e-3, epochs: 80},
  'RMSN': {rate: 54e-3, epochs: 40},
  'SCIP-Net': {rate: 6e-3, epochs: 40},
});

const UNSEARCHED: CancerTrainingChoice = {rate: 6e-3, epochs: 60};

/**
 * The methods that are compared on these data: those of the library, and ObsNODE in its general form.
 * @throws ArgumentError naming `fn`, for a method that does not exist, or two of one name
 */
export function cancerMethods(
  fn: string, {models, more = []}: ComparedMethodsOptions = {},
): readonly ComparedMethod[] {
  return comparedMethods(fn, {models, more: [generalForm, ...more]});
}

/**
 * The learned methods of the comparison with the training settings of the cancer notebooks: one schedule, one rule
 * for how fast and how long to train, one way of choosing weights for all.
 * @paper section 5.1, A.3.1 (treatments as on or off)
 * @throws ArgumentError for a method that does not exist, or sizes that one does not have
 */
export function cancerForecasters(options: CancerForecastersOptions = {}): CancerForecaster[] {
  const {epochs, checkpoints, models, more, doses = 'as made', rate, sizes = {}, training = {}} = options;
  expect(doses === 'as made' || doses === 'for all', {
    fn: 'cancerForecasters', argument: 'doses', expected: "'as made' or 'for all'", received: doses,
  });
  const kept = checkpoints === undefined ? {} : {checkpoints};
  return cancerMethods('cancerForecasters', {models, more}).map(method => {
    const {name, adjusts, treatments, learn} = method.sized(sizes), own = cancerTrainings[name] ?? UNSEARCHED;
    const from = rate ?? own.rate;
    const chosen = {epochs: epochs ?? own.epochs, rate: {from, to: from / 100}};
    const learning = cancerTraining({...kept, ...chosen, ...training});
    const binary = treatments === 'on or off' && doses === 'as made';
    const learner = learn(binary ? 'bernoulli' : 'gaussian', learning);
    const told = binary
      ? {treatments, forecaster: binaryTreatments(learner, {above: CANCER_ON})}
      : {treatments: 'doses' as const, forecaster: learner};
    return Object.freeze({name, adjusts, rate: learning.rate.from, epochs: learning.epochs, ...told});
  });
}
