import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {
  initLinear, initLstm, linear, lstm, zeros, type LinearParams, type LstmParams, type Tensors, type Weight,
} from '../../nn';
import {insideSeries} from '../parts/decode';
import {atDecision, featureCount, historyFeatures, impute} from '../parts/features';
import type {HistoryTensors, Network, PlanTensors} from '../network';
import {expectNotNegative, expectPositive} from '../parts/options';
import {gaussianLoss} from './gaussian';
import {initTreatedSde, treatedSde, type SdePath, type SdeSettings, type TreatedSdeParams} from './sde';

/** Options of {@link cfOde}. */
export interface CfOdeOptions {
  /** Size of the latent state, >= 1; default 8. The original takes 64. */
  readonly state?: number;
  /** Units in the drift's hidden layers, >= 1; default 32. The original takes 256. */
  readonly width?: number;
  /** Hidden layers of the drift, >= 0; default 2. The original takes 4. */
  readonly hiddenLayers?: number;
  /** Units of the LSTM that reads the history, >= 1; default 48. */
  readonly hidden?: number;
  /** Diffusion of the latent state per square root of a clock unit, > 0; default 0.1, the original's. */
  readonly diffusion?: number;
  /** Rate at which the prior pulls the state to 0, >= 0; default 0.1, the original's. */
  readonly reversion?: number;
  /**
   * Weight of the divergence from the prior at the end of training, >= 0; it rises linearly. Default 0.001, the
   * original's.
   */
  readonly divergence?: number;
  /** Euler-Maruyama steps in each planned interval, >= 1; default 1. */
  readonly substeps?: number;
  /** Length of a typical history in the data's time unit, > 0. Default 24. */
  readonly timeScale?: number;
}

/** Weights of {@link cfOde}. */
export interface CfOdeParams {
  /** Stands in for missing outcomes. `[dy]` */
  readonly imputation: Weight;
  readonly lstm: LstmParams;
  /** From the LSTM's memory to the latent state at t_c. */
  readonly start: LinearParams;
  /** From there to components that were not measured at t_c. */
  readonly guess: LinearParams;
  readonly sde: TreatedSdeParams;
  /** From the latent state to the change of the outcomes. `[state, dy]` */
  readonly readout: Weight;
  /** Logarithm of the outcomes' spread around the read-out. `[dy]` */
  readonly logSd: Weight;
}

/**
 * CF-ODE: an LSTM reads the history into a latent state, which moves by a stochastic differential equation under the
 * planned treatments. Its drift is learned; its distance from a prior that is pulled to 0 is paid for along the path,
 * as in a variational method. Forecasts are draws of that path, so their spread is what the model takes the state to be
 * uncertain of; noise of measurement is not added.
 *
 * The original decides on one treatment at one time and has an LSTM's relative, a GRU, read what was measured before.
 * Here past treatments are read, too, and the treatment in the drift is that of the plan, interval by interval. The
 * spread of outcomes is learned, where the original fixes it, and the likelihood is a mean over times, so that
 * `divergence` weighs the path more than the same number there.
 *
 * What it adjusts for: what the history says about the state at t_c. It is trained directly on all horizons, so that
 * treatments inside the plan, which answered to outcomes there, bias it as they do every direct forecast.
 * @throws ArgumentError for options outside their ranges.
 * @reference De Brouwer, Gonzalez Hernandez, Hyland 2022, Predicting the impact of treatments over time with
 * uncertainty aware neural differential equations, arXiv:2202.11987
 */
export function cfOde(options: CfOdeOptions = {}): Network<CfOdeParams> {
  const settings = checked(options), {divergence, hidden, substeps, state} = settings;
  return Object.freeze({
    name: 'CF-ODE',
    information: 'history + plan' as const,
    config: {...settings},
    noise: (horizon: number) => horizon * substeps * state,
    init: (rng: Rng, shape: SeriesShape) => init(rng, shape, settings, hidden),
    forecast: (params: Tensors<CfOdeParams>, history: HistoryTensors, plan: PlanTensors, noise?: tf.Tensor2D) =>
      run(params, history, plan, {...settings, noise}).forecasts,
    loss(params: Tensors<CfOdeParams>, {history, plan, target}, {progress, noise}) {
      const {forecasts, distance} = run(params, history, plan, {...settings, noise, counts: insideSeries(target)});
      const error = gaussianLoss(forecasts, params.logSd, target);
      return tf.add<tf.Scalar>(error, tf.mul(tf.mean(distance), tf.mul(progress, divergence)));
    },
  } satisfies Network<CfOdeParams>);
}

type Settings = Required<CfOdeOptions> & SdeSettings;

function checked({
  state = 8, width = 32, hiddenLayers = 2, hidden = 48, diffusion = 0.1, reversion = 0.1, divergence = 0.001,
  substeps = 1, timeScale = 24,
}: CfOdeOptions): Settings {
  expectWhole('cfOde', {state, width, hidden, substeps});
  expectWhole('cfOde', {hiddenLayers}, 0);
  expectPositive('cfOde', {diffusion, timeScale});
  expectNotNegative('cfOde', {reversion, divergence});
  return {state, width, hiddenLayers, hidden, diffusion, reversion, divergence, substeps, timeScale};
}

function init(rng: Rng, shape: SeriesShape, {state, width, hiddenLayers}: Settings, hidden: number): CfOdeParams {
  return {
    imputation: zeros([shape.outcomes]),
    lstm: initLstm(fold(rng, 'lstm'), featureCount(shape), hidden),
    start: initLinear(fold(rng, 'start'), hidden + shape.outcomes, state),
    guess: initLinear(fold(rng, 'guess'), state, shape.outcomes),
    sde: initTreatedSde(fold(rng, 'sde'), {state, treatments: shape.treatments, width, hiddenLayers}),
    readout: zeros([state, shape.outcomes]),
    logSd: zeros([shape.outcomes]),
  };
}

/** Forecasts `[B, S, dy]` on one path of the latent state, and its distance from the prior `[B, 1]`. */
function run(
  params: Tensors<CfOdeParams>, history: HistoryTensors, plan: PlanTensors, settings: Settings & SdePath,
): {forecasts: tf.Tensor3D; distance: tf.Tensor2D} {
  const {features, now} = historyFeatures(params.imputation, history, settings.timeScale);
  const memory = atDecision(tf.stack(lstm(params.lstm, features).map(s => s.hidden), 1), history.last);
  const start = linear(params.start, tf.concat([memory, now.outcome], 1));
  const outcome = impute(linear(params.guess, start), now.outcome, now.observed);
  const {states, distance} = treatedSde(params.sde, start, plan, settings), [batch, horizon] = plan.duration.shape;
  const moved = tf.concat(states.map(h => tf.sub<tf.Tensor2D>(h, start)), 0), dy = outcome.shape[1];
  const changes = tf.matMul(moved, params.readout as tf.Tensor2D).reshape<tf.Tensor3D>([horizon, batch, dy]);
  return {forecasts: tf.transpose(tf.add<tf.Tensor3D>(changes, outcome), [1, 0, 2]), distance};
}
