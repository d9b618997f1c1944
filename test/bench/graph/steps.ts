import * as tf from '@tensorflow/tfjs';
import {handle, type Handle, type InputSpec, type TensorFunction} from '../../../lib/graph';
import {fold, rng, uniform, type Rng} from '../../../lib/math';
import {causalTransformer, crn, obsNode, teCde, type HistoryTensors, type Network} from '../../../lib/models';
import {releasedObsNode, type ReleasedParams} from '../../../lib/studies/cancer';
import {leaves, type Weight} from '../../../lib/nn';
import {adamRates} from '../../../lib/training';
import {inputShapes} from '../../../lib/training/batches';
import {flatten, HISTORY_INPUTS, PLAN_INPUTS, TARGET_INPUTS, trainingStep} from '../../../lib/training/functions';
import {BATCH_INPUTS, nextInputs, trainingStep as referenceStep, W, type StepSizes} from '../../graph/referenceStep';

type Named = readonly (readonly [name: string, shape: readonly number[]])[];

/** The same step for `python/step.py`: which of its losses, with what options, and what the numbers are called. */
export interface PythonStep {
  readonly model: string;
  readonly options: object;
  readonly rate: number;
  readonly clip: number;
  readonly weights: Named;
  readonly batch: Named;
  /** Numbers of all weights, then of the batch. */
  readonly values: readonly Float32Array[];
}

/** A training step that can be run again and again. */
export interface Step {
  readonly fn: TensorFunction;
  readonly specs: readonly InputSpec[];
  /** Values of the inputs of the first run, seeded. */
  readonly inputs: readonly Float32Array[];
  /** Inputs of run t (2, 3, ...), which are outputs of the run before, and the same batch again. */
  next(outputs: readonly Handle[], t: number): Handle[];
  readonly python?: PythonStep;
}

/** Sizes of the workloads made of the reference step. */
export const referenceSizes: Readonly<Record<string, StepSizes>> = {
  W,
  W2: {batch: 500, width: 256, layers: 7, blocks: 1, outcomes: 37, treatments: 2, history: 10, steps: 24},
  small: {...W, width: 32, layers: 2, steps: 10},
};

/** The reference step: an observable neural ODE behind an LSTM. */
export function reference(sizes: StepSizes): Step {
  const step = referenceStep(sizes), from = step.specs.length - BATCH_INPUTS.length;
  const shape = (i: number) => step.specs[i].shape;
  const batch = step.inputs.slice(from).map((data, i) => handle(data, shape(from + i)));
  const layer = (i: number, j: number) => ['weight', 'bias'].map(part => `field.${i}.layers.${j}.${part}`);
  const layers = Array.from({length: sizes.blocks}, (_, i) =>
    Array.from({length: sizes.layers + 1}, (__, j) => layer(i, j)));
  const names = ['kernel', 'bias', 'readout', 'offset', ...layers.flat(2)];
  return {
    ...step,
    next: (outputs, t) => nextInputs(step, outputs, t, batch),
    python: {
      model: 'reference', options: sizes, rate: 1e-3, clip: 1,
      weights: names.map((name, i) => [name, shape(i)] as const),
      batch: BATCH_INPUTS.map((name, i) => [name, shape(from + i)] as const),
      values: [...step.inputs.slice(0, names.length), ...step.inputs.slice(from)],
    },
  };
}

interface ModelStep {
  readonly network: Network<unknown>;
  /** Its name in Python; absent where it has no counterpart there. */
  readonly model?: string;
  readonly size: {readonly batch: number; readonly length: number; readonly horizon: number};
  readonly outcomes: number;
  readonly rate: number;
  /** Largest norm of the gradient; default: none. */
  readonly clip?: number;
  /** Share of the outcomes that are measured. */
  readonly measured: number;
  /** Size of the noise on all weights: layers that start at zero would hide what stands before them from a comparison of losses. */
  readonly noise: number;
}

/** The sizes of the cancer data: 100 patients, 22 observations, 8 steps ahead. */
const cancer = <P>(network: Network<P>, model?: string): ModelStep =>
  ({
    network: network as Network<unknown>, model, size: {batch: 100, length: 22, horizon: 8}, outcomes: 1, rate: 1e-3,
    clip: 1, measured: 0.9, noise: 0.02,
  });

