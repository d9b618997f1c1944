import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {
  initLinear, initLstm, initMlp, linear, lstmStep, mlp, type LinearParams, type LstmParams, type LstmState,
  type MlpParams, type Tensors,
} from '../../nn';
import {activeMean} from '../adjustment/balancing';
import {expectPolicy, type Policy} from '../adjustment/propensity';
import {expectLimit, stabilisedWeights, weightedSquaredError} from '../adjustment/weights';
import {decode, insideSeries, type Stepper} from '../parts/decode';
import {encode, initEncoder, type EncoderParams} from '../parts/encoder';
import {featureCount, nextFeatures, type Known} from '../parts/features';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../network';
import {expectPositive} from '../parts/options';
import {initTreatmentModel, logTreatments, type TreatmentModelParams} from './treatmentModel';

/** Weights of {@link rmsn}. */
export interface RmsnParams {
  /** Treatments given treatments alone (or what is known at t_c). */
  readonly numerator: TreatmentModelParams;
  /** Treatments given everything known when they are chosen. */
  readonly denominator: TreatmentModelParams;
  readonly encoder: EncoderParams;
  /** Memory adapter: from the encoder's memory to the decoder's. */
  readonly adapter: LinearParams;
  readonly decoder: LstmParams;
  readonly outcome: MlpParams;
}

/** Options of {@link rmsn}. */
export interface RmsnOptions {
  /** Units of the encoder's LSTM, >= 1; default 32. The authors of the comparison code take 12. */
  readonly hidden?: number;
  /** Units of the decoder's LSTM, >= 1; default 32. Theirs has 64. */
  readonly decoderHidden?: number;
  /** Units in the outcome head's hidden layer, >= 1; default 32. */
  readonly width?: number;
  /** Units of each treatment model's LSTM, >= 1; default 12. Theirs have 8 and 16. */
  readonly treatmentHidden?: number;
  /** What the treatment models take treatments for; default `'bernoulli'`. */
  readonly policy?: Policy;
  /**
   * What the numerator of the weights knows of outcomes. `'nothing'`: treatments, time and statics only, as the authors
   * (default). `'until t_c'`: the history as well; just as valid, since the forecast is conditioned on it, and the
   * weights vary less.
   */
  readonly numerator?: 'nothing' | 'until t_c';
  /** Weights are kept within 1/limit and limit; > 1, default 20. */
  readonly limit?: number;
  /** Length of a typical history in the data's time unit, > 0. Default 24. */
  readonly timeScale?: number;
}

/**
 * Recurrent marginal structural network: an LSTM reads the history, a memory adapter starts a second LSTM which follows
 * the plan and its own forecasts, never the outcomes in between; what confounding that leaves is removed by weighing
 * each training row with its stabilised inverse propensity. Adjusts for measured time-varying confounders if the
 * treatment models are right and every treatment is possible for every history; where treatments nearly follow from the
 * history, few rows carry all the weight.
 *
 * The weights use the propensity of the treatment that was given. The authors train treatment models, encoder and
 * decoder one after the other; here they are trained together, and no gradient passes from the outcome loss to the
 * weights.
 * @throws ArgumentError for options outside their ranges.
 * @reference Lim, Alaa, van der Schaar 2018, Forecasting treatment responses over time using recurrent marginal
 * structural networks, NeurIPS
 */
