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
import type {RecognitionOptions, Recogniser} from '../recogniser';

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

/** The paper's recognition network. @paper section 4.3, A.2 */
export const lstmRecogniser: Recogniser<RecognitionParams, Recognised> = Object.freeze({
  config: Object.freeze({}),
  init: (rng, shape, {blocks, hidden}) => initRecognition(rng, shape, blocks, hidden),
  recognise, next: recogniseNext,
} satisfies Recogniser<RecognitionParams, Recognised>);

const state = (
  params: Tensors<RecognitionParams>, hidden: tf.Tensor2D, now: Pick<Known, 'outcome' | 'observed'>,
  options: RecognitionOptions,
): tf.Tensor2D => placed(linear(params.head, tf.concat([hidden, now.outcome], 1)), now, options);

/** The state `[batch, m * dy]` from what a network says of it, `head` of that shape: block 1 is put in its place. */
export function placed(
  head: tf.Tensor2D, {outcome, observed}: Pick<Known, 'outcome' | 'observed'>,
  {anchor}: Pick<RecognitionOptions, 'anchor'>,
): tf.Tensor2D {
  const [batch, dim] = head.shape, dy = outcome.shape[1];
  if (anchor === 'corrected') return tf.add(head, tf.pad(outcome, [[0, 0], [0, dim - dy]]));
  const first = impute(head.slice([0, 0], [batch, dy]), outcome, observed);
  return dim === dy ? first : tf.concat([first, head.slice([0, dy], [batch, dim - dy])], 1);
}
