import * as tf from '@tensorflow/tfjs';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, linear, maskedSquaredError, type LinearParams, type Tensors} from '../../nn';
import type {BalancedRows} from '../adjustment/balancing';
import {initPropensity, type Policy, type PropensityParams} from '../adjustment/propensity';
import {insideSeries} from '../parts/decode';
import type {HistoryTensors, LossContext, Network, PlanTensors, TrainingBatch} from '../network';
import {cdeDecode, initCdeDecoder, type CdeDecoderParams, type CdeStart} from './decoder';
import {anchored, cdeEncode, initCdeEncoder, type CdeEncoded, type CdeEncoderParams} from './encoder';
import {cdeSettings, type CdeMotion, type CdeSettings, type NeuralCdeOptions} from './settings';

/** Weights of a neural CDE that reads a history, and of one that follows the plan. */
export interface CdeForecasterParams {
  readonly encoder: CdeEncoderParams;
  /** From z(t_c) to components that were not measured at t_c. */
  readonly guess: LinearParams;
  /** From the encoder's state to the decoder's first. */
  readonly adapter: LinearParams;
  readonly decoder: CdeDecoderParams;
  /** Tells the first planned treatment from z(t_c). */
  readonly treatment: PropensityParams;
}

/** What distinguishes one encoder-decoder from another. */
export interface CdeForecasterDesign {
  /** The function that makes the network, named in its errors. */
  readonly fn: string;
  readonly name: string;
  readonly policy: Policy;
  readonly config: Readonly<Record<string, unknown>>;
  /** The plan as the decoder is shown it; default all of it. */
  readonly seen?: (plan: PlanTensors) => PlanTensors;
  /** Added to the squared error in training. */
  balance(head: Tensors<PropensityParams>, rows: BalancedRows, context: LossContext): tf.Scalar;
}

/**
 * Encoder and decoder as one network, trained together on the forecasts of all horizons at once.
 * @throws ArgumentError for options outside their ranges.
 * @reference Kidger, Morrill, Foster, Lyons 2020, arXiv:2005.08926 (neural controlled differential equations)
 */
export function cdeForecaster(design: CdeForecasterDesign, options: NeuralCdeOptions): Network<CdeForecasterParams> {
  const settings = cdeSettings(design.fn, options), {seen = plan => plan} = design;
  return Object.freeze({
    name: design.name,
    information: 'history + plan' as const,
    config: {...settings.config, ...design.config},
    init: (rng: Rng, shape: SeriesShape) =>
      initCdeParts(rng, shape, {...settings, policy: design.policy}, source =>
        initCdeDecoder(source, shape, settings.size)),
    forecast: (params: Tensors<CdeForecasterParams>, history: HistoryTensors, plan: PlanTensors) =>
      decode(params, cdeEncode(params.encoder, history, settings.solving, settings.timeScale), seen(plan), settings),
    loss(params: Tensors<CdeForecasterParams>, {history, plan, target}: TrainingBatch, context) {
      const encoded = cdeEncode(params.encoder, history, settings.solving, settings.timeScale);
      const error = maskedSquaredError(decode(params, encoded, seen(plan), settings), target.outcomes, target.observed);
      const [batch, , da] = plan.treatments.shape;
      const treatments = plan.treatments.slice([0, 0, 0], [batch, 1, da]).reshape<tf.Tensor2D>([batch, da]);
      const rows =
        {representation: encoded.z, treatments, active: insideSeries(target).slice<tf.Tensor2D>([0, 0], [batch, 1])};
      return tf.add<tf.Scalar>(error, design.balance(params.treatment, rows, context));
    },
  } satisfies Network<CdeForecasterParams>);
}

/** Weights of a network around a decoder `D`. */
interface CdeParts<D> extends Omit<CdeForecasterParams, 'decoder'> {
  readonly decoder: D;
}

/** Fresh weights of an encoder, a `decoder` and what stands around them; `size` is that of {@link CdeSettings}. */
export function initCdeParts<D>(
  rng: Rng, shape: SeriesShape, {size, policy}: Pick<CdeSettings, 'size'> & {readonly policy: Policy},
  decoder: (rng: Rng) => D,
): CdeParts<D> {
  return {
    encoder: initCdeEncoder(fold(rng, 'encoder'), shape, size),
    guess: initLinear(fold(rng, 'guess'), size.state, shape.outcomes),
    adapter: initLinear(fold(rng, 'adapter'), size.state, size.state),
    decoder: decoder(fold(rng, 'decoder')),
    treatment: initPropensity(fold(rng, 'treatment'), size.state, shape.treatments, {policy}),
  };
}

const decode = (
  params: Tensors<CdeForecasterParams>, encoded: CdeEncoded, plan: PlanTensors, motion: CdeMotion,
): tf.Tensor3D =>
  cdeDecode(params.decoder, cdeStart(params, encoded), plan, motion);

/** Where a decoder starts after `encoded`. */
export function cdeStart(
  {adapter, guess}: Tensors<Pick<CdeForecasterParams, 'adapter' | 'guess'>>, encoded: CdeEncoded,
): CdeStart {
  return {z: linear(adapter, encoded.z), outcome: anchored(guess, encoded), treatment: encoded.point.treatment};
}
