import type * as tf from '@tensorflow/tfjs';
import type {Rng} from '../math/rng';
import type {SeriesShape} from '../data/trajectories';
import type {Information} from './forecaster';
import type {Tensors} from '../nn';

/**
 * A batch of histories, one row a unit and decision time, padded to a common length L. Everything after a row's t_c is
 * 0, so that there is nothing to leak. Values are in the scaler's units.
 */
export interface HistoryTensors {
  /** `[B, L]`: time minus t_c, in the data's time unit; 0 from t_c on. */
  readonly time: tf.Tensor2D;
  /** `[B, L, dy]`, 0 where not observed. */
  readonly outcomes: tf.Tensor3D;
  /** `[B, L, dy]`, 1 where observed. */
  readonly observed: tf.Tensor3D;
  /** `[B, L, da]`: treatment k acts on `(time[k], time[k+1]]`; 0 from t_c on. */
  readonly treatments: tf.Tensor3D;
  /** `[B, L]`, 1 at t_c, else 0. */
  readonly last: tf.Tensor2D;
  /** `[B, ds]` */
  readonly statics: tf.Tensor2D;
}

/** The planned treatments of a batch. */
export interface PlanTensors {
  /** `[B, S]`: length of each planned interval, in the data's time unit. */
  readonly duration: tf.Tensor2D;
  /** `[B, S, da]` */
  readonly treatments: tf.Tensor3D;
}

/** What came true under the plan, with 1 where it was measured and inside the series. */
export interface TargetTensors {
  /** `[B, S, dy]` */
  readonly outcomes: tf.Tensor3D;
  /** `[B, S, dy]` */
  readonly observed: tf.Tensor3D;
}

/** What a training loss reads: histories, the plans that were followed and what came true under them. */
export interface TrainingBatch {
  readonly history: HistoryTensors;
  readonly plan: PlanTensors;
  readonly target: TargetTensors;
}

/** What a training loss may use beside the data. */
export interface LossContext {
  /** Share of the training done, in [0, 1]; for schedules such as that of a balancing term. */
  readonly progress: tf.Scalar;
  /** `[B, n]` standard normal numbers, drawn anew for every step; `n` is what {@link Network.noise} asked for. */
  readonly noise?: tf.Tensor2D;
}

/**
 * A trainable model: plain functions over tensors, so that the same code runs eagerly, recorded and in tests.
 * `P` is a tree of weights; see `learned` in `lib/training` for the forecaster made of it.
 */
export interface Network<P> {
  readonly name: string;
  readonly information: Information;
  /** The settings that it was made with, as plain data. A training is told by what it computes, see `identity`, not by these. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Fresh weights for series of this shape. */
  init(rng: Rng, shape: SeriesShape): P;
  /**
   * How many standard normal numbers one forecast of `horizon` steps takes. Only for networks that draw samples: their
   * forecasts are averaged over draws, and the draws are given as `Forecast.samples`.
   */
  noise?(horizon: number): number;
  /**
   * Means `[B, S, dy]` in the scaler's units, or one draw where the network takes `noise [B, n]`. Without `noise` such
   * a network gives the path on which all of it is 0.
   */
  forecast(params: Tensors<P>, history: HistoryTensors, plan: PlanTensors, noise?: tf.Tensor2D): tf.Tensor3D;
  /** z(t_c) `[B, n]`, from which the forecast is run. Only for networks that have such a state. */
  state?(params: Tensors<P>, history: HistoryTensors): tf.Tensor2D;
  /**
   * Training loss of a batch; a scalar. Weights are chosen by the squared error of `forecast` (without noise) on
   * validation data unless the training says otherwise, for every network alike, so terms that only training needs do
   * not decide.
   */
  loss(params: Tensors<P>, batch: TrainingBatch, context: LossContext): tf.Scalar;
  /** Weights `[B, S]` by which the loss counts each step of each row, 0 where a step does not count. Only for networks that weigh. */
  rowWeights?(params: Tensors<P>, batch: TrainingBatch): tf.Tensor2D;
}
