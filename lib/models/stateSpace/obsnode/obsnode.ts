import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../../errors';
import {fold, type Rng} from '../../../math/rng';
import type {SeriesShape} from '../../../data/trajectories';
import {rk4, type Solver} from '../../../ode';
import {maskedSquaredError, type Activation, type MlpOptions, type Tensors} from '../../../nn';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../../network';
import {initField, observableField, type FieldParams, type FieldShape} from './field';
import type {RecognitionOptions, Recogniser} from '../recogniser';
import {lstmRecogniser, type RecognitionParams} from './recognition';
import {intervals, rollOut, type RollOutOptions, type StateField} from '../../parts/rollOut';

/** Weights of a state-space network: what recognises the state, and what moves it. */
export interface StateSpaceParams<F, R = RecognitionParams> {
  readonly recognition: R;
  readonly field: F;
}

/** Weights of {@link obsNode}. */
export type ObsNodeParams = StateSpaceParams<FieldParams>;

/** Options of {@link obsNode}; `R`: the weights of its recogniser. */
export interface ObsNodeOptions<R = RecognitionParams> {
  /**
   * m, blocks of the normal form, >= 1; default 4. The paper searches d_y to d_y + 3 (Table 8: "latent space
   * dimension") and takes 2.
   */
  readonly blocks?: number;
  /** Hidden layers of each phi_i, >= 0; default 2. The paper searches 1 to 10. */
  readonly hiddenLayers?: number;
  /** Units in each hidden layer, >= 1; default 64. The paper searches 32 to 256. */
  readonly width?: number;
  /** Activation inside each phi_i; default `'tanh'`. */
  readonly activation?: Activation;
  /** What names the state at t_c; default an LSTM, as in the paper. See `kklObserver` for a linear filter. */
  readonly recogniser?: Recogniser<R>;
  /**
   * Units of the recognition LSTM, or of the recogniser's hidden layers, >= 1; default 64. The paper searches 32 to
   * 256.
   */
  readonly hidden?: number;
  /** Where block 1 starts; default `'observation'`. */
  readonly anchor?: RecognitionOptions['anchor'];
  /** Runge-Kutta method; default the classic one of order 4. */
  readonly solver?: Solver;
  /** Solver steps in each planned interval, >= 1; default 1. */
  readonly substeps?: number;
  /**
   * `'direct'`: the state recognised at t_c is carried along the whole plan (default). `'recursive'`: after each
   * interval the forecast is read like a measurement and the state recognised anew. @paper A.2
   */
  readonly scheme?: 'direct' | 'recursive';
  /**
   * Length of a typical history in the data's time unit, > 0; scales the LSTM's time input, or the memory of a filter.
   * Default 24.
   */
  readonly timeScale?: number;
}

/**
 * Observable neural ODE: an LSTM reads the whole history into the state z(t_c), the observable normal form (5) carries
 * it along the planned treatments, and block 1 is the forecast.
 * @throws ArgumentError for options outside their ranges.
 * @paper eq. (5), sections 4.2 and 4.3, A.2
 * @example
 * ```ts
 * import {obsNode} from './lib';
 * const {name, config} = obsNode({blocks: 2, solver: undefined});
 * console.log(name, config.blocks, config.solver);   // ObsNODE 2 rk4
 * ```
 */
export function obsNode<R = RecognitionParams>(
  options: ObsNodeOptions<R> = {},
): Network<StateSpaceParams<FieldParams, R>> {
  return stateSpaceNetwork('ObsNODE', {fn: 'obsNode', init: initField, field: observableField}, options);
}

/** How the state moves: what a neural state-space model is made of beside its recognition network. */
export interface FieldStructure<F> {
  /** The function that makes the network, named in its errors. */
  readonly fn: string;
  /** Fresh weights of the field. */
  init(rng: Rng, shape: FieldShape, options: MlpOptions): F;
  /** `[batch, m * dy]`, `[batch, da]` to `[batch, m * dy]`. */
  field(params: Tensors<F>, z: tf.Tensor2D, a: tf.Tensor2D, activation: Activation): tf.Tensor2D;
}

/**
 * A network that recognises a state, moves it by `structure` and reads the forecast off its first `dy` components.
 * @throws ArgumentError for options outside their ranges.
 * @paper sections 4.2 and 4.3; other structures stand in the place of equation (5)
 */
