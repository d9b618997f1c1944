import * as tf from '@tensorflow/tfjs';
import {impute} from './features';
import type {PlanTensors, TargetTensors} from '../network';
import {intervals, type Interval} from './rollOut';

/** How a decoder steps through a plan; `S` is what it remembers. */
export interface Stepper<S> {
  /** Outcome `[B, dy]` at the end of an interval, given the state before it. */
  predict(state: S, interval: Interval, step: number): tf.Tensor2D;
  /** The state once the outcome at the end of the interval is known, or taken to be what was predicted. */
  read(state: S, outcome: tf.Tensor2D, interval: Interval): S;
}

/** The path of a decoder. */
export interface Decoded<S> {
  /** `[B, S, dy]` */
  readonly outcomes: tf.Tensor3D;
  /** The state before each interval. */
  readonly states: readonly S[];
}

/**
 * Steps through a plan. Given `truth` (in training) every step reads the outcome that came true where it was measured;
 * elsewhere, and whenever there is no truth (in forecasts), the decoder reads its own prediction.
 */
export function decode<S>(start: S, plan: PlanTensors, {predict, read}: Stepper<S>, truth?: TargetTensors): Decoded<S> {
  const states: S[] = [], outcomes: tf.Tensor2D[] = [];
  intervals(plan).forEach((interval, step, all) => {
    const state =
      step === 0 ? start : read(states[step - 1], reached(outcomes[step - 1], step - 1, truth), all[step - 1]);
    states.push(state);
    outcomes.push(predict(state, interval, step));
  });
  return {outcomes: tf.stack(outcomes, 1) as tf.Tensor3D, states};
}

function reached(predicted: tf.Tensor2D, step: number, truth: TargetTensors | undefined): tf.Tensor2D {
  if (!truth) return predicted;
  const at = (values: tf.Tensor3D) => values.slice([0, step, 0], [-1, 1, -1]).squeeze<tf.Tensor2D>([1]);
  return impute(predicted, at(truth.outcomes), at(truth.observed));
}

/** 1 for the steps that lie inside the series: something is measured then or later. `[B, S]` */
export function insideSeries({observed}: TargetTensors): tf.Tensor2D {
  return tf.minimum(tf.cumsum(tf.sum(observed, 2), 1, false, true), 1) as tf.Tensor2D;
}
