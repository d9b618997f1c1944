import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {
  initLinear, initLstm, initMlp, linear, lstmStep, maskedSquaredError, mlp, type LinearParams, type LstmParams,
  type LstmState, type MlpParams, type Tensors,
} from '../../nn';
import {balancingLoss, balancingStrength} from '../adjustment/balancing';
import {expectPolicy, initPropensity, type Policy, type PropensityParams} from '../adjustment/propensity';
import {decode, insideSeries, type Stepper} from '../parts/decode';
import {encode, initEncoder, type EncoderParams} from '../parts/encoder';
import {featureCount, nextFeatures, type Known} from '../parts/features';
import type {HistoryTensors, LossContext, Network, PlanTensors, TargetTensors, TrainingBatch} from '../network';
import type {Interval} from '../parts/rollOut';
import {expectNotNegative, expectPositive} from '../parts/options';

/** One half of a CRN: what makes the representation, and the two heads on it. */
interface Half {
  readonly representation: LinearParams;
  readonly outcome: MlpParams;
  readonly treatment: PropensityParams;
}

/** Weights of {@link crn}. */
export interface CrnParams {
  readonly encoder: EncoderParams;
  readonly first: Half;
  readonly decoder: LstmParams;
  readonly later: Half;
}

/** Options of {@link crn}. */
export interface CrnOptions {
  /** Units of the encoder's LSTM, >= 1; default 32. The authors take 24. */
  readonly hidden?: number;
  /** Size of the balanced representation and of the decoder's LSTM, >= 1; default 24. The authors take 12 or 24. */
  readonly representation?: number;
  /** Units in the outcome head's hidden layer, >= 1; default 32. The authors take 36. */
  readonly width?: number;
  /**
   * Strength that the balancing term reaches, >= 0; default 0.01. The authors take 1, which outweighs the error where
   * outcomes hardly scatter. 0 leaves the representation unbalanced.
   */
  readonly balance?: number;
  /** What the treatment head takes treatments for; default `'bernoulli'`. */
  readonly policy?: Policy;
  /** Length of a typical history in the data's time unit, > 0. Default 24. */
  readonly timeScale?: number;
}

/**
 * Counterfactual recurrent network: an LSTM reads the history into a representation from which the outcome can be told
 * but the treatment that comes next cannot; a second LSTM, started from it, goes on along the plan, one outcome at a
 * time. Adjusts for the difference between units that did and did not get a treatment, as far as their history shows
 * it. What balancing removes may be what the outcome depends on, and unmeasured confounders stay.
 *
 * The authors train encoder and decoder one after the other and drop units at random; here both are trained together,
 * without dropout.
 * @throws ArgumentError for options outside their ranges.
 * @reference Bica, Alaa, Jordon, van der Schaar 2020, Estimating counterfactual treatment outcomes over time through
 * adversarially balanced representations, arXiv:2002.04083
 */
export function crn(options: CrnOptions = {}): Network<CrnParams> {
  const {hidden = 32, representation = 24, width = 32, balance = 0.01, policy = 'bernoulli', timeScale = 24} = options;
  expectWhole('crn', {hidden, representation, width});
  expectNotNegative('crn', {balance});
  expectPositive('crn', {timeScale});
  expectPolicy('crn', policy);
  const run = (params: Tensors<CrnParams>, history: HistoryTensors, plan: PlanTensors, truth?: TargetTensors) =>
    decode(begin(params, history, timeScale), plan, stepper(params, timeScale), truth);
  return Object.freeze({
    name: 'CRN',
    information: 'history + plan' as const,
    config: {hidden, representation, width, balance, policy, timeScale},
    init: (rng: Rng, shape: SeriesShape) => init(rng, shape, {hidden, representation, width, policy}),
    forecast: (params: Tensors<CrnParams>, history: HistoryTensors, plan: PlanTensors) =>
      run(params, history, plan).outcomes,
    loss(params: Tensors<CrnParams>, batch: TrainingBatch, {progress}: LossContext) {
      const {history, plan, target} = batch, {outcomes, states} = run(params, history, plan, target);
      const error = maskedSquaredError(outcomes, target.outcomes, target.observed);
      return tf.add(
        error, balancing(params, {...batch, states}, balancingStrength(progress, balance), policy),
      ) as tf.Scalar;
    },
  });
}

