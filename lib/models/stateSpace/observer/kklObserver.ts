import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../../errors';
import {split, type Rng} from '../../../math/rng';
import type {SeriesShape} from '../../../data/trajectories';
import {
  initLinear, initMlp, linear, mlp, zeros, type Activation, type LinearParams, type MlpParams, type Tensors,
  type Weight,
} from '../../../nn';
import type {HistoryTensors} from '../../network';
import {expectPositive} from '../../parts/options';
import {atDecision, impute, type Reading} from '../../parts/features';
import {placed} from '../obsnode/recognition';
import type {RecognitionOptions, Recogniser, RecogniserSize} from '../recogniser';
import {fading, filtered, orthonormalising, restingFilter, type FilterState} from './filter';

/** Weights of {@link kklObserver}; the filter itself has none. */
export interface KklParams {
  /** b_j, the learnable stand-in for an outcome that was not measured. `[dy]` @paper A.2 */
  readonly imputation: Weight;
  /** From the filter to the state: an affine map ... */
  readonly linear: LinearParams;
  /** ... and a network that bends it, 0 at first. */
  readonly bent: MlpParams;
}

/** Options of {@link kklObserver}. */
export interface KklObserverOptions {
  /**
   * n, poles for each outcome and treatment, 1 to 12; default 6. The theory asks for 2 m + 1 of them to tell all states
   * of m blocks apart.
   */
  readonly poles?: number;
  /** The slowest pole, > 0, in 1/time; default 1/timeScale: it remembers about a whole history. */
  readonly slowest?: number;
  /** The fastest pole, > `slowest`, in 1/time; default 24/timeScale. Poles between are spread geometrically. */
  readonly fastest?: number;
  /** Hidden layers of the network behind the filter, >= 1; default 2. */
  readonly layers?: number;
  /** Activation in it; default `'tanh'`. */
  readonly activation?: Activation;
}

/** What the observer knows after the last outcome it has read. */
export interface Observed {
  /** z(t_c), `[batch, m * dy]` */
  readonly z: tf.Tensor2D;
  readonly filter: FilterState;
  /** `[batch, ds]` */
  readonly statics: tf.Tensor2D;
}

/**
 * A recogniser that is itself an observer: a stable linear filter of outcomes and treatments with fixed poles, exact
 * over irregular gaps, whose state a network turns into z(t_c). A filter forgets its start, so what it holds becomes a
 * function of the system's state, and for nearly all poles one that can be inverted (Kazantzis, Kravaris, Luenberger);
 * with treatments this is shown for systems that are observable under every treatment path.
 * @throws ArgumentError for options outside their ranges; when weights are made: poles that are too near each other
 * @reference Kazantzis and Kravaris 1998, Nonlinear observer design using Lyapunov's auxiliary theorem.
 * doi:10.1016/S0167-6911(98)00017-6
 * @reference Bernard and Andrieu 2019, Luenberger observers for nonautonomous nonlinear systems.
 * doi:10.1109/TAC.2018.2872202
 * @reference Buisson-Fenet et al. 2023, Recognition models to learn dynamics from partial observations with neural
 * ODEs. arXiv:2205.12550
 * @example
 * ```ts
 * import {kklObserver, obsNode} from './lib';
 * console.log(obsNode({recogniser: kklObserver({poles: 4})}).config.poles);   // 4
 * ```
 */
