import * as tf from '@tensorflow/tfjs';
import type {TensorFunction} from '../graph';
import {leaves, rebuild, type Tensors, type Weight} from '../nn';
import type {HistoryTensors, Network, PlanTensors, TargetTensors} from '../models/network';
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
function assemble<P>(template: P, vector: tf.Tensor1D): Tensors<P> {
  const shapes = leaves<Weight>(template).map(({value}) => value.shape as number[]);
  const pieces = shapes.length === 1 ? [vector] : tf.split(vector, shapes.map(shape => shape.reduce((a, b) => a * b, 1)));
  return rebuild(template, pieces.map((piece, i) => piece.reshape(shapes[i]))) as unknown as Tensors<P>;
}

/** `(params, mean, square, rates, ...batch) -> [loss, params', mean', square']`: forward, gradient and Adam in one function. */
export function trainingStep<P>(network: Network<P>, template: P, options: AdamOptions): TensorFunction {
  return (params, mean, square, rates, ...batch) => {
    // The gradient of the cut puts the pieces together again, with zeros for weights that this loss does not reach.
    const {value, grad: gradient} = tf.valueAndGrad(vector => network.loss(assemble(template, vector as tf.Tensor1D), ...splitBatch(batch)))(params);
    const next = adam({params, mean, square} as never, gradient as tf.Tensor1D, rates as tf.Tensor1D, options);
    return [value, next.params, next.mean, next.square];
  };
}

/** `(params, ...batch) -> [loss]`. */
export function lossFunction<P>(network: Network<P>, template: P): TensorFunction {
  return (params, ...batch) => [network.loss(assemble(template, params as tf.Tensor1D), ...splitBatch(batch))];
}

/** `(params, ...history, ...plan) -> [mean]`. */
export function forecastFunction<P>(network: Network<P>, template: P): TensorFunction {
  return (params, ...inputs) => [network.forecast(assemble(template, params as tf.Tensor1D), ...splitInputs(inputs))];
}

function splitInputs(inputs: readonly tf.Tensor[]): [HistoryTensors, PlanTensors] {
  const named = (names: readonly string[], from: number) => Object.fromEntries(names.map((name, i) => [name, inputs[from + i]]));
  return [named(HISTORY_INPUTS, 0) as never, named(PLAN_INPUTS, HISTORY_INPUTS.length) as never];
}

function splitBatch(batch: readonly tf.Tensor[]): [HistoryTensors, PlanTensors, TargetTensors] {
  const from = HISTORY_INPUTS.length + PLAN_INPUTS.length;
  return [...splitInputs(batch), {outcomes: batch[from], observed: batch[from + 1]} as TargetTensors];
}
