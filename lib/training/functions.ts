import * as tf from '@tensorflow/tfjs';
import type {TensorFunction} from '../graph';
import {leaves, maskedSquaredError, rebuild, type Tensors, type Weight} from '../nn';
import type {HistoryTensors, Network, PlanTensors, TargetTensors, TrainingBatch} from '../models/network';
import {adam, type AdamOptions} from './adam';

/** Names of the arrays of a batch, in the order in which the tensor functions below take them. */
export const HISTORY_INPUTS = ['time', 'outcomes', 'observed', 'treatments', 'last', 'statics'] as const;
export const PLAN_INPUTS = ['duration', 'treatments'] as const;
export const TARGET_INPUTS = ['outcomes', 'observed'] as const;

/** All weights of a tree in one vector, in the order of `leaves`. */
export function flatten(weights: unknown): Float32Array {
  const all = leaves<Weight>(weights);
  const vector = new Float32Array(all.reduce((n, {value}) => n + value.data.length, 0));
  all.reduce((offset, {value}) => (vector.set(value.data, offset), offset + value.data.length), 0);
  return vector;
}

/** The tree of weights shaped like `template` whose numbers stand in `vector`. */
export function unflatten<P>(template: P, vector: Float32Array): P {
  let offset = 0;
  return rebuild(template, leaves<Weight>(template).map(({value: {shape, data}}) =>
    ({shape, data: vector.slice(offset, offset += data.length)}))) as unknown as P;
}

/** The tree of tensors cut from one vector `[P]`. */
export function assemble<P>(template: P, vector: tf.Tensor1D): Tensors<P> {
  const shapes = leaves<Weight>(template).map(({value}) => value.shape as number[]);
  const pieces = shapes.length === 1
    ? [vector]
    : tf.split(vector, shapes.map(shape => shape.reduce((a, b) => a * b, 1)));
  return rebuild(template, pieces.map((piece, i) => piece.reshape(shapes[i]))) as unknown as Tensors<P>;
}

/**
 * `(params, mean, square, schedule, ...batch) -> [loss, params', mean', square']`: forward, gradient and Adam in one
 * function. `schedule [4]` holds Adam's three rates and the share of the training done.
 */
export function trainingStep<P>(network: Network<P>, template: P, options: AdamOptions): TensorFunction {
  return (params, ...rest) => {
    const [mean, square, schedule, ...inputs] = rest;
    const [rates, progress] = tf.split(schedule, [3, 1]) as tf.Tensor1D[];
    const {noise, ...batch} = splitBatch(inputs);
    // The gradient of the cut puts the pieces together again, with zeros for weights that this loss does not reach.
    const {value, grad: gradient} = tf.valueAndGrad(vector =>
      network.loss(assemble(template, vector as tf.Tensor1D), batch, {progress: progress.asScalar(), noise}))(params);
    const next = adam({params, mean, square} as never, gradient as tf.Tensor1D, rates, options);
    return [value, next.params, next.mean, next.square];
  };
}

/** What weights are judged on. */
export interface JudgedBatch {
  /** What is known. */
  readonly history: HistoryTensors;
  /** What is given. */
  readonly plan: PlanTensors;
  /** What came true. */
  readonly target: TargetTensors;
}

/**
 * The error by which weights are chosen on validation data, the smaller the better: a mean over the B rows of a batch,
 * to which rows without targets add nothing.
 */
export type Selection = <P>(network: Network<P>, params: Tensors<P>, batch: JudgedBatch) => tf.Scalar;

/**
 * Squared error of forecasts. Networks that draw are judged by their path without noise: the error of single draws
 * would prefer those that draw too narrowly.
 */
export const squaredError: Selection = (network, params, {history, plan, target}) =>
  maskedSquaredError(network.forecast(params, history, plan), target.outcomes, target.observed);

/** `(params, ...batch) -> [error]` by which weights are chosen. */
export function validationLoss<P>(network: Network<P>, template: P, select: Selection = squaredError): TensorFunction {
  return (params, ...batch) => [select(network, assemble(template, params as tf.Tensor1D), splitBatch(batch))];
}

/** `(params, ...history, ...plan, noise?) -> [mean]`. */
export function forecastFunction<P>(network: Network<P>, template: P): TensorFunction {
  return (params, ...inputs) => {
    const {history, plan, rest: [noise]} = splitInputs(inputs);
    return [
      network.forecast(assemble(template, params as tf.Tensor1D), history, plan, noise as tf.Tensor2D | undefined),
    ];
  };
}

/** `(params, ...history) -> [state]`, for networks that have one. */
export function stateFunction<P>(network: Network<P>, template: P): TensorFunction {
  return (params, ...inputs) =>
    [network.state!(assemble(template, params as tf.Tensor1D), splitInputs(inputs).history)];
}

/** `(params, ...batch) -> [weights]`, for networks that weigh. */
export function weightsFunction<P>(network: Network<P>, template: P): TensorFunction {
  return (params, ...batch) => {
    return [network.rowWeights!(assemble(template, params as tf.Tensor1D), splitBatch(batch))];
  };
}

function splitInputs(
  inputs: readonly tf.Tensor[],
): {history: HistoryTensors; plan: PlanTensors; rest: readonly tf.Tensor[]} {
  const named = (names: readonly string[], from: number) =>
    Object.fromEntries(names.map((name, i) => [name, inputs[from + i]]));
  const planned = HISTORY_INPUTS.length;
  return {
    history: named(HISTORY_INPUTS, 0) as never, plan: named(PLAN_INPUTS, planned) as never,
    rest: inputs.slice(planned + PLAN_INPUTS.length),
  };
}

function splitBatch(batch: readonly tf.Tensor[]): TrainingBatch & {noise?: tf.Tensor2D} {
  const {history, plan, rest: [outcomes, observed, noise]} = splitInputs(batch);
  return {history, plan, target: {outcomes, observed} as TargetTensors, noise: noise as tf.Tensor2D | undefined};
}
