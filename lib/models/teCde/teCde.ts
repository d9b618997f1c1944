import * as tf from '@tensorflow/tfjs';
import type {Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {maskedSquaredError, type LinearParams, type Tensors} from '../../nn';
import {balancingLoss, balancingStrength} from '../adjustment/balancing';
import {expectPolicy, type Policy, type PropensityParams} from '../adjustment/propensity';
import {insideSeries} from '../parts/decode';
import type {HistoryTensors, Network, PlanTensors, TrainingBatch} from '../network';
import {cdeEncode, type CdeEncoderParams} from '../neuralCde/encoder';
import {
  cdeDecodeStepwise, initCdeFeedback, ownForecasts, teacher, type CdeFeedbackParams, type Feed,
} from '../neuralCde/feedback';
import {cdeStart, initCdeParts} from '../neuralCde/forecaster';
import {rowsOf, treatmentRows} from '../neuralCde/rows';
import {expectNotNegative} from '../parts/options';
import {cdeSettings, type CdeMotion, type NeuralCdeOptions} from '../neuralCde/settings';

/** Options of {@link teCde}. */
export interface TeCdeOptions extends NeuralCdeOptions {
  /** Largest strength of the reversed gradient from the treatment head, >= 0; default 0.001. 0 turns balancing off. */
  readonly balancing?: number;
  /** How treatments are taken to be chosen; default `'gaussian'`, continuous doses. */
  readonly policy?: Policy;
}

/** Weights of {@link teCde}. */
export interface TeCdeParams {
  readonly encoder: CdeEncoderParams;
  /** From z(t_c) to components that were not measured at t_c. */
  readonly guess: LinearParams;
  /** From the encoder's state to the decoder's first. */
  readonly adapter: LinearParams;
  readonly decoder: CdeFeedbackParams;
  /** Tells each planned treatment from the state before it. */
  readonly treatment: PropensityParams;
}

/**
 * TE-CDE: a neural CDE reads the history, another one forecasts step by step and reads each outcome before the next
 * treatment; a treatment head with reversed gradient keeps every state from telling the treatment that follows. In
 * training the outcomes read are the true ones, where measured; a forecast reads its own.
 *
 * What it adjusts for: each step is conditioned on the outcomes before it, so confounding by the past, inside the plan
 * too, is regressed away as far as one-step forecasts are right and feeding back a mean in place of an outcome does
 * little harm. The released program adds the treatment head's error with a plus sign and cuts the gradient before the
 * CDE; both are undone here.
 * @throws ArgumentError for options outside their ranges.
 * @reference Seedat, Imrie, Bellot, Qian, van der Schaar 2022, Continuous-time modeling of counterfactual outcomes
 * using neural CDEs, arXiv:2206.08311
 */
export function teCde({balancing = 0.001, policy = 'gaussian', ...options}: TeCdeOptions = {}): Network<TeCdeParams> {
  expectNotNegative('teCde', {balancing});
  expectPolicy('teCde', policy);
  const settings = cdeSettings('teCde', options);
  return Object.freeze({
    name: 'TE-CDE',
    information: 'history + plan' as const,
    config: {...settings.config, balancing, policy},
    init: (rng: Rng, shape: SeriesShape) =>
      initCdeParts(rng, shape, {...settings, policy}, source => initCdeFeedback(source, shape, settings.size)),
    forecast: (params: Tensors<TeCdeParams>, history: HistoryTensors, plan: PlanTensors) =>
      run(params, history, plan, {...settings, feed: ownForecasts}).forecasts,
    loss(params: Tensors<TeCdeParams>, {history, plan, target}: TrainingBatch, {progress}) {
      const {forecasts, states} = run(params, history, plan, {...settings, feed: teacher(target)});
      const rows = {
        representation: rowsOf(states), treatments: treatmentRows(plan),
        active: tf.transpose(insideSeries(target)).reshape<tf.Tensor2D>([-1, 1]),
      };
      const hidden = balancingLoss(params.treatment, rows, balancingStrength(progress, balancing), policy);
      return tf.add<tf.Scalar>(maskedSquaredError(forecasts, target.outcomes, target.observed), hidden);
    },
  } satisfies Network<TeCdeParams>);
}

function run(
  params: Tensors<TeCdeParams>, history: HistoryTensors, plan: PlanTensors, motion: CdeMotion & {readonly feed: Feed},
) {
  const start = cdeStart(params, cdeEncode(params.encoder, history, motion.solving, motion.timeScale));
  return cdeDecodeStepwise(params.decoder, start, plan, motion);
}
