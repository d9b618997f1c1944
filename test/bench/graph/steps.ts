import {handle, type Handle, type InputSpec, type TensorFunction} from '../../../lib/graph';
import {fold, rng, uniform} from '../../../lib/math';
import {causalTransformer, crn, obsNode, teCde, type Network} from '../../../lib/models';
import {adamRates} from '../../../lib/training';
import {inputShapes} from '../../../lib/training/batches';
import {flatten, HISTORY_INPUTS, PLAN_INPUTS, TARGET_INPUTS, trainingStep} from '../../../lib/training/functions';
import {BATCH_INPUTS, nextInputs, trainingStep as referenceStep, W, type StepSizes} from '../../graph/reference-step';

/** A training step that can be run again and again. */
export interface Step {
  readonly fn: TensorFunction;
  readonly specs: readonly InputSpec[];
  /** Values of the inputs of the first run, seeded. */
  readonly inputs: readonly Float32Array[];
  /** Inputs of run t (2, 3, ...), which are outputs of the run before, and the same batch again. */
  next(outputs: readonly Handle[], t: number): Handle[];
}

/** Sizes of the workloads that PyTorch and JAX run too. */
export const referenceSizes: Readonly<Record<string, StepSizes>> = {
  W,
  W2: {batch: 500, width: 256, layers: 7, blocks: 1, outcomes: 37, treatments: 2, history: 10, steps: 24},
  small: {...W, width: 32, layers: 2, steps: 10},
};

/** The reference step: an observable neural ODE behind an LSTM. */
export function reference(sizes: StepSizes): Step {
  const step = referenceStep(sizes);
  const batch = step.inputs.slice(-BATCH_INPUTS.length).map((data, i) => handle(data, step.specs[step.specs.length - BATCH_INPUTS.length + i].shape));
  return {...step, next: (outputs, t) => nextInputs(step, outputs, t, batch)};
}

/** Networks of the library with their default sizes, by what their step is made of. */
const networks: Readonly<Record<string, () => Network<unknown>>> = {
  'ODE step': () => obsNode({width: 32, hidden: 48}) as Network<unknown>,
  'LSTM step': () => crn() as Network<unknown>,
  'CDE step': () => teCde() as Network<unknown>,
  'attention step': () => causalTransformer() as Network<unknown>,
};

export const modelSteps: readonly string[] = Object.keys(networks);

/** A step of one of the {@link modelSteps} in the sizes of the cancer data: 100 patients, 22 observations, 8 steps ahead. */
export function modelStep(name: string): Step {
  const network = networks[name](), size = {batch: 100, length: 22, horizon: 8}, series = {outcomes: 1, treatments: 2, statics: 0};
  const template = network.init(rng(3), series), params = flatten(template), zeros = new Float32Array(params.length);
  const {history, plan, target} = inputShapes(size, series), shapes = [...history, ...plan, ...target];
  const names = [...HISTORY_INPUTS, ...PLAN_INPUTS, ...TARGET_INPUTS], data = shapes.map((shape, i) => sample(names[i], shape, i));
  const batch = data.map((values, i) => handle(values, shapes[i]));
  const schedule = (t: number) => Float32Array.of(...adamRates(1e-3, t), 0.5);
  const vector = {shape: [params.length]};
  return {
    fn: trainingStep(network, template, {clipNorm: 1}),
    specs: [vector, vector, vector, {shape: [4]}, ...shapes.map(shape => ({shape}))],
    inputs: [params, zeros, zeros, schedule(1), ...data],
    next: (outputs, t) => [...outputs.slice(1), handle(schedule(t), [4]), ...batch],
  };
}

/** Seeded values that a batch may have: times before the decision, at the last observation; everything observed; numbers in [-1, 1]. */
function sample(name: string, shape: readonly number[], index: number): Float32Array {
  const n = shape.reduce((a, b) => a * b, 1), length = shape[1];
  if (name === 'observed' || name === 'duration') return new Float32Array(n).fill(1);
  if (name === 'time') return Float32Array.from({length: n}, (_, i) => (i % length) - (length - 1));
  if (name === 'last') return Float32Array.from({length: n}, (_, i) => Number(i % length === length - 1));
  const drawn = uniform(fold(rng(4), index), n);
  return Float32Array.from(drawn, u => (name === 'treatments' ? Number(u > 0.5) : 2 * u - 1));
}
