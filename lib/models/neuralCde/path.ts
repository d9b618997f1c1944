import * as tf from '@tensorflow/tfjs';
import type {SeriesShape} from '../../data/trajectories';
import {atDecision, delayed, impute, type Reading} from '../parts/features';
import type {HistoryTensors} from '../network';
import type {PathReading} from './field';

/**
 * Increments are small beside the outcomes themselves and are multiplied by this; the path's clock runs to it over a
 * typical history.
 */
const SCALE = 5;

/** What a path starts from when it goes on after t_c. */
export interface PathPoint {
  /** The outcome, missing components imputed. `[batch, dy]` */
  readonly outcome: tf.Tensor2D;
  /** `[batch, dy]`, 1 where it was measured. */
  readonly observed: tf.Tensor2D;
  /** Rate of change: the increment up to this time, 0 unless both ends were measured. `[batch, dy]` */
  readonly rate: tf.Tensor2D;
  /** The treatment that led here. `[batch, da]` */
  readonly treatment: tf.Tensor2D;
}

/** The history as a control path: its first value, its increments, and the end. */
export interface HistoryPath {
  /** `[batch, 2 dy + ds]`: the first outcome, its mask, statics. */
  readonly start: tf.Tensor2D;
  /** L - 1 increments `[batch, c]`, 0 after t_c. */
  readonly increments: readonly tf.Tensor2D[];
  /** The path at t_c. */
  readonly end: PathPoint;
}

/** c, the channels of a history path: outcomes, their counts, their rates, treatments, their integrals, and time. */
export const pathChannels = ({outcomes, treatments}: SeriesShape): number => 3 * outcomes + 2 * treatments + 1;

/** Size of {@link HistoryPath.start}. */
export const pathStart = ({outcomes, statics}: SeriesShape): number => 2 * outcomes + statics;

/**
 * Joins a history into a path, straight between measurements. Channels: outcomes (missing ones imputed), how often each
 * was measured, rates of change, the treatment that led to each time, its integral, and time. At t_c all of it is
 * known; there the path stops, so padding moves nothing. A constant treatment moves its integral, so the state need not
 * remember the dose to feel it.
 * @param imputation `[dy]`, stands in for missing outcomes
 * @param timeScale about the length of a history, in the data's time unit, > 0
 * @param reads with `'path'`, counts and rates stay 0 and outcomes stay where they were last measured
 */
export function historyPath(
  imputation: tf.Tensor, history: HistoryTensors, timeScale: number, reads: PathReading = 'measurements',
): HistoryPath {
  const {time, outcomes, observed, treatments, last, statics} = history, [batch, length] = time.shape;
  const dy = outcomes.shape[2];
  const outcome = (reads === 'path' ? held : impute)(imputation, outcomes, observed) as tf.Tensor3D;
  const counted = reads === 'path' ? tf.zerosLike(observed) : observed;
  const first = <T extends tf.Tensor3D>(x: T) =>
    x.slice([0, 0, 0], [batch, 1, x.shape[2]]).reshape<tf.Tensor2D>([batch, x.shape[2]]);
  const parts = [first(outcome), first(observed)];
  const start = tf.concat(statics.shape[1] > 0 ? [...parts, statics] : parts, 1);
  const before = delayed(outcome), measured = tf.mul<tf.Tensor3D>(counted, delayed(counted));
  const rate = tf.mul<tf.Tensor3D>(tf.sub(outcome, before), measured), treatment = delayed(treatments);
  const end = {
    outcome: atDecision(outcome, last), observed: atDecision(observed, last), rate: atDecision(rate, last),
    treatment: atDecision(treatment, last),
  };
  if (length === 1) return {start, increments: [], end};
  const all = increments(
    {outcome, observed: counted, rate, treatment},
    {outcome: before, rate: delayed(rate), treatment: delayed(treatment)},
    durations(time), timeScale,
  );
  // Known up to and including t_c: the reversed sum of the mark at t_c.
  const known = tf.cumsum(last, 1, false, true).expandDims<tf.Tensor3D>(2);
  const moving = tf.mul<tf.Tensor3D>(all, known)
    .slice([0, 1, 0], [batch, length - 1, 3 * dy + 2 * treatments.shape[2] + 1]);
  return {start, end, increments: length === 2
    ? [moving.reshape<tf.Tensor2D>([batch, moving.shape[2]])]
    : tf.unstack(moving, 1) as tf.Tensor2D[]};
}

/** Outcomes `[batch, L, dy]` where measured, else where they were last; the imputation before any measurement. */
function held(imputation: tf.Tensor, outcomes: tf.Tensor3D, observed: tf.Tensor3D): tf.Tensor3D {
  const [batch, length, dy] = outcomes.shape;
  const at = (x: tf.Tensor3D, k: number) => x.slice([0, k, 0], [batch, 1, dy]).reshape<tf.Tensor2D>([batch, dy]);
  const values: tf.Tensor2D[] = [];
  for (let k = 0; k < length; k++) values.push(impute(values[k - 1] ?? imputation, at(outcomes, k), at(observed, k)));
  return tf.stack(values, 1) as tf.Tensor3D;
}

/** How the path goes on after one more measurement. Returns the increment `[batch, c]` and the new end. */
export function nextIncrement(
  before: PathPoint, {outcome, observed, treatment, duration}: Required<Reading>, timeScale: number,
): {increment: tf.Tensor2D; end: PathPoint} {
  const rate = tf.mul<tf.Tensor2D>(tf.sub(outcome, before.outcome), tf.mul(observed, before.observed));
  const end = {outcome, observed, rate, treatment};
  return {increment: increments(end, before, duration, timeScale) as tf.Tensor2D, end};
}

/**
 * The planned part of a path, which a decoder follows: time, the integrals of the treatments and the treatments.
 * `[batch, 1 + 2 da]`
 * @param before `[batch, da]`, the treatment of the interval before
 * @param duration `[batch, 1]`
 */
export function planIncrement(
  treatment: tf.Tensor2D, before: tf.Tensor2D, duration: tf.Tensor2D, timeScale: number,
): tf.Tensor2D {
  const clock = tf.mul<tf.Tensor2D>(duration, SCALE / timeScale);
  return tf.concat([clock, tf.mul<tf.Tensor2D>(treatment, clock), tf.sub<tf.Tensor2D>(treatment, before)], 1);
}

type Ends<T extends tf.Tensor> = {readonly outcome: T; readonly rate: T; readonly treatment: T};

function increments<T extends tf.Tensor>(
  now: Ends<T> & {readonly observed: T}, before: Ends<T>, duration: T, timeScale: number,
): tf.Tensor {
  const clock = tf.mul(duration, SCALE / timeScale), change = (key: keyof Ends<T>) => tf.sub(now[key], before[key]);
  return tf.concat([
    change('outcome'), tf.div(now.observed, SCALE), tf.mul(change('rate'), SCALE), change('treatment'),
    tf.mul(now.treatment, clock), clock,
  ], -1);
}

/** Length of the interval that ends at each time, 0 at first. `[batch, L, 1]` */
function durations(time: tf.Tensor2D): tf.Tensor3D {
  const [batch, length] = time.shape;
  const between = tf.sub(time.slice([0, 1], [batch, length - 1]), time.slice([0, 0], [batch, length - 1]));
  return tf.pad(between, [[0, 0], [1, 0]]).expandDims<tf.Tensor3D>(2);
}
