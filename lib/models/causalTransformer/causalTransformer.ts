import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {
  initLinear, initMlp, linear, maskedSquaredError, mlp, type LinearParams, type MlpParams, type Tensors,
} from '../../nn';
import {balancingLoss, balancingStrength} from '../adjustment/balancing';
import {expectPolicy, initPropensity, type Policy, type PropensityParams} from '../adjustment/propensity';
import {decode, insideSeries, type Stepper} from '../parts/decode';
import {nextFeatures, type Known} from '../parts/features';
import type {HistoryTensors, LossContext, Network, PlanTensors, TrainingBatch} from '../network';
import type {Interval} from '../parts/rollOut';
import {expectNotNegative, expectPositive} from '../parts/options';
import {
  initTransformer, readHistory, readTimes, readTrue, type TransformerMemory, type TransformerParams,
} from '../parts/transformer';

/** Weights of {@link causalTransformer}. */
export interface CausalTransformerParams {
  readonly transformer: TransformerParams;
  readonly representation: LinearParams;
  readonly outcome: MlpParams;
  readonly treatment: PropensityParams;
}

/** Options of {@link causalTransformer}. */
export interface CausalTransformerOptions {
  /** Numbers in a token, >= 1; default 24. The authors take 12. */
  readonly dim?: number;
  /** Attention heads, >= 1, a divisor of `dim`; default 2, as the authors. */
  readonly heads?: number;
  /** Transformer blocks, >= 1; default 1, as the authors. */
  readonly blocks?: number;
  /** Distances from here on are all alike, >= 0; default 15, as the authors. */
  readonly reach?: number;
  /** Size of the balanced representation, >= 1; default 24. The authors take 16. */
  readonly representation?: number;
  /** Units in the outcome head's hidden layer, >= 1; default 48, as the authors. */
  readonly width?: number;
  /**
   * Strength that the balancing term reaches, >= 0; default 0.01. The authors take 0.01 for domain confusion and 1 for
   * the reversed gradient, which this is. 0 leaves the representation unbalanced.
   */
  readonly balance?: number;
  /** What the treatment head takes treatments for; default `'bernoulli'`. */
  readonly policy?: Policy;
  /** Length of a typical history in the data's time unit, > 0. Default 24. */
  readonly timeScale?: number;
}

/**
 * Causal transformer: attention over everything up to now gives a representation from which the next outcome can be
 * told but the treatment cannot; forecasts go on from their own outcomes, one at a time. Adjusts like the CRN for what
 * the history shows of why treatments differ; does not see unmeasured confounders, and balancing may cost information
 * that the outcome needs.
 *
 * One stream of tokens holds what the authors split into three, distances enter as one learned number per head, and
 * balancing reverses the gradient, the authors' own alternative to their confusion loss with averaged weights; no
 * dropout.
 * @throws ArgumentError for options outside their ranges.
 * @reference Melnychuk, Frauen, Feuerriegel 2022, Causal transformer for estimating counterfactual outcomes,
 * arXiv:2204.07258
 */
export function causalTransformer(options: CausalTransformerOptions = {}): Network<CausalTransformerParams> {
  const {
    dim = 24, heads = 2, blocks = 1, reach = 15, representation: r = 24, width = 48, balance = 0.01,
    policy = 'bernoulli', timeScale = 24,
  } = options;
  expectWhole('causalTransformer', {dim, heads, blocks, representation: r, width});
  expectWhole('causalTransformer', {reach}, 0);
  expectNotNegative('causalTransformer', {balance});
  expectPositive('causalTransformer', {timeScale});
  expectPolicy('causalTransformer', policy);
  return Object.freeze({
    name: 'Causal Transformer',
    information: 'history + plan' as const,
    config: {dim, heads, blocks, reach, representation: r, width, balance, policy, timeScale},
    init: (rng: Rng, shape: SeriesShape) => ({
      transformer: initTransformer(fold(rng, 'transformer'), shape, {dim, heads, reach, blocks}),
      representation: initLinear(fold(rng, 'representation'), dim, r),
      outcome: initMlp(fold(rng, 'outcome'), r + shape.treatments + 1, shape.outcomes, {
        hiddenLayers: 1, width, initLast: 'zero',
      }),
      treatment: initPropensity(fold(rng, 'treatment'), r, shape.treatments, {policy}),
    }),
    forecast: (params: Tensors<CausalTransformerParams>, history: HistoryTensors, plan: PlanTensors) =>
      decode(begin(params, history, timeScale), plan, stepper(params, timeScale)).outcomes,
    loss(params: Tensors<CausalTransformerParams>, batch: TrainingBatch, {progress}: LossContext) {
      const {outcomes, representation, treatments} = taught(params, batch, timeScale), {target} = batch;
      const rows = {representation, treatments, active: insideSeries(target).reshape<tf.Tensor2D>([-1, 1])};
      const balancing = balancingLoss(params.treatment, rows, balancingStrength(progress, balance), policy);
      return tf.add(maskedSquaredError(outcomes, target.outcomes, target.observed), balancing) as tf.Scalar;
    },
  });
}

/** Balanced representation of tokens. `[N, d]` to `[N, r]` */
const balanced = ({representation}: Tensors<CausalTransformerParams>, tokens: tf.Tensor): tf.Tensor2D =>
  tf.elu(linear(representation, tokens as tf.Tensor2D));

/** Change until the end of an interval; one row a token. */
function change(
  {outcome}: Tensors<CausalTransformerParams>, representation: tf.Tensor2D, {treatment, duration}: Interval,
  timeScale: number,
): tf.Tensor2D {
  return mlp(outcome, tf.concat([representation, treatment, tf.div<tf.Tensor2D>(duration, timeScale)], 1), 'elu');
}

/** All steps at once, each reading the true outcomes before it; rows are `[B S, ...]`. */
function taught(params: Tensors<CausalTransformerParams>, batch: TrainingBatch, timeScale: number) {
  const {treatments, duration} = batch.plan, [units, steps, da] = treatments.shape, rows = units * steps;
  const {tokens, start} = readTrue(params.transformer, batch, timeScale);
  const representation = balanced(params, tokens.reshape([rows, -1]));
  const interval =
    {treatment: treatments.reshape<tf.Tensor2D>([rows, da]), duration: duration.reshape<tf.Tensor2D>([rows, 1])};
  const changes = change(params, representation, interval, timeScale).reshape([units, steps, -1]);
  return {representation, treatments: interval.treatment, outcomes: tf.add<tf.Tensor3D>(start, changes)};
}

/** What a forecast knows before an interval. */
interface State {
  readonly now: Known;
  readonly memory: TransformerMemory;
  /** `[B, d]`, the newest token. */
  readonly token: tf.Tensor2D;
}

function begin({transformer}: Tensors<CausalTransformerParams>, history: HistoryTensors, timeScale: number): State {
  const {token, ...rest} = readHistory(transformer, history, timeScale);
  return {...rest, token: token.squeeze([1])};
}

function stepper(params: Tensors<CausalTransformerParams>, timeScale: number): Stepper<State> {
  return {
    predict: ({now, token}, interval) =>
      tf.add(now.outcome, change(params, balanced(params, token), interval, timeScale)),
    read({now: before, memory: past}, outcome, interval) {
      const {features, now} = nextFeatures(before, {outcome, ...interval}, timeScale);
      const {out, memory} =
        readTimes(params.transformer, features.expandDims(1), tf.ones([features.shape[0], 1]), {past});
      return {now, memory, token: out.squeeze([1])};
    },
  };
}
