import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {
  initMlp, lstmStep, maskedSquaredError, mlp, stopGradient, zeros, type LstmState, type MlpParams, type Tensors,
  type Weight,
} from '../../nn';
import {decode, type Stepper} from '../parts/decode';
import {encode, initEncoder, type EncoderParams} from '../parts/encoder';
import {nextFeatures, type Known} from '../parts/features';
import type {HistoryTensors, Network, PlanTensors, TargetTensors, TrainingBatch} from '../network';
import {expectPositive} from '../parts/options';

/** Weights of {@link gNet}. */
export interface GNetParams {
  readonly encoder: EncoderParams;
  /** Conditional mean of the next change. */
  readonly mean: MlpParams;
  /** Logarithm of the residual standard deviation of each outcome, divided by `SD_PACE`. `[dy]` */
  readonly spread: Weight;
}

/** Options of {@link gNet}. */
export interface GNetOptions {
  /** Units of the LSTM, >= 1; default 32. The authors of the comparison code take 24. */
  readonly hidden?: number;
  /** Units in the hidden layer of the conditional mean, >= 1; default 48. Theirs has 72. */
  readonly width?: number;
  /**
   * Most outcomes per time the network can be used with, >= 1; default 8. As many random numbers are drawn for every
   * step.
   */
  readonly channels?: number;
  /** Length of a typical history in the data's time unit, > 0. Default 24. */
  readonly timeScale?: number;
}

/**
 * G-Net: the g-formula by simulation. An LSTM learns the distribution of the next outcome given history and treatment;
 * forecasts are roll-outs in which every outcome is drawn from it and fed back, averaged over draws. Adjusts for every
 * confounder in the history, since each step is conditioned on all of it; needs the conditional distributions to be
 * right (here normal residuals of constant size, independent between outcomes, where the authors keep a bank of
 * residuals), and cannot see what was not measured.
 * @throws ArgumentError for options outside their ranges, and in `init` for data of more outcomes than `channels`.
 * @reference Li et al. 2021, G-Net: a recurrent network approach to g-computation for counterfactual prediction under a
 * dynamic treatment regime, arXiv:2003.10551
 */
export function gNet({hidden = 32, width = 48, channels = 8, timeScale = 24}: GNetOptions = {}): Network<GNetParams> {
  expectWhole('gNet', {hidden, width, channels});
  expectPositive('gNet', {timeScale});
  const run = (
    params: Tensors<GNetParams>, history: HistoryTensors, plan: PlanTensors,
    {noise, truth}: {noise?: tf.Tensor2D; truth?: TargetTensors},
  ) =>
    decode<State>(encode(params.encoder, history, timeScale), plan, stepper(params, timeScale, noise), truth).outcomes;
  return Object.freeze({
    name: 'G-Net',
    information: 'history + plan' as const,
    config: {hidden, width, channels, timeScale},
    init(rng: Rng, shape: SeriesShape) {
      expect(shape.outcomes <= channels, {
        fn: 'gNet', argument: 'channels', expected: `at least ${shape.outcomes}, the outcomes of the data`,
        received: channels,
      });
      return init(rng, shape, hidden, width);
    },
    noise: (horizon: number) => horizon * channels,
    forecast: (params: Tensors<GNetParams>, history: HistoryTensors, plan: PlanTensors, noise?: tf.Tensor2D) =>
      run(params, history, plan, {noise}),
    loss(params: Tensors<GNetParams>, {history, plan, target}: TrainingBatch) {
      const means = run(params, history, plan, {truth: target});
      return tf.add(
        maskedSquaredError(means, target.outcomes, target.observed), residualLoss(logSd(params), means, target),
      ) as tf.Scalar;
    },
  });
}

const init = (rng: Rng, shape: SeriesShape, hidden: number, width: number): GNetParams => ({
  encoder: initEncoder(fold(rng, 'encoder'), shape, hidden),
  mean: initMlp(fold(rng, 'mean'), hidden + shape.treatments + 1, shape.outcomes, {
    hiddenLayers: 1, width, initLast: 'zero',
  }),
  spread: zeros([shape.outcomes]),
});

/**
 * Adam moves a weight by no more than the learning rate a step, while residuals may turn out hundreds of times smaller
 * than the outcomes. They start as large as the outcomes and move faster than the other weights, so that draws are
 * never too narrow on the way.
 */
const SD_PACE = 5;

const logSd = ({spread}: Tensors<GNetParams>): tf.Tensor => tf.mul(spread, SD_PACE);

interface State {
  readonly now: Known;
  readonly memory: LstmState;
}

/** Steps along the conditional means, or, given `noise [B, S channels]`, along draws. */
function stepper(params: Tensors<GNetParams>, timeScale: number, noise?: tf.Tensor2D): Stepper<State> {
  const {encoder, mean} = params, [dy] = params.spread.shape, sd = tf.exp(logSd(params));
  return {
    predict({now, memory}, {treatment, duration}, step) {
      const next = tf.add<tf.Tensor2D>(now.outcome, mlp(
        mean, tf.concat([memory.hidden, treatment, tf.div<tf.Tensor2D>(duration, timeScale)], 1), 'elu',
      ));
      return noise ? tf.add(next, tf.mul(sd, noise.slice([0, step * dy], [-1, dy]))) : next;
    },
    read({now: before, memory}, outcome, interval) {
      const {features, now} = nextFeatures(before, {outcome, ...interval}, timeScale);
      return {now, memory: lstmStep(encoder.lstm, features, memory)};
    },
  };
}

/**
 * Adam does not mind the scale of a term, the clipping of the whole gradient does: the residuals must not outweigh the
 * means.
 */
const RESIDUAL_SHARE = 1e-3;

/**
 * Negative log likelihood of the residuals in their standard deviation alone; least where that is their root mean
 * square.
 */
function residualLoss(log: tf.Tensor, means: tf.Tensor3D, {outcomes, observed}: TargetTensors): tf.Scalar {
  const count = tf.maximum(tf.sum(observed, [0, 1]), 1);
  const variance = tf.div(tf.sum(tf.mul(tf.squaredDifference(stopGradient(means), outcomes), observed), [0, 1]), count);
  return tf.mul(
    tf.sum(tf.add(log, tf.mul(tf.mul(variance, tf.exp(tf.mul(log, -2))), 0.5))), RESIDUAL_SHARE,
  ) as tf.Scalar;
}
