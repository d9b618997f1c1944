import {expect} from '../../errors';
import {comparedMethods, type ComparedForecaster, type ComparedMethodsOptions, type search} from '../../experiments';
import {binaryTreatments} from '../../models';
import type {LearningOptions} from '../../training';
import {cancerTraining} from './training';

/** Options of {@link cancerForecasters}. */
export interface CancerForecastersOptions extends ComparedMethodsOptions {
  /** Passes over the patients, each seen four times a pass, the same for every method; default 60. */
  readonly epochs?: number;
  /** Folder for checkpoints and training times. Default: none are written. */
  readonly checkpoints?: string;
  /**
   * `'as made'`: methods made for binary treatments are told only whether each is on (default). `'for all'`: everyone
   * is told doses.
   */
  readonly doses?: 'as made' | 'for all';
  /**
   * Learning rate to start from, > 0, for every method; it falls to a hundredth. Default: each method's own, the best
   * of `TRIED_RATES`, or the middle one where none was searched for.
   */
  readonly rate?: number;
  /** Settings of the network, for every method, see `ComparedMethod.sizes`. Default: each method's own. */
  readonly sizes?: search.Params;
  /** Changes to the training, for every method. */
  readonly training?: Partial<LearningOptions>;
}

/**
 * Learning rates tried for every method, on one draw that no table uses, with equal passes; each method has the one
 * with the lowest validation error. Notebook 06 repeats the search.
 */
export const TRIED_RATES: readonly number[] = Object.freeze([2e-3, 6e-3, 18e-3]);

/**
 * The cancer variables above which a treatment counts as on: a chemotherapy concentration of 5 mg/m³, since it halves
 * from time to time without reaching 0, and any radiotherapy. The released program uses the same.
 */
export const CANCER_ON: readonly number[] = Object.freeze([5, 0]);

/** The best of {@link TRIED_RATES} for each method. */
const RATES: Readonly<Record<string, number>> = Object.freeze({
  'ObsNODE': 6e-3, 'latent NODE': 18e-3, 'DoseAI': 2e-3, 'OptAB': 2e-3, 'TE-CDE': 2e-3, 'CF-ODE': 18e-3, 'G-Net': 18e-3,
  'CRN': 2e-3, 'Causal Transformer': 2e-3, 'IGC-Net': 2e-3, 'RMSN': 18e-3, 'SCIP-Net': 6e-3,
});

/** The middle of {@link TRIED_RATES}, for methods for which no rate was searched. */
const [, UNSEARCHED] = TRIED_RATES;

/**
 * The learned methods of the comparison with the training settings of the cancer notebooks: one budget of steps, one
 * schedule from the method's own learning rate, one way of choosing weights for all.
 * @paper section 5.1, A.3.1 (treatments as on or off)
 * @throws ArgumentError for a method that does not exist, or sizes that one does not have
 */
export function cancerForecasters(options: CancerForecastersOptions = {}): ComparedForecaster[] {
  const {epochs, checkpoints, models, more, doses = 'as made', rate, sizes = {}, training = {}} = options;
  expect(doses === 'as made' || doses === 'for all', {
    fn: 'cancerForecasters', argument: 'doses', expected: "'as made' or 'for all'", received: doses,
  });
  const given = {...(epochs === undefined ? {} : {epochs}), ...(checkpoints === undefined ? {} : {checkpoints})};
  return comparedMethods('cancerForecasters', {models, more}).map(method => {
    const {name, adjusts, treatments, learn} = method.sized(sizes);
    const from = rate ?? RATES[name] ?? UNSEARCHED;
    const learning = cancerTraining({...given, rate: {from, to: from / 100}, ...training});
    const binary = treatments === 'on or off' && doses === 'as made';
    const learner = learn(binary ? 'bernoulli' : 'gaussian', learning);
    const told = binary
      ? {treatments, forecaster: binaryTreatments(learner, {above: CANCER_ON})}
      : {treatments: 'doses' as const, forecaster: learner};
    return Object.freeze({name, adjusts, rate: learning.rate.from, ...told});
  });
}
