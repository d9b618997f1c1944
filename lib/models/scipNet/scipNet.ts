import * as tf from '@tensorflow/tfjs';
import {expect} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, maskedSquaredError, stopGradient, type LinearParams, type Tensors} from '../../nn';
import {activeMean} from '../adjustment/balancing';
import {expectPolicy, type Policy} from '../adjustment/propensity';
import {expectLimit, stabilisedWeights, weightedSquaredError} from '../adjustment/weights';
import {insideSeries} from '../parts/decode';
import type {HistoryTensors, Network, PlanTensors, TargetTensors, TrainingBatch} from '../network';
import {cdeDecode, initCdeDecoder, type CdeDecoderParams} from '../neuralCde/decoder';
import {anchored, cdeEncode, initCdeEncoder, type CdeEncoded, type CdeEncoderParams} from '../neuralCde/encoder';
import {
  cdeDecodeStepwise, initCdeFeedback, ownForecasts, teacher, type CdeFeedbackParams, type Feed,
} from '../neuralCde/feedback';
import {cdeStart} from '../neuralCde/forecaster';
import {cdeSettings, type CdeMotion, type CdeSettings, type NeuralCdeOptions} from '../neuralCde/settings';
import {initPropensities, logPropensities, type PropensitiesOptions, type PropensitiesParams} from './propensities';

/** Options of {@link scipNet}. */
export interface ScipNetOptions extends NeuralCdeOptions {
  /** How treatments are taken to be chosen; default `'bernoulli'`, on or off. */
  readonly policy?: Policy;
  /**
   * What the decoder reads after each planned interval. `'none'`: nothing; it forecasts the mean under the plan
   * directly, which is what the weights are for. `'own forecasts'`: its forecasts, after training on the true outcomes
   * (default). `'zeros'`: trained the same way, it is given its first forecast and then 0, the mean of the data, as the
   * program behind the published numbers does.
   */
  readonly feedback?: 'none' | 'own forecasts' | 'zeros';
  /**
   * Whether weights count the time between decisions, too; default false. Regular decisions give a factor of 1, up to
   * fit.
   */
  readonly intensity?: boolean;
  /** Weights are kept within 1/limit and limit, > 1; default 20. */
  readonly limit?: number;
  /**
   * Whether the decoder's loss leaves the encoder as it is, as when they are trained one after the other; default true.
   */
  readonly staged?: boolean;
}

/** Weights of {@link scipNet}. */
export interface ScipNetParams {
  readonly propensities: PropensitiesParams;
  readonly encoder: CdeEncoderParams;
  /** From z(t_c) to components that were not measured at t_c. */
  readonly guess: LinearParams;
  /** Forecasts one step, so that the encoder has something to learn. */
  readonly next: CdeDecoderParams;
  /** From the encoder's state to the decoder's first. */
  readonly adapter: LinearParams;
  readonly decoder: CdeDecoderParams | CdeFeedbackParams;
}

/**
 * SCIP-Net: four neural CDEs. Two learn how treatments are chosen, one from everything before each treatment
 * (denominator), one from what was known at t_c and the treatments since (numerator). An encoder learns one-step
 * forecasts, a decoder the whole plan; its squared errors are weighted by numerator over denominator, multiplied up to
 * each step, limited, and of mean 1 in each step. All four learn at once, each from its own error alone.
 *
 * What it adjusts for: confounding inside the plan by anything measured, provided that the propensities are right and
 * every treatment had a chance. With `feedback: 'none'` this rests on the weights. By default, as in the original, the
 * decoder is also taught step by step on true outcomes, and on the two-step toy that alone removes the bias: weights of
 * 1 do as well. The original gives its numerator the treatments only; knowing t_c, the weights vary less and mean the
 * same, since forecasts are conditioned on it. Weights are limited by a fixed bound, not at quantiles of the batch.
 * Choosing the epoch by the factual error of forecasts, as `learned` does, pulls the choice towards what confounding
 * would have fitted better; validation on randomised units does not.
 * @throws ArgumentError for options outside their ranges.
 * @reference Hess, Feuerriegel 2025, Stabilized neural prediction of potential outcomes in continuous time,
 * arXiv:2410.03514
 * @reference Robins, Hernan, Brumback 2000, doi:10.1097/00001648-200009000-00011
 */
