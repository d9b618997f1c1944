import {
  generalObsNode, kklObserver, latentNode, lstmRecogniser, obsNode, withoutHistory, withoutPlan, type Network,
  type ObsNodeOptions, type Recogniser,
} from '../../models';
import type {Activation} from '../../nn';
import type {Transform} from '../../data';
import {dopri5, euler, heun, midpoint, rk4, tsit5, type Solver} from '../../ode';
import {expect} from '../../errors';
import {learned, type LearnedForecaster, type LearningOptions} from '../../training';
import {cancerTraining} from './training';

/**
 * What ObsNODE is made of and how it is trained in the cancer notebooks, as plain data: everything that a reader would
 * change to see what it is for.
 */
export interface ObsNodeSettings {
  /**
   * `'observable'`: equation (5). `'general'`: the larger observable form of `generalObsNode`. `'free'`: one network of
   * the whole state, of the same size, as in `latentNode`.
   */
  readonly form: CancerForm;
  /** m, blocks of the state, >= 1. */
  readonly blocks: number;
  /** Hidden layers of each network of the field, >= 0. */
  readonly hiddenLayers: number;
  /** Units in each of them, >= 1. */
  readonly width: number;
  readonly activation: Activation;
  /** What reads the past: `'LSTM'`, as in the paper, or `'observer'`, the linear filter of `kklObserver`. */
  readonly recognition: CancerRecognition;
  /** Units of the recognition LSTM, or of the layers behind the filter, >= 1. */
  readonly hidden: number;
  /** Name of the Runge-Kutta method. */
  readonly solver: CancerSolver;
  /** Solver steps between two times, >= 1. */
  readonly substeps: number;
  /** One forecast of the whole plan, or the state recognised anew after each time. @paper A.2 */
  readonly scheme: 'direct' | 'recursive';
  /** Whether it is told the plan, see `withoutPlan`. */
  readonly plan: boolean;
  /** Whether it reads the past, see `withoutHistory`. */
  readonly history: boolean;
  /** How outcomes enter: as logarithms, or as they are. */
  readonly transform: Extract<Transform, 'log' | 'identity'>;
  /** Passes over the patients, each seen four times a pass, >= 0. */
  readonly epochs: number;
  /** Highest learning rate, > 0; it falls to a hundredth. */
  readonly rate: number;
}

/** Names of the forms of the vector field. */
export const cancerForms = Object.freeze(['observable', 'general', 'free'] as const);

/** One of {@link cancerForms}. */
export type CancerForm = (typeof cancerForms)[number];

/** Names of what reads the past. */
export const cancerRecognitions = Object.freeze(['LSTM', 'observer'] as const);

/** One of {@link cancerRecognitions}. */
export type CancerRecognition = (typeof cancerRecognitions)[number];

/** Names of the methods that solve the equation of the state; all take fixed steps here. */
export const cancerSolvers = Object.freeze(['euler', 'midpoint', 'heun', 'rk4', 'dopri5', 'tsit5'] as const);

/** One of {@link cancerSolvers}. */
export type CancerSolver = (typeof cancerSolvers)[number];

const SOLVERS: Readonly<Record<CancerSolver, Solver>> = {euler, midpoint, heun, rk4, dopri5, tsit5};

/** The settings of notebook 05, the same as those of `obsNodeForCancer`. @paper section 5.1, Table 8 */
export const obsNodeSettings: ObsNodeSettings = Object.freeze({
  form: 'observable', blocks: 4, hiddenLayers: 2, width: 32, activation: 'tanh', recognition: 'LSTM',
  hidden: 48, solver: 'rk4', substeps: 1, scheme: 'direct', plan: true, history: true, transform: 'log', epochs: 60,
  rate: 18e-3,
});

/**
 * ObsNODE with these settings, ready to be trained on cancer patients.
 * @param training further changes, such as `engine` and `checkpoints`
 * @throws ArgumentError for settings outside their ranges
 */
export function ablatedObsNode(
  {epochs, rate, transform, form, plan, history, solver, recognition = 'LSTM', ...sizes}: ObsNodeSettings,
  training: Partial<LearningOptions> = {},
): LearnedForecaster<unknown> {
  const fn = 'ablatedObsNode';
  expect(cancerForms.includes(form), {
    fn, argument: 'form', expected: `one of ${cancerForms.join(', ')}`, received: form,
  });
  expect(cancerSolvers.includes(solver), {
    fn, argument: 'solver', expected: `one of ${cancerSolvers.join(', ')}`, received: solver,
  });
  expect(cancerRecognitions.includes(recognition), {
    fn, argument: 'recognition', expected: `one of ${cancerRecognitions.join(', ')}`, received: recognition,
  });
  const recogniser = (recognition === 'LSTM' ? lstmRecogniser : kklObserver()) as Recogniser<unknown>;
  const options: ObsNodeOptions<unknown> = {...sizes, solver: SOLVERS[solver], recogniser};
  const settings = {epochs, transform, rate: {from: rate, to: rate / 100}, ...training};
  const trained = <P>(network: Network<P>) => {
    const told = plan ? network : withoutPlan(network);
    return learned(history ? told : withoutHistory(told), cancerTraining(settings)) as LearnedForecaster<unknown>;
  };
  if (form === 'free') return trained(latentNode(options));
  return form === 'general' ? trained(generalObsNode(options)) : trained(obsNode(options));
}
