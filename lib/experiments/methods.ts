import {expect} from '../errors';
import {binaryTreatments, causalTransformer, cfOde, crn, doseAi, gNet, igcNet, latentNode, obsNode, optAb, rmsn, scipNet, teCde, type Network, type Policy} from '../models';
import {cancerTraining} from '../studies/cancer/training';
import {timed, type TimedLearner} from './cost';
import {learned, type LearningOptions} from '../training/learned';

/** What a method does about treatments inside the plan that answer to outcomes inside the plan. */
export type Adjustment =
  /** goes straight from the decision to every horizon: a later dose brings news of an outcome in between, and the forecast keeps that bias */
  | 'none'
  /** a representation from which the first planned treatment cannot be told, then straight to every horizon */
  | 'balance at t_c'
  /** one step at a time from outcomes seen in training, on representations from which the treatment cannot be told */
  | 'balance at every step'
  /** one step at a time from outcomes seen in training, averaged over draws */
  | 'g-formula'
  /** regressions of regressions, backwards in time */
  | 'iterated g-computation'
  /** rows weighted by the inverse probability of their treatments */
  | 'weights'
  /** one step at a time from outcomes seen in training, on rows so weighted */
  | 'steps, weights';

/** A learned method of the comparison. */
export interface ComparedForecaster {
  readonly name: string;
  readonly adjusts: Adjustment;
  /** What it is told of each treatment. */
  readonly treatments: 'doses' | 'on or off';
  /** Learning rate that it starts from. */
  readonly rate: number;
  readonly forecaster: TimedLearner<unknown>;
}

export interface CancerForecastersOptions {
  /** Passes over the patients, each seen four times a pass, the same for every method; default 60. */
  readonly epochs?: number;
  /** Folder for checkpoints and training times. Default: none are written. */
  readonly checkpoints?: string;
  /** Which methods, by name. Default: all. */
  readonly models?: readonly string[];
  /** `'as made'`: methods made for binary treatments are told only whether each is on (default). `'for all'`: everyone is told doses. */
  readonly doses?: 'as made' | 'for all';
  /** Learning rate to start from, > 0, for every method; it falls to a hundredth. Default: each method's own, the best of `TRIED_RATES`. */
  readonly rate?: number;
  /** Changes to the training, for every method. */
  readonly training?: Partial<LearningOptions>;
}

interface Method {
  readonly name: string;
  readonly adjusts: Adjustment;
  readonly treatments: ComparedForecaster['treatments'];
  readonly rate: number;
  /** Made for doses or for on-or-off treatments, trained as told. */
  learn(policy: Policy, options: LearningOptions): TimedLearner<unknown>;
}

function method<P>(rate: number, treatments: Method['treatments'], adjusts: Adjustment, make: (policy: Policy) => Network<P>): Method {
  const learn = (policy: Policy, options: LearningOptions) => timed(learned(make(policy), options), options.checkpoints);
  return {name: make('bernoulli').name, adjusts, treatments, rate, learn};
}

/**
 * Learning rates tried for every method, on one draw that no table uses, with equal passes; each method has the one with the lowest
 * validation error. Notebook 06 repeats the search.
 */
export const TRIED_RATES: readonly number[] = Object.freeze([2e-3, 6e-3, 18e-3]);

/**
 * The cancer variables above which a treatment counts as on: a chemotherapy concentration of 5 mg/m³, since it halves from time to time without
 * reaching 0, and any radiotherapy. The released program uses the same.
 */
export const CANCER_ON: readonly number[] = Object.freeze([5, 0]);

/** Every learned method of the comparison; a new one is a line here. Sizes are the networks' own defaults unless given. */
const METHODS: readonly Method[] = [
  method(6e-3, 'doses', 'none', () => obsNode({width: 32, hidden: 48})),
  method(18e-3, 'doses', 'none', () => latentNode({width: 32, hidden: 48})),
  method(2e-3, 'doses', 'balance at t_c', policy => doseAi({policy})),
  method(2e-3, 'on or off', 'balance at t_c', policy => optAb({policy})),
  method(2e-3, 'doses', 'balance at every step', policy => teCde({policy})),
  method(18e-3, 'doses', 'none', () => cfOde()),
  method(18e-3, 'doses', 'g-formula', () => gNet()),
  method(2e-3, 'on or off', 'balance at every step', policy => crn({policy})),
  method(2e-3, 'on or off', 'balance at every step', policy => causalTransformer({policy})),
  method(2e-3, 'on or off', 'iterated g-computation', () => igcNet()),
  method(18e-3, 'on or off', 'weights', policy => rmsn({policy, numerator: 'until t_c'})),
  method(6e-3, 'on or off', 'steps, weights', policy => scipNet({policy})),
];

/**
 * The learned methods of the comparison with the training settings of the cancer notebooks: one budget of steps, one schedule from the
 * method's own learning rate, one way of choosing weights for all.
 * @paper section 5.1, A.3.1 (treatments as on or off)
 * @throws ArgumentError for a method that does not exist
 */
export function cancerForecasters({epochs, checkpoints, models, doses = 'as made', rate, training = {}}: CancerForecastersOptions = {}): ComparedForecaster[] {
  expect(doses === 'as made' || doses === 'for all', {fn: 'cancerForecasters', argument: 'doses', expected: "'as made' or 'for all'", received: doses});
  return chosen('cancerForecasters', models).map(({name, adjusts, treatments, rate: own, learn}) => {
    const from = rate ?? own, options = cancerTraining({...(epochs === undefined ? {} : {epochs}), ...(checkpoints === undefined ? {} : {checkpoints}), rate: {from, to: from / 100}, ...training});
    const binary = treatments === 'on or off' && doses === 'as made', learner = learn(binary ? 'bernoulli' : 'gaussian', options);
    const told = binary ? {treatments, forecaster: binaryTreatments(learner, {above: CANCER_ON})} : {treatments: 'doses' as const, forecaster: learner};
    return Object.freeze({name, adjusts, rate: options.rate.from, ...told});
  });
}

export interface TwoStepForecastersOptions {
  /** Which methods, by name. Default: all. */
  readonly models?: readonly string[];
  /** Changes to the training, for every method; default 60 passes in batches of 500, the decision at time 0, both steps ahead. */
  readonly training?: Partial<LearningOptions>;
}

/**
 * The same methods for the toy of `twoStepCohort`, whose treatments are on or off for everyone. Give `fit` validation units that were
 * treated at random: the error by which weights are chosen is that of forecasts under the treatments given, and where these were
 * confounded it prefers the weights that make the mistake of a regression.
 */
export function twoStepForecasters({models, training = {}}: TwoStepForecastersOptions = {}): ComparedForecaster[] {
  const options: LearningOptions = {epochs: 60, batch: 500, horizon: 2, decisions: [0], rate: {from: 1e-2, to: 1e-4}, adam: {clipNorm: 1}, ...training};
  return chosen('twoStepForecasters', models).map(({name, adjusts, learn}) =>
    Object.freeze({name, adjusts, rate: options.rate.from, treatments: 'on or off' as const, forecaster: learn('bernoulli', options)}));
}

function chosen(fn: string, models?: readonly string[]): readonly Method[] {
  const known = METHODS.map(({name}) => name), unknown = models?.filter(name => !known.includes(name)) ?? [];
  expect(unknown.length === 0, {fn, argument: 'models', expected: `names out of ${known.join(', ')}`, received: unknown});
  return METHODS.filter(({name}) => models?.includes(name) ?? true);
}
