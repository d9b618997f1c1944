import * as tf from '@tensorflow/tfjs';
import {fold, type Rng} from '../../math/rng';
import {rk4ThreeEighths} from '../../ode';
import type {SeriesShape} from '../../data';
import {initLinear, initLstm, linear, lstm, type LinearParams, type LstmParams, type Tensors} from '../../nn';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../../models/network';
import {initField, observableField, type FieldParams} from '../../models/stateSpace/obsnode/field';
import {intervals, rollOut} from '../../models/parts/rollOut';

/** Weights of {@link releasedObsNode}. */
export interface ReleasedParams {
  readonly lstm: LstmParams;
  readonly head: LinearParams;
  readonly field: FieldParams;
}

/** Sizes of the released cancer model. */
export const RELEASED =
  Object.freeze({outcomes: 2, treatments: 2, blocks: 2, hidden: 128, width: 128, hiddenLayers: 5});
const {blocks: BLOCKS, hidden: HIDDEN, width: WIDTH, hiddenLayers: LAYERS} = RELEASED;

/**
 * ObsNODE as its authors' program computes it, for comparison with the published numbers only. It differs from the
 * paper in that
 * - block 2 is read from the LSTM after the *first* outcome, so nothing between the first and the last outcome is used;
 * - the treatment given just before t_c is held for the whole forecast: the plan is never looked at;
 * - forecasts are scored one step late: what is called the forecast for t_c + s is the state after s - 1 steps,
 *   so the one for s = 1 is the last outcome itself;
 * - phi_1 is not trained.
 * The published weights of the cancer experiments equal a fresh initialisation, so the variant is used untrained and on
 * data in their own units (see `untrained`). `loss` is the released one; `learned` trains with it on standardised data,
 * which the program did not use.
 */
export function releasedObsNode(): Network<ReleasedParams> {
  return Object.freeze({
    name: 'ObsNODE as released',
    information: 'history' as const,
    config: {blocks: BLOCKS, hidden: HIDDEN, width: WIDTH, hiddenLayers: LAYERS},
    init,
    forecast(params: Tensors<ReleasedParams>, history: HistoryTensors, plan: PlanTensors) {
      const z = initialState(params, history), [batch, horizon] = plan.duration.shape, dy = z.shape[1] / BLOCKS;
      const start = z.slice([0, 0], [batch, dy]).expandDims<tf.Tensor3D>(1);
      if (horizon === 1) return start;
      const later = roll(params, z, treatmentBefore(history), firstSteps(plan, horizon - 1));
      return tf.concat([start, later], 1);
    },
    loss(params: Tensors<ReleasedParams>, {history, plan, target}: TrainingBatch) {
      const [batch, horizon] = plan.duration.shape, da = plan.treatments.shape[2];
      const held = plan.treatments.slice([0, 0, 0], [batch, 1, da]).squeeze<tf.Tensor2D>([1]);
      const predicted = roll(params, initialState(params, history), held, firstSteps(plan, horizon));
      return relativeError(predicted, outcomeAt(history), target.outcomes, target.observed);
    },
  } satisfies Network<ReleasedParams>);
}

function init(rng: Rng, shape: SeriesShape): ReleasedParams {
  const {outcomes, treatments} = shape;
  return {
    lstm: initLstm(fold(rng, 'lstm'), outcomes, HIDDEN, 'fan-in'),
    head: initLinear(fold(rng, 'head'), HIDDEN, (BLOCKS - 1) * outcomes, 'fan-in'),
    field: initField(fold(rng, 'field'), {blocks: BLOCKS, outcomes, treatments}, {
      hiddenLayers: LAYERS, width: WIDTH, init: 'fan-in',
    }),
  };
}

/** The last outcome, and block 2 from the first one. */
function initialState(params: Tensors<ReleasedParams>, history: HistoryTensors): tf.Tensor2D {
  const [batch, , dy] = history.outcomes.shape;
  const [first] = lstm(params.lstm, history.outcomes.slice([0, 0, 0], [batch, 1, dy]));
  return tf.concat([outcomeAt(history), linear(params.head, first.hidden)], 1);
}

const outcomeAt = ({outcomes, last}: HistoryTensors): tf.Tensor2D => tf.sum(tf.mul(outcomes, last.expandDims(2)), 1);

/** The treatment of the step that ends at t_c. */
function treatmentBefore({treatments, last}: HistoryTensors): tf.Tensor2D {
  const [batch, length] = last.shape;
  const before = tf.pad(last.slice([0, 1], [batch, length - 1]), [[0, 0], [0, 1]]);
  return tf.sum(tf.mul(treatments, before.expandDims(2)), 1);
}

const firstSteps = ({duration}: PlanTensors, steps: number): tf.Tensor2D =>
  duration.slice([0, 0], [duration.shape[0], steps]);

/** States under a treatment that is held, at the ends of intervals of `duration [batch, steps]`. */
function roll({field}: Tensors<ReleasedParams>, z: tf.Tensor2D, held: tf.Tensor2D, duration: tf.Tensor2D): tf.Tensor3D {
  const [batch, steps] = duration.shape;
  const everyStep: PlanTensors = {duration, treatments: tf.tile(held.expandDims<tf.Tensor3D>(1), [1, steps, 1])};
  const nets = [
    ...field.slice(0, -1).map(phi => ({layers: phi.layers.map(frozen)})), field[field.length - 1],
  ] as Tensors<FieldParams>;
  const states = intervals(everyStep).map(interval => (z = rollOut((state, a) =>
    observableField(nets, state, a, 'tanh'), z, interval, {solver: rk4ThreeEighths, substeps: 1})));
  return tf.stack(states.map(state => state.slice([0, 0], [batch, z.shape[1] / BLOCKS])), 1) as tf.Tensor3D;
}

/** The released program does not register these networks with its optimiser. */
const frozen = ({weight, bias}: Tensors<LinearParams>) =>
  ({weight: withoutGradient(weight), bias: withoutGradient(bias)});

const withoutGradient = tf.customGrad(x =>
  ({value: (x as tf.Tensor).clone(), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy)})) as (x: tf.Tensor) => tf.Tensor;

/**
 * Window length times the trapezoid integral of the squared error over that of the squared outcome, t_c (error 0)
 * included.
 */
function relativeError(
  predicted: tf.Tensor3D, current: tf.Tensor2D, target: tf.Tensor3D, observed: tf.Tensor3D,
): tf.Scalar {
  const steps = tf.sum(observed, 1);
  const isLast = tf.sub(observed, tf.pad(observed.slice([0, 1, 0], [-1, -1, -1]), [[0, 0], [0, 1], [0, 0]]));
  const trapezoid = (values: tf.Tensor3D, first: tf.Tensor2D | 0) =>
    tf.add(tf.sum(tf.mul(values, tf.sub(observed, tf.mul(isLast, 0.5))), 1), first === 0 ? 0 : tf.mul(first, 0.5));
  // A row without measurements adds nothing instead of 0 / 0.
  const ratio = tf.div(trapezoid(tf.squaredDifference(predicted, target), 0), tf.add(
    trapezoid(tf.square(target), tf.square(current)), 1e-12,
  ));
  return tf.mean(tf.mul(steps, ratio)) as tf.Scalar;
}