export function stateSpaceNetwork<F, R = RecognitionParams>(
  name: string, structure: FieldStructure<F>, options: ObsNodeOptions<R> = {},
): Network<StateSpaceParams<F, R>> {
  type P = StateSpaceParams<F, R>;
  const {
    blocks = 4, hiddenLayers = 2, width = 64, activation = 'tanh', hidden = 64, anchor = 'observation', solver = rk4,
    substeps = 1, scheme = 'direct', timeScale = 24, recogniser = lstmRecogniser as unknown as Recogniser<R>,
  } = options;
  const {fn} = structure;
  expectWhole(fn, {blocks, width, hidden, substeps});
  expectWhole(fn, {hiddenLayers}, 0);
  expect(['observation', 'corrected'].includes(anchor), {
    fn, argument: 'anchor', expected: "'observation' or 'corrected'", received: anchor,
  });
  expect(['direct', 'recursive'].includes(scheme), {
    fn, argument: 'scheme', expected: "'direct' or 'recursive'", received: scheme,
  });
  expect(timeScale > 0 && Number.isFinite(timeScale), {
    fn, argument: 'timeScale', expected: 'a number > 0', received: timeScale,
  });
  const forecast = (params: Tensors<P>, history: HistoryTensors, plan: PlanTensors): tf.Tensor3D => {
    const {recognition, field: weights} = params as {recognition: Tensors<R>; field: Tensors<F>};
    const settings: Settings<R> = {
      recogniser, field: (z, a) => structure.field(weights, z, a, activation), anchor, timeScale, solver, substeps,
    };
    return (scheme === 'direct' ? direct : recursive)(recognition, history, plan, settings);
  };
  return Object.freeze({
    name,
    information: 'history + plan' as const,
    config: {
      blocks, hiddenLayers, width, activation, hidden, anchor, solver: solver.name, substeps, scheme, timeScale,
      ...recogniser.config,
    },
    init: (rng: Rng, shape: SeriesShape) => ({
      recognition: recogniser.init(fold(rng, 'recognition'), shape, {blocks, hidden}),
      // The last layers start at zero, so the untrained model forecasts a straight line from where it stands.
      field: structure.init(fold(rng, 'field'), {blocks, outcomes: shape.outcomes, treatments: shape.treatments}, {
        hiddenLayers, width, initLast: 'zero',
      }),
    }),
    forecast,
    state: (params: Tensors<P>, history: HistoryTensors) => recogniser.recognise(
      (params as {recognition: Tensors<R>}).recognition, history, {anchor, timeScale},
    ).z,
    loss: (params: Tensors<P>, {history, plan, target}: TrainingBatch) =>
      maskedSquaredError(forecast(params, history, plan), target.outcomes, target.observed),
  });
}

type Settings<R> = RecognitionOptions & RollOutOptions & {
  readonly recogniser: Recogniser<R>;
  readonly field: StateField;
};

/** Recognises once, then integrates over the whole plan. `[B, S, dy]` */
function direct<R>(
  params: Tensors<R>, history: HistoryTensors, plan: PlanTensors, settings: Settings<R>,
): tf.Tensor3D {
  let {z} = settings.recogniser.recognise(params, history, settings);
  return stackBlocks(intervals(plan).map(interval => (z = rollOut(settings.field, z, interval, settings))), history);
}

/** Recognises anew after each interval, from its own forecasts. `[B, S, dy]` */
function recursive<R>(
  params: Tensors<R>, history: HistoryTensors, plan: PlanTensors, settings: Settings<R>,
): tf.Tensor3D {
  const {recogniser} = settings;
  let known = recogniser.recognise(params, history, settings);
  return stackBlocks(intervals(plan).map(interval => {
    const z = rollOut(settings.field, known.z, interval, settings);
    known = recogniser.next(params, known, {outcome: firstBlock(z, history), ...interval}, settings);
    return z;
  }), history);
}

const firstBlock = (z: tf.Tensor2D, {outcomes}: HistoryTensors): tf.Tensor2D =>
  z.slice([0, 0], [z.shape[0], outcomes.shape[2]]);

const stackBlocks = (states: readonly tf.Tensor2D[], history: HistoryTensors): tf.Tensor3D =>
  tf.stack(states.map(z => firstBlock(z, history)), 1) as tf.Tensor3D;
