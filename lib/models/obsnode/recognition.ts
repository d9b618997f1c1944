import * as tf from '@tensorflow/tfjs';
import {split, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, initLstm, linear, lstm, lstmStep, zeros, type LinearParams, type LstmParams, type LstmState, type Tensors, type Weight} from '../../nn';
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

export interface RecognitionOptions {
  /**
   * Where block 1 starts. `'observation'`: at the outcome seen at t_c, which is right when outcomes are measured without error;
   * a component that was not measured then is filled in by the network. `'corrected'`: the network may move every component,
   * which allows for measurement noise.
   */
  readonly anchor: 'observation' | 'corrected';
  /** Time since the first outcome enters the LSTM divided by this; > 0, about the length of a history in the data's time unit. */
  readonly timeScale: number;
}

/** What the recognition network knows after the last outcome it has read. */
export interface Recognised {
  /** z(t_c), `[batch, m * dy]` */
  readonly z: tf.Tensor2D;
  readonly memory: LstmState;
  /** The outcome at t_c, missing components imputed. `[batch, dy]` */
  readonly outcome: tf.Tensor2D;
  /** `[batch, dy]`, 1 where it was measured. */
  readonly observed: tf.Tensor2D;
  /** Time since the first outcome. `[batch, 1]` */
  readonly elapsed: tf.Tensor2D;
  /** `[batch, ds]` */
  readonly statics: tf.Tensor2D;
}

/**
 * Approximates the filtering distribution p(z_tc | y_tc, o_[0,tc)) by a point: an LSTM reads the whole history (outcomes with
 * learnable imputation, mask, increments, the treatment that preceded each outcome, time); its memory at t_c and y_tc give z(t_c).
 * @paper section 4.3, A.2
 */
export function recognise(params: Tensors<RecognitionParams>, history: HistoryTensors, options: RecognitionOptions): Recognised {
  const {outcomes, observed, treatments, time, last, statics} = history, [batch, length] = time.shape;
  const imputed = impute(params.imputation, outcomes, observed);
  const elapsed = tf.sub(time, time.slice([0, 0], [batch, 1])).expandDims<tf.Tensor3D>(2);
  const states = lstm(params.lstm, inputs({
    outcome: imputed, observed, before: delayed(imputed), observedBefore: delayed(observed), elapsed,
    // Treatment k acts after outcome k, so outcome k is read together with treatment k - 1, which shaped it.
    treatment: delayed(treatments), statics: tf.tile(statics.expandDims<tf.Tensor3D>(1), [1, length, 1]),
  }, options.timeScale) as tf.Tensor3D);
  const atDecision = (perTime: tf.Tensor): tf.Tensor2D => tf.sum(tf.mul(perTime, last.expandDims(2)), 1);
  const memory = {hidden: atDecision(tf.stack(states.map(s => s.hidden), 1)), cell: atDecision(tf.stack(states.map(s => s.cell), 1))};
  const now = {outcome: atDecision(imputed), observed: atDecision(observed)};
  return {...now, memory, statics, elapsed: atDecision(elapsed), z: state(params, memory.hidden, now, options)};
}

/**
 * Reads one more outcome, a fully known one, e.g. the model's own forecast in the recursive scheme.
 * @param treatment `[batch, da]`, what was given since the outcome before
 * @param duration `[batch, 1]`, time since then
 * @paper A.2
 */
export function recogniseNext(params: Tensors<RecognitionParams>, before: Recognised, outcome: tf.Tensor2D, treatment: tf.Tensor2D, duration: tf.Tensor2D, options: RecognitionOptions): Recognised {
  const observed = tf.onesLike(outcome), elapsed = tf.add<tf.Tensor2D>(before.elapsed, duration), {statics} = before;
  const input = inputs({outcome, observed, before: before.outcome, observedBefore: before.observed, treatment, elapsed, statics}, options.timeScale);
  const memory = lstmStep(params.lstm, input as tf.Tensor2D, before.memory);
  return {memory, outcome, observed, elapsed, statics, z: state(params, memory.hidden, {outcome, observed}, options)};
}

/** y * I + b * (1 - I): outcomes where they were measured, `b` elsewhere. @paper A.2 */
export function impute<T extends tf.Tensor>(b: tf.Tensor, outcomes: T, observed: T): T {
  return tf.add(tf.mul(outcomes, observed), tf.mul(b, tf.sub(1, observed)));
}

function state(params: Tensors<RecognitionParams>, hidden: tf.Tensor2D, {outcome, observed}: {outcome: tf.Tensor2D; observed: tf.Tensor2D}, {anchor}: RecognitionOptions): tf.Tensor2D {
  const head = linear(params.head, tf.concat([hidden, outcome], 1)), [batch, dim] = head.shape, dy = outcome.shape[1];
  if (anchor === 'corrected') return tf.add(head, tf.pad(outcome, [[0, 0], [0, dim - dy]]));
  const first = impute(head.slice([0, 0], [batch, dy]), outcome, observed);
  return dim === dy ? first : tf.concat([first, head.slice([0, dy], [batch, dim - dy])], 1);
}

/**
 * Increments of standardised outcomes are small beside the outcomes, yet they carry what is to be learned: growth and response to
 * treatment. Multiplied by this they reach the LSTM at a similar size.
 */
const INCREMENT_SCALE = 5;

/** What the LSTM reads, `[..., 3 dy + da + ds + 1]`; every part has the same leading dimensions. */
function inputs(now: {outcome: tf.Tensor; observed: tf.Tensor; before: tf.Tensor; observedBefore: tf.Tensor; treatment: tf.Tensor; elapsed: tf.Tensor; statics: tf.Tensor}, timeScale: number): tf.Tensor {
  const increments = tf.mul(tf.sub(now.outcome, now.before), tf.mul(now.observed, tf.mul(now.observedBefore, INCREMENT_SCALE)));
  const parts = [now.outcome, now.observed, increments, now.treatment, tf.div(now.elapsed, timeScale)];
  if (now.statics.shape[now.statics.rank - 1] > 0) parts.push(now.statics);
  return tf.concat(parts, -1);
}

/** The value one time earlier, 0 at first. */
function delayed(values: tf.Tensor3D): tf.Tensor3D {
  const [batch, length, dim] = values.shape;
  return length === 1 ? tf.zerosLike(values) : tf.pad(values.slice([0, 0, 0], [batch, length - 1, dim]), [[0, 0], [1, 0], [0, 0]]);
}
