import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../../math/rng';
import type {SeriesShape} from '../../../data/trajectories';
import {
  initLinear, initLstm, linear, lstm, lstmStep, zeros, type LinearParams, type LstmParams, type LstmState, type Tensors,
  type Weight,
} from '../../../nn';
import {
  atDecision, featureCount, historyFeatures, impute, nextFeatures, type Known, type Reading,
} from '../../parts/features';
import type {HistoryTensors} from '../../network';

/** Parameters of the recognition network. */
export interface RecognitionParams {
  /** b_j, the learnable stand-in for a missing outcome. `[dy]` @paper A.2 */
  readonly imputation: Weight;
  readonly lstm: LstmParams;
  readonly head: LinearParams;
}

/** Fresh parameters for a state of `blocks * dy` dimensions and an LSTM of `hidden` units. */
export function initRecognition(rng: Rng, shape: SeriesShape, blocks: number, hidden: number): RecognitionParams {
  const [forLstm, forHead] = split(rng, 2);
  return {
    imputation: zeros([shape.outcomes]),
    lstm: initLstm(forLstm, featureCount(shape), hidden),
    head: initLinear(forHead, hidden + shape.outcomes, blocks * shape.outcomes),
  };
}

/** Options of {@link recognise}. */
export interface RecognitionOptions {
  /**
   * Where block 1 starts. `'observation'`: at the outcome seen at t_c, which is right when outcomes are measured
   * without error; a component that was not measured then is filled in by the network. `'corrected'`: the network may
   * move every component, which allows for measurement noise.
   */
  readonly anchor: 'observation' | 'corrected';
  /**
   * Time since the first outcome enters the LSTM divided by this; > 0, about the length of a history in the data's time
   * unit.
   */
  readonly timeScale: number;
}

/** What the recognition network knows after the last outcome it has read. */
export interface Recognised extends Known {
  /** z(t_c), `[batch, m * dy]` */
  readonly z: tf.Tensor2D;
  readonly memory: LstmState;
}

/**
 * Approximates the filtering distribution p(z_tc | y_tc, o_[0,tc)) by a point: an LSTM reads the whole history
 * (outcomes with learnable imputation, mask, increments, the treatment that preceded each outcome, time); its memory at
 * t_c and y_tc give z(t_c).
 * @paper section 4.3, A.2
 */
export function recognise(
  params: Tensors<RecognitionParams>, history: HistoryTensors, options: RecognitionOptions,
): Recognised {
  const {features, now} = historyFeatures(params.imputation, history, options.timeScale), {last} = history;
  const states = lstm(params.lstm, features);
  const memory = {
    hidden: atDecision(tf.stack(states.map(s => s.hidden), 1), last),
    cell: atDecision(tf.stack(states.map(s => s.cell), 1), last),
  };
  return {...now, memory, z: state(params, memory.hidden, now, options)};
}

/**
 * Reads one more outcome, a fully known one, e.g. the model's own forecast in the recursive scheme.
 * @paper A.2
 */
export function recogniseNext(
  params: Tensors<RecognitionParams>, before: Recognised, reading: Omit<Reading, 'observed'>,
  options: RecognitionOptions,
): Recognised {
  const {features, now} = nextFeatures(before, reading, options.timeScale);
  const memory = lstmStep(params.lstm, features, before.memory);
  return {...now, memory, z: state(params, memory.hidden, now, options)};
}

function state(
  params: Tensors<RecognitionParams>, hidden: tf.Tensor2D,
  {outcome, observed}: {outcome: tf.Tensor2D; observed: tf.Tensor2D}, {anchor}: RecognitionOptions,
): tf.Tensor2D {
  const head = linear(params.head, tf.concat([hidden, outcome], 1)), [batch, dim] = head.shape, dy = outcome.shape[1];
  if (anchor === 'corrected') return tf.add(head, tf.pad(outcome, [[0, 0], [0, dim - dy]]));
  const first = impute(head.slice([0, 0], [batch, dy]), outcome, observed);
  return dim === dy ? first : tf.concat([first, head.slice([0, dy], [batch, dim - dy])], 1);
}