export function kklObserver(
  {poles: count = 6, slowest, fastest, layers = 2, activation = 'tanh'}: KklObserverOptions = {},
): Recogniser<KklParams, Observed> {
  const fn = 'kklObserver';
  expectWhole(fn, {poles: count}, 1, 12);
  expectWhole(fn, {layers});
  if (slowest !== undefined) expectPositive(fn, {slowest});
  if (fastest !== undefined) expectPositive(fn, {fastest});
  const spread = (timeScale: number) => {
    const [from, to] = [slowest ?? 1 / timeScale, fastest ?? 24 / timeScale];
    expect(count === 1 || to / from >= 1.2 ** (count - 1), {
      fn, argument: 'fastest', expected: `at least ${(1.2 ** (count - 1)).toFixed(1)} times slowest`,
      received: [from, to],
      remedy: 'Take fewer poles, or spread them wider: neighbours less than 1.2 times apart cannot be told apart.',
    });
    return Array.from({length: count}, (_, k) => from * (to / from) ** (count > 1 ? k / (count - 1) : 0));
  };
  const recognised = (
    params: Tensors<KklParams>, {filter, statics}: Omit<Observed, 'z'>, observed: tf.Tensor2D,
    options: RecognitionOptions,
  ): Observed => {
    const inputs = features(filter, statics, spread(options.timeScale)), {held: outcome} = filter;
    const bent = mlp(params.bent as Tensors<MlpParams>, inputs, activation);
    const head = tf.add<tf.Tensor2D>(linear(params.linear as Tensors<LinearParams>, inputs), bent);
    return {z: placed(head, {outcome, observed}, options), filter, statics};
  };
  return Object.freeze({
    config: Object.freeze({
      recogniser: 'KKL observer', poles: count, slowest, fastest, layers, recogniserActivation: activation,
    }),
    init(rng: Rng, shape: SeriesShape, {blocks, hidden}: RecogniserSize): KklParams {
      const [forLinear, forBent] = split(rng, 2), inputs = count * (shape.outcomes + shape.treatments + 1)
        + 2 * shape.outcomes + shape.statics;
      const outputs = blocks * shape.outcomes;
      return {
        imputation: zeros([shape.outcomes]), linear: initLinear(forLinear, inputs, outputs),
        bent: initMlp(forBent, inputs, outputs, {hiddenLayers: layers, width: hidden, initLast: 'zero'}),
      };
    },
    recognise(params: Tensors<KklParams>, history: HistoryTensors, options: RecognitionOptions) {
      const filter = filterHistory(history, spread(options.timeScale), params.imputation);
      const {observed, last, statics} = history;
      return recognised(params, {filter, statics}, atDecision(observed, last), options);
    },
    next(params: Tensors<KklParams>, {filter, statics}: Observed, reading: Omit<Reading, 'observed'>,
      options: RecognitionOptions) {
      const observed = tf.onesLike(reading.outcome), poles = tf.tensor1d(spread(options.timeScale));
      return recognised(params, {filter: filtered(filter, {...reading, observed}, poles), statics}, observed, options);
    },
  } satisfies Recogniser<KklParams, Observed>);
}

/**
 * The filter at t_c.
 * @param poles lambda, each > 0, in 1/time @param held stands for an outcome until it is measured, `[dy]`
 */
export function filterHistory(
  {time, outcomes, observed, treatments, last}: HistoryTensors, poles: readonly number[], held: tf.Tensor,
): FilterState {
  const [batch, length, dy] = outcomes.shape, da = treatments.shape[2], lambda = tf.tensor1d([...poles]);
  // Whatever stands after t_c is not read.
  const until = tf.sub<tf.Tensor2D>(1, tf.cumsum(last, 1, true));
  const at = (x: tf.Tensor3D, k: number) =>
    x.slice([0, k, 0], [batch, 1, x.shape[2]]).reshape<tf.Tensor2D>([batch, x.shape[2]]);
  const moment = (x: tf.Tensor2D, k: number) => x.slice([0, k], [batch, 1]);
  let state = restingFilter(batch, {outcomes: dy, treatments: da, poles: poles.length}, held);
  for (let k = 0; k < length; k++) {
    const known = tf.mul<tf.Tensor2D>(at(observed, k), moment(until, k)), none = tf.zeros<tf.Rank.R2>([batch, 1]);
    state = filtered(state, {
      outcome: impute(state.held, at(outcomes, k), known), observed: known,
      treatment: k > 0 ? at(treatments, k - 1) : tf.zeros([batch, da]),
      duration: k > 0 ? tf.sub<tf.Tensor2D>(moment(time, k), moment(time, k - 1)) : none,
    }, lambda);
  }
  return state;
}

/** What the network reads of the filter, of size about 1 where outcomes wander by their sd within a history. */
function features(filter: FilterState, statics: tf.Tensor2D, poles: readonly number[]): tf.Tensor2D {
  const {slopes, doses, held, since, seen, elapsed} = filter, n = poles.length, [batch] = held.shape;
  const apart = tf.transpose(tf.tensor2d(orthonormalising(poles))), middle = Math.sqrt(poles[0] * poles[n - 1]);
  const flat = (x: tf.Tensor3D, scale: number) => {
    const rows = x.reshape<tf.Tensor2D>([batch * x.shape[1], n]);
    return tf.mul<tf.Tensor2D>(tf.matMul(rows, apart), scale).reshape([batch, x.shape[1] * n]) as tf.Tensor2D;
  };
  // How much of each pole's memory has been filled, and how old each outcome is.
  const filled = fading(elapsed, tf.tensor1d([...poles])).reshape<tf.Tensor2D>([batch, n]);
  const age = tf.add<tf.Tensor2D>(tf.mul(since, poles[0]), tf.sub(1, seen));
  const parts = [
    held, age, flat(slopes, 1 / Math.sqrt(middle)), flat(doses, Math.sqrt(middle)), filled,
  ];
  if (statics.shape[1] > 0) parts.push(statics);
  return tf.concat(parts, 1);
}
