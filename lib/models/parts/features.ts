import * as tf from '@tensorflow/tfjs';
import type {SeriesShape} from '../../data/trajectories';
import type {HistoryTensors, TrainingBatch} from '../network';

/** What a learned model reads at one time; every part has the same leading dimensions. */
export interface TimePoint {
  /** `[..., dy]`, missing components imputed. */
  readonly outcome: tf.Tensor;
  /** `[..., dy]`, 1 where measured. */
  readonly observed: tf.Tensor;
  /** `outcome` one time earlier, `[..., dy]`; 0 at first. */
  readonly before: tf.Tensor;
  /** `observed` one time earlier, `[..., dy]`; 0 at first. */
  readonly observedBefore: tf.Tensor;
  /** `[..., da]`: the treatment of the interval that ends here. */
  readonly treatment: tf.Tensor;
  /** `[..., 1]`: time since the first outcome. */
  readonly elapsed: tf.Tensor;
  /** `[..., ds]` */
  readonly statics: tf.Tensor;
}

/** What is known of each unit of a batch at its newest outcome. */
export interface Known {
  /** `[B, dy]`, missing components imputed. */
  readonly outcome: tf.Tensor2D;
  /** `[B, dy]`, 1 where measured. */
  readonly observed: tf.Tensor2D;
  /** Time since the first outcome. `[B, 1]` */
  readonly elapsed: tf.Tensor2D;
  /** `[B, ds]` */
  readonly statics: tf.Tensor2D;
}

/**
 * Increments of standardised outcomes are small beside the outcomes, yet they carry what is to be learned: growth and
 * response to treatment. Multiplied by this they reach a network at a similar size.
 */
const INCREMENT_SCALE = 5;

/** Numbers in the features of one time. */
export const featureCount = ({outcomes, treatments, statics}: SeriesShape): number =>
  3 * outcomes + treatments + statics + 1;

/**
 * What every model with a recurrent or attention encoder reads of one time (neural CDEs read a path of the same
 * measurements): outcome, mask, increment, treatment before, time, statics; `[..., 3 dy + da + 1 + ds]`.
 * @param timeScale time is divided by this; > 0
 */
export function timeFeatures(now: TimePoint, timeScale: number): tf.Tensor {
  const increments =
    tf.mul(tf.sub(now.outcome, now.before), tf.mul(now.observed, tf.mul(now.observedBefore, INCREMENT_SCALE)));
  const parts = [now.outcome, now.observed, increments, now.treatment, tf.div(now.elapsed, timeScale)];
  if (now.statics.shape[now.statics.rank - 1] > 0) parts.push(now.statics);
  return tf.concat(parts, -1);
}

/**
 * Features of every time of a history `[B, L, F]`, and what is known at t_c.
 * @param imputation `[dy]`, stands in for missing outcomes. @paper A.2
 */
export function historyFeatures(
  imputation: tf.Tensor, history: HistoryTensors, timeScale: number,
): {features: tf.Tensor3D; now: Known} {
  const {outcomes, observed, treatments, time, last, statics} = history, [batch, length] = time.shape;
  const outcome = impute(imputation, outcomes, observed);
  const elapsed = tf.sub(time, time.slice([0, 0], [batch, 1])).expandDims<tf.Tensor3D>(2);
  const features = timeFeatures({
    outcome, observed, before: delayed(outcome), observedBefore: delayed(observed), elapsed,
    // Treatment k acts after outcome k, so outcome k is read together with treatment k - 1, which shaped it.
    treatment: delayed(treatments), statics: alongTime(statics, length),
  }, timeScale) as tf.Tensor3D;
  return {features, now: {
    outcome: atDecision(outcome, last), observed: atDecision(observed, last), elapsed: atDecision(elapsed, last),
    statics,
  }};
}

