import * as tf from '@tensorflow/tfjs';
import type {Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLstm, lstm, zeros, type LstmParams, type LstmState, type Tensors, type Weight} from '../../nn';
import {atDecision, featureCount, historyFeatures, type Known} from './features';
import type {HistoryTensors} from '../network';

/** An LSTM that reads a history. */
export interface EncoderParams {
  /** b_j, the learnable stand-in for a missing outcome. `[dy]` @paper A.2 */
  readonly imputation: Weight;
  readonly lstm: LstmParams;
}

/** Fresh parameters of an LSTM of `hidden` units. */
export function initEncoder(rng: Rng, shape: SeriesShape, hidden: number): EncoderParams {
  return {imputation: zeros([shape.outcomes]), lstm: initLstm(rng, featureCount(shape), hidden)};
}

/** What was read, and what the LSTM remembers of it, at t_c. */
export interface Encoded {
  readonly now: Known;
  readonly memory: LstmState;
}

/** Reads a history up to t_c. */
export function encode(params: Tensors<EncoderParams>, history: HistoryTensors, timeScale: number): Encoded {
  const {features, now} = historyFeatures(params.imputation, history, timeScale);
  const states = lstm(params.lstm, features);
  const remembered = (part: 'hidden' | 'cell') => atDecision(tf.stack(states.map(s => s[part]), 1), history.last);
  return {now, memory: {hidden: remembered('hidden'), cell: remembered('cell')}};
}
