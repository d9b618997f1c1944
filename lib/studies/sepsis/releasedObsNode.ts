import * as tf from '@tensorflow/tfjs';
import type {SeriesShape} from '../../data/trajectories';
import {fold, type Rng} from '../../math/rng';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../../models/network';
import {intervals} from '../../models/parts/rollOut';
import {
  initLinear, initLstm, initMlp, linear, lstm, maskedSquaredError, mlp, type LinearParams, type LstmParams,
  type MlpParams, type Tensors,
} from '../../nn';

/** Weights of {@link releasedSepsisObsNode}. */
export interface ReleasedSepsisParams {
  readonly lstm: LstmParams;
  /** From the LSTM to block 2. */
  readonly head: LinearParams;
  /** phi_1, of block 1 and the drugs. */
  readonly phi: MlpParams;
}

const HIDDEN = 256, WIDTH = 128, LAYERS = 8;

/**
 * ObsNODE as its authors' program forecasts real patients, for comparison with the published numbers only. Its state
 * has as many blocks as the data have channels, but it is recognised anew after each hour and moved by one Euler step,
 * so that the blocks from the third on never reach a forecast. What remains:
 * - block 1 begins at the last value of every channel, measured or carried forward, static ones among them;
 * - block 2 is read from the LSTM after the *first* hour, so nothing between the first and the last hour is used;
 * - an hour adds block 2 and phi_1(block 1, drugs) to block 1;
 * - forecasts are scored one hour late: that for t_c + s is the state after s - 1 steps, that for s = 1 the last value.
 *   So the drugs are used one hour late, too.
 *
 * The published weights equal a fresh initialisation, since the program's loss gives no gradient: it is to be used as
 * drawn, on standardised data (`learned` with 0 epochs), and `anchored`, which carries the last values forward. What
 * differs: the program lets the hour of the day and the marks of missing statics take part as channels of its own
 * making; here are the channels of the data at hand.
 * @paper Table 3, Figure 4
 */
export function releasedSepsisObsNode(): Network<ReleasedSepsisParams> {
  return Object.freeze({
    name: 'ObsNODE as released',
    information: 'history + plan' as const,
    config: {hidden: HIDDEN, width: WIDTH, hiddenLayers: LAYERS},
    init: (rng: Rng, {outcomes, statics, treatments}: SeriesShape) => ({
      lstm: initLstm(fold(rng, 'lstm'), outcomes + statics, HIDDEN, 'fan-in'),
      head: initLinear(fold(rng, 'head'), HIDDEN, outcomes + statics, 'fan-in'),
      phi: initMlp(fold(rng, 'phi'), outcomes + statics + treatments, outcomes + statics, {
        hiddenLayers: LAYERS, width: WIDTH, init: 'fan-in',
      }),
    }),
    forecast,
    loss: (params: Tensors<ReleasedSepsisParams>, {history, plan, target}: TrainingBatch) =>
      maskedSquaredError(forecast(params, history, plan), target.outcomes, target.observed),
  } satisfies Network<ReleasedSepsisParams>);
}

/** `[B, S, dy]` */
function forecast(
  params: Tensors<ReleasedSepsisParams>, {outcomes, statics, last}: HistoryTensors, plan: PlanTensors,
): tf.Tensor3D {
  const [batch, , dy] = outcomes.shape;
  const channels = (values: tf.Tensor2D) => (statics.shape[1] > 0 ? tf.concat([values, statics], 1) : values);
  const first = channels(outcomes.slice([0, 0, 0], [batch, 1, dy]).squeeze<tf.Tensor2D>([1]));
  const [{hidden}] = lstm(params.lstm, first.expandDims<tf.Tensor3D>(1)), block2 = linear(params.head, hidden);
  const start = channels(tf.sum(tf.mul(outcomes, last.expandDims(2)), 1));
  const states = intervals(plan).slice(0, -1).reduce<tf.Tensor2D[]>((all, {treatment, duration}) => {
    const z = all[all.length - 1], moved = mlp(params.phi, tf.concat([z, treatment], 1), 'leakyrelu');
    return [...all, tf.add<tf.Tensor2D>(z, tf.mul(duration, tf.add<tf.Tensor2D>(block2, moved)))];
  }, [start]);
  return tf.stack(states.map(z => z.slice([0, 0], [batch, dy])), 1) as tf.Tensor3D;
}
