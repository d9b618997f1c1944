import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../errors';
import {fold, split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initMlp, mlp, stopGradient, type MlpParams, type Tensors} from '../../nn';
import {activeMean} from '../adjustment/balancing';
import {insideSeries} from '../parts/decode';
import {nextFeatures} from '../parts/features';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../network';
import {intervals} from '../parts/rollOut';
import {expectPositive} from '../parts/options';
import {initTransformer, readHistory, readTimes, readTrue, type TransformerParams} from '../parts/transformer';

/** Weights of {@link igcNet}. */
export interface IgcNetParams {
  readonly transformer: TransformerParams;
  /** Head k - 1 answers for k steps to go. */
  readonly heads: readonly MlpParams[];
}

/** Options of {@link igcNet}. */
export interface IgcNetOptions {
  /**
   * Heads, one for each number of steps to go, >= 1; default 8. Heads beyond the training's horizon are never trained.
   */
  readonly horizon?: number;
  /** Numbers in a token, >= 1; default 24. The authors take 16. */
  readonly dim?: number;
  /** Attention heads, >= 1, a divisor of `dim`; default 2. The authors take 1. */
  readonly heads?: number;
  /** Transformer blocks, >= 1; default 1. The authors take 2. */
  readonly blocks?: number;
  /** Distances from here on are all alike, >= 0; default 15, as the authors. */
  readonly reach?: number;
  /** Units in each head's hidden layer, >= 1; default 24. The authors take 4. */
  readonly width?: number;
  /** Length of a typical history in the data's time unit, > 0. Default 24. */
  readonly timeScale?: number;
}

/**
 * Iterated g-computation: the head for k steps to go learns the mean of what the head for k - 1 steps to go says one
 * time later under the plan; the last head learns outcomes. Each regression is on the treatment that was given and the
 * history before it, so every confounder in the history is adjusted for, without propensities and without simulating
 * outcomes. Needs each regression to be right; errors of one head are handed to the next, and unmeasured confounders
 * stay.
 *
 * The authors fix one plan before training. Here every batch draws plans, those of other rows, and each head is given
 * the treatment now and the rest of the plan, so that one network answers for any plan. A plan longer than there are
 * heads is answered from the network's own forecasts of the first steps, which is exact only where the last head is
 * linear in outcomes.
 * @throws ArgumentError for options outside their ranges.
 * @reference Hess, Frauen, Melnychuk, Feuerriegel 2024, G-transformer for conditional average potential outcome
 * estimation over time, arXiv:2405.21012
 */
export function igcNet(options: IgcNetOptions = {}): Network<IgcNetParams> {
  const {horizon = 8, dim = 24, heads = 2, blocks = 1, reach = 15, width = 24, timeScale = 24} = options;
  expectWhole('igcNet', {horizon, dim, heads, blocks, width});
  expectWhole('igcNet', {reach}, 0);
  expectPositive('igcNet', {timeScale});
  return Object.freeze({
    name: 'IGC-Net',
    information: 'history + plan' as const,
    config: {horizon, dim, heads, blocks, reach, width, timeScale},
    init: (rng: Rng, shape: SeriesShape) => ({
      transformer: initTransformer(fold(rng, 'transformer'), shape, {dim, heads, reach, blocks}),
      heads: split(fold(rng, 'heads'), horizon).map((r, i) =>
        initMlp(r, dim + (i + 1) * (shape.treatments + 1), shape.outcomes, {hiddenLayers: 1, width, initLast: 'zero'})),
    }),
    forecast: (params: Tensors<IgcNetParams>, history: HistoryTensors, plan: PlanTensors) =>
      forecast(params, history, plan, timeScale),
    loss: (params: Tensors<IgcNetParams>, batch: TrainingBatch) => loss(params, batch, timeScale),
  });
}

/**
 * Means of the outcome after all of `steps`, `[B, n, dy]`: from outcomes `start [B, n, dy]`, tokens `[B, n, d]` and
 * treatments with durations `[B, n, da + 1]`.
 */
function answer(
  {heads}: Tensors<IgcNetParams>, start: tf.Tensor3D, tokens: tf.Tensor3D, steps: readonly tf.Tensor3D[],
): tf.Tensor3D {
  const [batch, n, dy] = start.shape, head = heads[steps.length - 1] as Tensors<MlpParams>;
  const change = mlp(head, tf.concat([tokens, ...steps], 2).reshape([batch * n, -1]), 'elu');
  return tf.add(start, change.reshape([batch, n, dy]));
}

/** Treatments beside their durations, `[B, S, da + 1]`. */
const stepsOf = ({treatments, duration}: PlanTensors, timeScale: number): tf.Tensor3D =>
  tf.concat([treatments, tf.div(duration, timeScale).expandDims<tf.Tensor3D>(2)], 2);

function loss(params: Tensors<IgcNetParams>, {history, plan, target}: TrainingBatch, timeScale: number): tf.Scalar {
  const [batch, S] = plan.duration.shape, given = stepsOf(plan, timeScale);
  // Another row's plan says nothing about this row's future, which its own would.
  const drawn = tf.reverse(given, 0);
  const part = <T extends tf.Tensor>(x: T, from: number, n: number): T => x.slice([0, from], [batch, n]);
  const {start, tokens} = readTrue(params.transformer, {history, plan, target}, timeScale);
  const active = insideSeries(target);
  const terms = Array.from({length: Math.min(S, params.heads.length)}, (_, i) => {
    const n = S - i, rest = Array.from({length: i}, (__, j) => part(drawn, j + 1, n));
    const mean = answer(params, part(start, 0, n), part(tokens, 0, n), [part(given, 0, n), ...rest]);
    if (i === 0) return meanSquare(mean, target.outcomes, target.observed);
    const pseudo = stopGradient(answer(params, part(start, 1, n), part(tokens, 1, n), rest));
    return meanSquare(mean, pseudo, tf.mul(tf.onesLike(pseudo), part(active, i, n).expandDims(2)));
  });
  return tf.mean(tf.stack(terms)) as tf.Scalar;
}

/** Mean over what counts, summed over outcomes. */
function meanSquare(predicted: tf.Tensor3D, target: tf.Tensor3D, counts: tf.Tensor3D): tf.Scalar {
  const dy = target.shape[2];
  return tf.mul(activeMean(tf.squaredDifference(predicted, target)
    .reshape([-1]), counts.reshape([-1, 1])), dy) as tf.Scalar;
}

function forecast(
  params: Tensors<IgcNetParams>, history: HistoryTensors, plan: PlanTensors, timeScale: number,
): tf.Tensor3D {
  const {transformer, heads} = params, planned = intervals(plan);
  const steps = tf.split(stepsOf(plan, timeScale), planned.length, 1) as tf.Tensor3D[];
  let {token, memory: past, now} = readHistory(transformer, history, timeScale);
  const outcomes: tf.Tensor3D[] = [];
  for (let s = 1; s <= planned.length; s++) {
    const before = Math.max(0, s - heads.length);
    if (before > 0) {
      const next = nextFeatures(now, {outcome: outcomes[before - 1].squeeze([1]), ...planned[before - 1]}, timeScale);
      now = next.now;
      ({
        out: token, memory: past,
      } = readTimes(transformer, next.features.expandDims(1), tf.ones([now.outcome.shape[0], 1]), {past}));
    }
    outcomes.push(answer(params, now.outcome.expandDims(1), token, steps.slice(before, s)));
  }
  return tf.concat(outcomes, 1);
}
