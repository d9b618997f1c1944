import * as tf from '@tensorflow/tfjs';
import {handle, meanOverWorkers, type Handle, type InputSpec, type TensorFunction} from '../../lib/graph';
import {rng, split, uniform} from '../../lib/math/rng';

/** Inputs with one row for each unit of the batch. */
export const BATCH_INPUTS: readonly string[] = ['history', 'plan', 'target'];

/** Inputs of the step after this one: its outputs, the next t, and the batch again. */
export function nextInputs(
  step: TrainingStep, outputs: readonly Handle[], t: number, batch: readonly Handle[],
): Handle[] {
  return [...outputs.slice(1, 1 + 3 * step.parameters), handle(Float32Array.of(t), []), ...batch];
}

/** Sizes of a training step of an observable neural ODE; {@link W} is the reference. */
export interface StepSizes {
  readonly batch: number;
  readonly width: number;
  /** Hidden layers of each block's field. */
  readonly layers: number;
  readonly blocks: number;
  readonly outcomes: number;
  readonly treatments: number;
  readonly history: number;
  readonly steps: number;
}

/** Batch 64, two blocks of five hidden layers of 128, LSTM 128 over 10 steps, RK4 over 20 steps. */
export const W: StepSizes = {
  batch: 64, width: 128, layers: 5, blocks: 2, outcomes: 2, treatments: 2, history: 10, steps: 20,
};

/** A training step as plain TensorFlow.js: `(params, m, v, t, batch) -> (loss, params', m', v')`. */
export interface TrainingStep {
  readonly fn: TensorFunction;
  readonly specs: readonly InputSpec[];
  readonly parameters: number;
  /** Values of the inputs, seeded; the last three are history, plan and targets. */
  readonly inputs: readonly Float32Array[];
}

type T2 = tf.Tensor2D;

/** LSTM encoder, observable-normal-form field of MLP blocks, RK4, mean squared error, norm clipping, Adam. */
export function trainingStep(sizes: StepSizes): TrainingStep {
  const shapes = parameterShapes(sizes);
  const n = shapes.length;
  const data = [
    [sizes.batch, sizes.history, sizes.outcomes + sizes.treatments], [sizes.batch, sizes.steps, sizes.treatments],
    [sizes.batch, sizes.steps, sizes.outcomes],
  ];
  const fn = (...inputs: tf.Tensor[]) => {
    const parameters = inputs.slice(0, n), m = inputs.slice(n, 2 * n), v = inputs.slice(2 * n, 3 * n);
    const t = inputs[3 * n];
    const [history, plan, target] = inputs.slice(3 * n + 1) as tf.Tensor3D[];
    const {value, grads} = tf.valueAndGrads((...p: tf.Tensor[]) =>
      loss(p, sizes, {history, plan, target}))(parameters);
    return [meanOverWorkers(value), ...adam(parameters, clip(grads.map(meanOverWorkers), 1), {m, v}, t)];
  };
  const specs = [
    ...['p', 'm', 'v'].flatMap(kind => shapes.map((shape, i) => ({shape, name: `${kind}${i}`}))),
    {shape: [], name: 't'}, ...data.map((shape, i) => ({shape, name: BATCH_INPUTS[i]})),
  ];
  return {fn, specs, parameters: n, inputs: initial(specs.map(s => s.shape), n)};
}

function parameterShapes(s: StepSizes): number[][] {
  const state = s.blocks * s.outcomes;
  const field = Array.from({length: s.blocks}, () => {
    const widths = [state + s.treatments, ...Array<number>(s.layers).fill(s.width), s.outcomes];
    return widths.slice(1).flatMap((out, i) => [[widths[i], out], [out]]);
  });
  return [
    [s.outcomes + s.treatments + s.width, 4 * s.width], [4 * s.width], [s.width, state], [state], ...field.flat(),
  ];
}

/** Uniform weights in +-1/sqrt(fan-in), zero moments, t = 1, data in [-1, 1]. */
function initial(shapes: readonly (readonly number[])[], n: number): Float32Array[] {
  const keys = split(rng(7), shapes.length);
  const draw = (i: number, scale: number) =>
    Float32Array.from(uniform(keys[i], tf.util.sizeFromShape([...shapes[i]])), u => scale * (2 * u - 1));
  return shapes.map((shape, i) => {
    if (i < n) return draw(i, shape.length === 2 ? 1 / Math.sqrt(shape[0]) : 0.1);
    if (i < 3 * n) return new Float32Array(tf.util.sizeFromShape([...shape]));
    return i === 3 * n ? Float32Array.of(1) : draw(i, 1);
  });
}