export function scipNet({
  policy = 'bernoulli', feedback = 'own forecasts', intensity = false, limit = 20, staged = true, ...options
}: ScipNetOptions = {}): Network<ScipNetParams> {
  expectPolicy('scipNet', policy);
  expectLimit('scipNet', limit);
  expect(['none', 'own forecasts', 'zeros'].includes(feedback), {
    fn: 'scipNet', argument: 'feedback', expected: "'none', 'own forecasts' or 'zeros'", received: feedback,
  });
  const settings = cdeSettings('scipNet', options);
  const encode = (params: Tensors<ScipNetParams>, history: HistoryTensors) =>
    cdeEncode(params.encoder, history, settings.solving, settings.timeScale);
  const weigh = (params: Tensors<ScipNetParams>, batch: TrainingBatch) => {
    const propensities = logPropensities(params.propensities, batch, settings, policy);
    const {numerator, denominator} = propensities;
    return {propensities, weights: stabilisedWeights(numerator, denominator, insideSeries(batch.target), {limit})};
  };
  return Object.freeze({
    name: feedback === 'zeros' ? 'SCIP-Net, fed zeros' : 'SCIP-Net',
    information: 'history + plan' as const,
    config: {...settings.config, policy, feedback, intensity, limit, staged},
    init: (rng: Rng, shape: SeriesShape) => init(rng, shape, settings, {policy, intensity, feedback}),
    forecast: (params: Tensors<ScipNetParams>, history: HistoryTensors, plan: PlanTensors) =>
      decode(params, encode(params, history), plan, {
        ...settings, feed: feedback === 'zeros' ? zerosAfterFirst : ownForecasts,
      }),
    loss(params: Tensors<ScipNetParams>, batch: TrainingBatch) {
      const {history, plan, target} = batch, encoded = encode(params, history);
      const {propensities, weights} = weigh(params, batch);
      const handed = staged ? {...encoded, z: stopGradient(encoded.z)} : encoded;
      const forecasts = decode(params, handed, plan, {...settings, feed: teacher(target)});
      return [oneStepError(params, encoded, batch, settings), likelihoodLoss(propensities, target)]
        .reduce(
          (sum, term) => tf.add(sum, term), weightedSquaredError(forecasts, target.outcomes, target.observed, weights),
        );
    },
    rowWeights: (params, batch) => weigh(params, batch).weights,
  } satisfies Network<ScipNetParams>);
}

/** The released feedback: 0 in place of every forecast but the first. */
const zerosAfterFirst: Feed = (step, forecast) => (step === 0 ? forecast : tf.zerosLike(forecast));

function init(rng: Rng, shape: SeriesShape, settings: CdeSettings, {feedback, ...options}: PropensitiesOptions
  & Pick<ScipNetOptions, 'feedback'>): ScipNetParams {
  const {size} = settings, forDecoder = fold(rng, 'decoder');
  return {
    propensities: initPropensities(fold(rng, 'propensities'), shape, settings, options),
    encoder: initCdeEncoder(fold(rng, 'encoder'), shape, size),
    guess: initLinear(fold(rng, 'guess'), size.state, shape.outcomes),
    next: initCdeDecoder(fold(rng, 'next'), shape, size),
    adapter: initLinear(fold(rng, 'adapter'), size.state, size.state),
    decoder: feedback === 'none' ? initCdeDecoder(forDecoder, shape, size) : initCdeFeedback(forDecoder, shape, size),
  };
}

function decode(
  params: Tensors<ScipNetParams>, encoded: CdeEncoded, plan: PlanTensors, motion: CdeMotion & {readonly feed: Feed},
): tf.Tensor3D {
  const start = cdeStart(params, encoded);
  const decoder = params.decoder as Tensors<CdeDecoderParams> | Tensors<CdeFeedbackParams>;
  return 'news' in decoder
    ? cdeDecodeStepwise(decoder, start, plan, motion).forecasts
    : cdeDecode(decoder, start, plan, motion);
}

/** The encoder's error, without weights. */
function oneStepError(
  {next, guess}: Tensors<ScipNetParams>, encoded: CdeEncoded, {plan, target}: TrainingBatch, motion: CdeMotion,
): tf.Scalar {
  const first = <T extends tf.Tensor>(x: T) =>
    x.slice(Array<number>(x.rank).fill(0), [x.shape[0], 1, ...x.shape.slice(2)]);
  const start = {z: encoded.z, outcome: anchored(guess, encoded), treatment: encoded.point.treatment};
  const firstPlanned = {duration: first(plan.duration), treatments: first(plan.treatments)} as PlanTensors;
  const forecast = cdeDecode(next, start, firstPlanned, motion);
  return maskedSquaredError(forecast, first(target.outcomes) as tf.Tensor3D, first(target.observed) as tf.Tensor3D);
}

/** Mean negative log likelihood of the treatments under both propensity models. */
function likelihoodLoss(
  {numerator, denominator}: {numerator: tf.Tensor2D; denominator: tf.Tensor2D}, target: TargetTensors,
): tf.Scalar {
  const active = insideSeries(target).reshape<tf.Tensor2D>([-1, 1]);
  return tf.neg(
    tf.add<tf.Scalar>(activeMean(numerator.reshape([-1]), active), activeMean(denominator.reshape([-1]), active)),
  );
}