/** Networks of the library with their default sizes, by what their step is made of, and the step of the released program. */
const models: Readonly<Record<string, () => ModelStep>> = {
  'ODE step': () => cancer(obsNode({width: 32, hidden: 48})),
  'LSTM step': () => cancer(crn(), 'crn'),
  'CDE step': () => cancer(teCde(), 'te_cde'),
  'attention step': () => cancer(causalTransformer(), 'causal_transformer'),
  'released step': () => ({
    network: atAllDecisions() as Network<unknown>, model: 'released', size: {batch: 64, length: 24, horizon: 1},
    outcomes: 2, rate: 1e-4, measured: 1, noise: 0,
  }),
};

export const modelSteps: readonly string[] = Object.keys(models);

/** A step of one of the {@link modelSteps}. */
export function modelStep(name: string): Step {
  const {network, model, size, outcomes, rate, clip, measured, noise} = models[name]();
  const series = {outcomes, treatments: 2, statics: 0};
  const template = network.init(rng(3), series), params = perturbed(flatten(template), noise, rng(5));
  const zeros = new Float32Array(params.length);
  const {history, plan, target} = inputShapes(size, series), shapes = [...history, ...plan, ...target];
  const names = [
    HISTORY_INPUTS.map(n => `history.${n}`), PLAN_INPUTS.map(n => `plan.${n}`), TARGET_INPUTS.map(n => `target.${n}`),
  ].flat();
  const data = shapes.map((shape, i) => sample(names[i], shape, fold(rng(4), i), measured));
  const batch = data.map((values, i) => handle(values, shapes[i]));
  const schedule = (t: number) => Float32Array.of(...adamRates(rate, t), 0.5), vector = {shape: [params.length]};
  const weights = leaves<Weight>(template).map(({path, value}) => [path, value.shape] as const);
  return {
    fn: trainingStep(network, template, {clipNorm: clip}),
    specs: [vector, vector, vector, {shape: [4]}, ...shapes.map(shape => ({shape}))],
    inputs: [params, zeros, zeros, schedule(1), ...data],
    next: (outputs, t) => [...outputs.slice(1), handle(schedule(t), [4]), ...batch],
    ...(model ? {python: {
      model, options: network.config, rate, clip: clip ?? Infinity, weights,
      batch: names.map((n, i) => [n, shapes[i]] as const), values: [params, ...data],
    }} : {}),
  };
}

const perturbed = (weights: Float32Array, noise: number, key: Rng): Float32Array => {
  const drawn = uniform(key, weights.length);
  return weights.map((w, i) => w + noise * (2 * drawn[i] - 1));
};

/** Seeded values that a batch may have: times before the decision, at the last observation; the given share observed; outcomes small enough that steps are not chaotic. */
function sample(name: string, shape: readonly number[], key: Rng, measured: number): Float32Array {
  const n = shape.reduce((a, b) => a * b, 1), length = shape[1], drawn = uniform(key, n);
  if (name === 'plan.duration') return new Float32Array(n).fill(1);
  if (name === 'history.time') return Float32Array.from({length: n}, (_, i) => (i % length) - (length - 1));
  if (name === 'history.last') return Float32Array.from({length: n}, (_, i) => Number(i % length === length - 1));
  if (name.endsWith('.observed')) return Float32Array.from(drawn, u => Number(u < measured));
  return Float32Array.from(drawn, u => (name.endsWith('.treatments') ? Number(u > 0.5) : 0.2 * (2 * u - 1)));
}

/** Decision times of one training step of the released program, on series of 24 times. */
const DECISIONS = [4, 8, 12, 16, 20];

/** The released model with the loss of its training step: the mean over all decision times of a series given as one history. */
function atAllDecisions(): Network<ReleasedParams> {
  const network = releasedObsNode();
  return {
    ...network,
    loss: (params, {history}, context) =>
      tf.div(tf.addN(DECISIONS.map(c => network.loss(params, splitAt(history, c), context))), DECISIONS.length),
  };
}

/** What is history at time index c, and what comes after it. */
function splitAt({time, outcomes, observed, treatments, statics}: HistoryTensors, c: number) {
  const [batch, length] = time.shape, later = length - c - 1;
  const cut = (x: tf.Tensor3D, from: number, count: number) => x.slice([0, from, 0], [batch, count, x.shape[2]]);
  return {
    history: {
      time: time.slice([0, 0], [batch, c + 1]), outcomes: cut(outcomes, 0, c + 1), observed: cut(observed, 0, c + 1),
      treatments: cut(treatments, 0, c + 1),
      last: tf.concat2d([tf.zeros([batch, c]), tf.ones([batch, 1])], 1), statics,
    },
    plan: {duration: tf.ones<tf.Rank.R2>([batch, later]), treatments: cut(treatments, c, later)},
    target: {outcomes: cut(outcomes, c + 1, later), observed: tf.onesLike(cut(outcomes, c + 1, later))},
  };
}