/** One more outcome as a model reads it. */
export interface Reading {
  /** `[B, dy]` */
  readonly outcome: tf.Tensor2D;
  /** `[B, dy]`, 1 where it is known; default everywhere, as for a model's own forecast. */
  readonly observed?: tf.Tensor2D;
  /** `[B, da]`, what was given since the outcome before. */
  readonly treatment: tf.Tensor2D;
  /** `[B, 1]`, time since then. */
  readonly duration: tf.Tensor2D;
}

/** Features `[B, F]` of the time after `before`, and what is known then. */
export function nextFeatures(
  before: Known, {outcome, observed = tf.onesLike(outcome), treatment, duration}: Reading, timeScale: number,
): {features: tf.Tensor2D; now: Known} {
  const elapsed = tf.add<tf.Tensor2D>(before.elapsed, duration), {statics} = before;
  const features = timeFeatures(
    {outcome, observed, before: before.outcome, observedBefore: before.observed, treatment, elapsed, statics},
    timeScale,
  );
  return {features: features as tf.Tensor2D, now: {outcome, observed, elapsed, statics}};
}

/** What came true after t_c, read like a history. */
export interface Continuation {
  /** Features of the times t_c + 1 ... t_c + S. `[B, S, F]` */
  readonly features: tf.Tensor3D;
  /** Outcomes at t_c ... t_c + S - 1, imputed where missing: what each step starts from. `[B, S, dy]` */
  readonly start: tf.Tensor3D;
}

/**
 * Features of the true outcomes after t_c. For training only: it takes the targets, which no forecast has.
 * @param imputation `[dy]`, stands in for missing outcomes
 */
export function continuedFeatures(
  imputation: tf.Tensor, now: Known, {plan, target}: Pick<TrainingBatch, 'plan' | 'target'>, timeScale: number,
): Continuation {
  const outcome = impute(imputation, target.outcomes, target.observed);
  const start = startedWith(now.outcome, outcome);
  const elapsed = tf.add(now.elapsed, tf.cumsum(plan.duration, 1)).expandDims(2);
  const features = timeFeatures({
    outcome, observed: target.observed, before: start, observedBefore: startedWith(now.observed, target.observed),
    treatment: plan.treatments, elapsed, statics: alongTime(now.statics, plan.duration.shape[1]),
  }, timeScale) as tf.Tensor3D;
  return {features, start};
}

/**
 * y * I + b * (1 - I): outcomes where they were measured, `b` elsewhere.
 * @param b broadcasts to the others, `[..., dy]`
 * @paper A.2
 */
export function impute<T extends tf.Tensor>(b: tf.Tensor, outcomes: T, observed: T): T {
  return tf.add(tf.mul(outcomes, observed), tf.mul(b, tf.sub(1, observed)));
}

/** The values at t_c: `[B, L, d]` to `[B, d]`. */
export function atDecision(perTime: tf.Tensor, last: tf.Tensor2D): tf.Tensor2D {
  return tf.sum(tf.mul(perTime, last.expandDims(2)), 1);
}

/** The value one time earlier, 0 at first. `[B, L, d]` */
export function delayed(values: tf.Tensor3D): tf.Tensor3D {
  const [batch, length, dim] = values.shape;
  return length === 1
    ? tf.zerosLike(values)
    : tf.pad(values.slice([0, 0, 0], [batch, length - 1, dim]), [[0, 0], [1, 0], [0, 0]]);
}

/** `first [B, d]`, then all but the last of `later [B, S, d]`. */
export function startedWith(first: tf.Tensor2D, later: tf.Tensor3D): tf.Tensor3D {
  const [batch, steps, dim] = later.shape, head = first.expandDims<tf.Tensor3D>(1);
  return steps === 1 ? head : tf.concat([head, later.slice([0, 0, 0], [batch, steps - 1, dim])], 1);
}

/** `[B, d]` to `[B, length, d]`. */
export const alongTime = (constant: tf.Tensor2D, length: number): tf.Tensor3D =>
  tf.tile(constant.expandDims<tf.Tensor3D>(1), [1, length, 1]);
