import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, initLstm, linear, lstm, zeros, type LinearParams, type LstmParams, type Tensors, type Weight} from '../../nn';
import type {HistoryTensors} from '../network';

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
  const inputs = 3 * shape.outcomes + shape.treatments + shape.statics + 1;
  return {
    imputation: zeros([shape.outcomes]),
    lstm: initLstm(forLstm, inputs, hidden),
    head: initLinear(forHead, hidden + shape.outcomes, blocks * shape.outcomes),
  };
}

/**
 * Where block 1 starts. `'observation'`: at the outcome seen at t_c, which is right when outcomes are measured without error;
 * a component that was not measured then is filled in by the network. `'corrected'`: the network may move every component,
 * which allows for measurement noise.
 */
export type Anchor = 'observation' | 'corrected';

/**
 * Approximates the filtering distribution p(z_tc | y_tc, o_[0,tc)) by a point: an LSTM reads the whole history (outcomes with
 * learnable imputation, mask, the treatment that preceded each outcome, time); its state at t_c and y_tc give z(t_c).
 * @returns `[batch, m * dy]`
 * @paper section 4.3, A.2
 */
export function recognise(params: Tensors<RecognitionParams>, history: HistoryTensors, anchor: Anchor): tf.Tensor2D {
  const imputed = impute(params.imputation, history.outcomes, history.observed);
  const states = lstm(params.lstm, recognitionInputs(history, imputed));
  const atDecision = (perTime: tf.Tensor3D): tf.Tensor2D => tf.sum(tf.mul(perTime, history.last.expandDims(2)), 1);
  const current = atDecision(imputed);
  const head = linear(params.head, tf.concat([atDecision(tf.stack(states, 1) as tf.Tensor3D), current], 1));
  const [batch, dim] = head.shape, dy = current.shape[1];
  if (anchor === 'corrected') return tf.add(head, tf.pad(current, [[0, 0], [0, dim - dy]]));
  const first = impute(head.slice([0, 0], [batch, dy]), current, atDecision(history.observed));
  return dim === dy ? first : tf.concat([first, head.slice([0, dy], [batch, dim - dy])], 1);
}

/** y * I + b * (1 - I): outcomes where they were measured, `b` elsewhere. @paper A.2 */
export function impute<T extends tf.Tensor>(b: tf.Tensor, outcomes: T, observed: T): T {
  return tf.add(tf.mul(outcomes, observed), tf.mul(b, tf.sub(1, observed)));
}

/**
 * Increments of standardised outcomes are small beside the outcomes, yet they carry what is to be learned: growth and response to
 * treatment. Multiplied by this they reach the LSTM at a similar size, which about halves the steps that training needs.
 */
const INCREMENT_SCALE = 5;

/** `[batch, time, 3 dy + da + ds + 1]`: what the LSTM reads at each time. */
function recognitionInputs(history: HistoryTensors, imputed: tf.Tensor3D): tf.Tensor3D {
  const {observed, treatments, time, statics} = history;
  const length = time.shape[1];
  const increments = tf.mul<tf.Tensor3D>(tf.sub(imputed, delayed(imputed)), tf.mul(observed, tf.mul(delayed(observed), INCREMENT_SCALE)));
  // Treatment k acts after outcome k, so outcome k is read together with treatment k - 1, which shaped it.
  const parts: tf.Tensor3D[] = [imputed, observed, increments, delayed(treatments), time.expandDims(2)];
  if (statics.shape[1] > 0) parts.push(tf.tile(statics.expandDims(1), [1, length, 1]) as tf.Tensor3D);
  return tf.concat(parts, 2);
}

/** The value one time earlier, 0 at first. */
function delayed(values: tf.Tensor3D): tf.Tensor3D {
  const [batch, length, dim] = values.shape;
  return length === 1 ? tf.zerosLike(values) : tf.pad(values.slice([0, 0, 0], [batch, length - 1, dim]), [[0, 0], [1, 0], [0, 0]]);
}