function loss(
  parameters: tf.Tensor[], s: StepSizes, {history, plan, target}: Record<'history' | 'plan' | 'target', tf.Tensor3D>,
): tf.Scalar {
  const [kernel, bias, readout, offset, ...field] = parameters;
  let z: tf.Tensor = tf.add(tf.matMul(lstm(kernel as T2, bias, history, s), readout as T2), offset);
  const actions = tf.unstack(plan, 1);
  const predictions = actions.map(action => {
    z = rk4(state => vectorField(field, s, state, action), z);
    return tf.slice(z, [0, 0], [s.batch, s.outcomes]);
  });
  return tf.mean(tf.squaredDifference(tf.stack(predictions, 1), target)).asScalar();
}

function lstm(kernel: T2, bias: tf.Tensor, history: tf.Tensor3D, s: StepSizes): T2 {
  let [h, c]: tf.Tensor[] = [tf.zeros([s.batch, s.width]), tf.zeros([s.batch, s.width])];
  for (const x of tf.unstack(history, 1)) {
    const [i, f, g, o] = tf.split(tf.add(tf.matMul(tf.concat([x, h], 1) as T2, kernel), bias), 4, 1);
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
  }
  return h as T2;
}

/** Block i integrates block i + 1; each block has an MLP of the whole state and the treatment. */
function vectorField(field: tf.Tensor[], s: StepSizes, state: tf.Tensor, action: tf.Tensor): tf.Tensor {
  const perBlock = 2 * (s.layers + 1);
  const input = tf.concat([state, action], 1);
  const phi = Array.from({length: s.blocks}, (_, i) => mlp(field.slice(i * perBlock, (i + 1) * perBlock), input));
  const parts = tf.split(state, s.blocks, 1);
  return tf.concat(phi.map((f, i) => (i + 1 < s.blocks ? tf.add(parts[i + 1], f) : f)), 1);
}

function mlp(weights: tf.Tensor[], input: tf.Tensor): tf.Tensor {
  let x = input;
  for (let i = 0; i < weights.length; i += 2) {
    x = tf.add(tf.matMul(x as T2, weights[i] as T2), weights[i + 1]);
    if (i + 2 < weights.length) x = tf.tanh(x);
  }
  return x;
}

function rk4(f: (z: tf.Tensor) => tf.Tensor, z: tf.Tensor): tf.Tensor {
  const k1 = f(z);
  const k2 = f(tf.add(z, tf.mul(k1, 0.5)));
  const k3 = f(tf.add(z, tf.mul(k2, 0.5)));
  const k4 = f(tf.add(z, k3));
  return tf.add(z, tf.mul(tf.addN([k1, tf.mul(k2, 2), tf.mul(k3, 2), k4]), 1 / 6));
}

function clip(grads: tf.Tensor[], limit: number): tf.Tensor[] {
  const norm = tf.sqrt(tf.addN(grads.map(g => tf.sum(tf.square(g)))));
  const scale = tf.minimum(1, tf.div(limit, tf.add(norm, 1e-6)));
  return grads.map(g => tf.mul(g, scale));
}

function adam(p: tf.Tensor[], g: tf.Tensor[], {m, v}: Record<'m' | 'v', tf.Tensor[]>, t: tf.Tensor): tf.Tensor[] {
  const [rate, b1, b2, epsilon] = [1e-3, 0.9, 0.999, 1e-8];
  const m2 = m.map((x, i) => tf.add(tf.mul(x, b1), tf.mul(g[i], 1 - b1)));
  const v2 = v.map((x, i) => tf.add(tf.mul(x, b2), tf.mul(tf.square(g[i]), 1 - b2)));
  const [c1, c2] = [tf.sub(1, tf.pow(b1, t)), tf.sub(1, tf.pow(b2, t))];
  const p2 = p.map((x, i) =>
    tf.sub(x, tf.div(tf.mul(tf.div(m2[i], c1), rate), tf.add(tf.sqrt(tf.div(v2[i], c2)), epsilon))));
  return [...p2, ...m2, ...v2];
}