function init(rng: Rng, shape: SeriesShape, {
  hidden, representation: r, width, policy,
}: Required<Pick<CrnOptions, 'hidden' | 'representation' | 'width' | 'policy'>>): CrnParams {
  const half = (name: string, inputs: number): Half => ({
    representation: initLinear(fold(rng, `${name} representation`), inputs, r),
    outcome: initMlp(fold(rng, `${name} outcome`), r + shape.treatments + 1, shape.outcomes, {
      hiddenLayers: 1, width, initLast: 'zero',
    }),
    treatment: initPropensity(fold(rng, `${name} treatment`), r, shape.treatments, {policy}),
  });
  return {
    encoder: initEncoder(fold(rng, 'encoder'), shape, hidden), first: half('first', hidden),
    decoder: initLstm(fold(rng, 'decoder'), featureCount(shape), r), later: half('later', r),
  };
}

/** What the decoder knows before an interval. */
interface State {
  readonly now: Known;
  readonly memory: LstmState;
  /** `[B, r]`, balanced. */
  readonly representation: tf.Tensor2D;
  readonly half: Tensors<Half>;
}

function begin({encoder, first}: Tensors<CrnParams>, history: HistoryTensors, timeScale: number): State {
  const {now, memory} = encode(encoder, history, timeScale);
  const representation = tf.elu(linear(first.representation, memory.hidden));
  return {now, representation, half: first, memory: {hidden: representation, cell: representation}};
}

function stepper({decoder, later}: Tensors<CrnParams>, timeScale: number): Stepper<State> {
  return {
    predict: ({now, representation, half}: State, {treatment, duration}: Interval) =>
      tf.add(now.outcome, mlp(
        half.outcome, tf.concat([representation, treatment, tf.div<tf.Tensor2D>(duration, timeScale)], 1), 'elu',
      )),
    read(state: State, outcome: tf.Tensor2D, interval: Interval) {
      const {features, now} = nextFeatures(state.now, {outcome, ...interval}, timeScale);
      const memory = lstmStep(decoder, features, state.memory);
      return {now, memory, representation: tf.elu(linear(later.representation, memory.hidden)), half: later};
    },
  };
}

/** Balancing terms of the encoder's and of the decoder's representation, added. */
function balancing(
  {first, later}: Tensors<CrnParams>, {states, plan, target}: TrainingBatch & {readonly states: readonly State[]},
  strength: tf.Scalar, policy: Policy,
): tf.Scalar {
  const [batch, steps, da] = plan.treatments.shape, active = insideSeries(target), rest = steps - 1;
  const part = (from: number, count: number, {treatment}: Tensors<Half>) => balancingLoss(treatment, {
    representation: tf.concat(states.slice(from, from + count).map(s => s.representation), 0),
    treatments: byStep(plan.treatments.slice([0, from, 0], [batch, count, da])),
    active: byStep(active.slice([0, from], [batch, count]).expandDims<tf.Tensor3D>(2)),
  }, strength, policy);
  const encoded = part(0, 1, first);
  return rest === 0 ? encoded : tf.add(encoded, part(1, rest, later)) as tf.Scalar;
}

/** `[B, n, d]` to `[n B, d]`, in the order in which the steps' batches stand one after the other. */
function byStep(values: tf.Tensor3D): tf.Tensor2D {
  const [batch, n, d] = values.shape;
  return tf.transpose(values, [1, 0, 2]).reshape([n * batch, d]);
}