export function rmsn(options: RmsnOptions = {}): Network<RmsnParams> {
  const {
    hidden = 32, decoderHidden = 32, width = 32, treatmentHidden = 12, policy = 'bernoulli', numerator = 'nothing',
    limit = 20, timeScale = 24,
  } = options;
  expectWhole('rmsn', {hidden, decoderHidden, width, treatmentHidden});
  expectPositive('rmsn', {timeScale});
  expectPolicy('rmsn', policy);
  expectLimit('rmsn', limit);
  expect(numerator === 'nothing' || numerator === 'until t_c', {
    fn: 'rmsn', argument: 'numerator', expected: "'nothing' or 'until t_c'", received: numerator,
  });
  const forecast = (params: Tensors<RmsnParams>, history: HistoryTensors, plan: PlanTensors) =>
    decode(begin(params, history, timeScale), plan, stepper(params, timeScale)).outcomes;
  const weigh = (params: Tensors<RmsnParams>, batch: TrainingBatch) => {
    const densities = rmsnPropensities(params, batch, {policy, numerator, timeScale});
    const active = insideSeries(batch.target);
    return {...densities, active, weights: stabilisedWeights(densities.above, densities.below, active, {limit})};
  };
  return Object.freeze({
    name: 'RMSN',
    information: 'history + plan' as const,
    config: {hidden, decoderHidden, width, treatmentHidden, policy, numerator, limit, timeScale},
    init: (rng: Rng, shape: SeriesShape) => init(rng, shape, {hidden, decoderHidden, width, treatmentHidden, policy}),
    forecast,
    loss(params: Tensors<RmsnParams>, batch: TrainingBatch) {
      const {history, plan, target} = batch, {above, below, active, weights} = weigh(params, batch);
      const flat = (values: tf.Tensor2D) => activeMean(tf.neg(values).reshape([-1]), active.reshape([-1, 1]));
      const error = weightedSquaredError(forecast(params, history, plan), target.outcomes, target.observed, weights);
      return tf.addN([error, flat(above), flat(below)]) as tf.Scalar;
    },
    rowWeights: (params: Tensors<RmsnParams>, batch: TrainingBatch) => weigh(params, batch).weights,
  });
}

function init(rng: Rng, shape: SeriesShape, {
  hidden, decoderHidden, width, treatmentHidden, policy,
}: Required<Pick<RmsnOptions, 'hidden' | 'decoderHidden' | 'width' | 'treatmentHidden' | 'policy'>>): RmsnParams {
  const treatments = (name: string) => initTreatmentModel(fold(rng, name), shape, treatmentHidden, policy);
  return {
    numerator: treatments('numerator'),
    denominator: treatments('denominator'),
    encoder: initEncoder(fold(rng, 'encoder'), shape, hidden),
    adapter: initLinear(fold(rng, 'adapter'), hidden, 2 * decoderHidden),
    decoder: initLstm(fold(rng, 'decoder'), featureCount(shape), decoderHidden),
    outcome: initMlp(fold(rng, 'outcome'), decoderHidden + shape.treatments + 1, shape.outcomes, {
      hiddenLayers: 1, width, initLast: 'zero',
    }),
  };
}

/** Log densities `[B, S]` of the treatments given: numerator and denominator of the weights. */
export function rmsnPropensities(
  params: Tensors<RmsnParams>, batch: TrainingBatch,
  {numerator, ...options}: Required<Pick<RmsnOptions, 'policy' | 'numerator' | 'timeScale'>>,
): {above: tf.Tensor2D; below: tf.Tensor2D} {
  const hidden = <T extends {outcomes: tf.Tensor3D; observed: tf.Tensor3D}>(from: T): T =>
    ({...from, outcomes: tf.zerosLike(from.outcomes), observed: tf.zerosLike(from.observed)});
  const {history, plan, target} = batch, known = numerator === 'nothing' ? hidden(history) : history;
  return {
    above: logTreatments(params.numerator, {history: known, plan, target: hidden(target)}, options),
    below: logTreatments(params.denominator, batch, options),
  };
}

interface State {
  readonly now: Known;
  readonly memory: LstmState;
}

function begin({encoder, adapter}: Tensors<RmsnParams>, history: HistoryTensors, timeScale: number): State {
  const {now, memory} = encode(encoder, history, timeScale);
  const [hidden, cell] = tf.split(tf.elu(linear(adapter, memory.hidden)), 2, 1) as tf.Tensor2D[];
  return {now, memory: {hidden, cell}};
}

function stepper({decoder, outcome: head}: Tensors<RmsnParams>, timeScale: number): Stepper<State> {
  return {
    predict: ({now, memory}, {treatment, duration}) => tf.add(
      now.outcome, mlp(head, tf.concat([memory.hidden, treatment, tf.div<tf.Tensor2D>(duration, timeScale)], 1), 'elu'),
    ),
    read({now: before, memory}, outcome, interval) {
      const {features, now} = nextFeatures(before, {outcome, ...interval}, timeScale);
      return {now, memory: lstmStep(decoder, features, memory)};
    },
  };
}
