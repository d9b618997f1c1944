import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../../errors';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {stopGradient, type Tensors} from '../../nn';
import {activeMean} from '../adjustment/balancing';
import {
  expectPolicy, initPropensity, logPropensity, type Policy, type PropensityParams,
} from '../adjustment/propensity';
import type {HistoryTensors, Network, TrainingBatch} from '../network';
import {cdeSettings, type NeuralCdeOptions} from '../neuralCde/settings';
import {insideSeries} from '../parts/decode';
import {expectPositive} from '../parts/options';
import {initStandIn, standIn, type StandInMotion, type StandInParams} from './standIn';

/** Options of {@link lipCde}; those of the neural CDE are for the one that reads the stand-in. */
export interface LipCdeOptions extends Pick<NeuralCdeOptions, 'state' | 'width' | 'substeps' | 'timeScale'> {
  /** Numbers in the stand-in, one for each hidden cause, >= 1; default 1. */
  readonly causes?: number;
  /** lambda, the most by which the field of the CDE may change when its state changes by 1, > 0; default 1. */
  readonly lipschitz?: number;
  /** How treatments are taken to be chosen; default `'gaussian'`, continuous doses. */
  readonly policy?: Policy;
}

/** Weights of {@link lipCde}; `P` are those of its outcome model. */
export interface LipCdeParams<P> {
  readonly standIn: StandInParams;
  /** Tells the treatments at t_c from the stand-in. */
  readonly treatment: PropensityParams;
  readonly outcome: P;
}

/**
 * LipCDE, in its manner: a neural CDE reads from the history a stand-in for the hidden cause, whose path is kept from
 * being steep, and an outcome model is told the stand-in. The stand-in is what the treatments at t_c are best told
 * from, independently of each other; if one hidden cause moves them all, it should stand for that cause. It learns from
 * the treatments alone: no gradient of the outcome model's error reaches it.
 *
 * What it needs: that every hidden cause moves several treatments, and shows in the past of them or of the outcomes.
 *
 * Where it differs from the original, as far as the released program shows it. There, the Lipschitz bound is that of a
 * convolution over the record, split into low and high frequencies, whose result is added to the state of the CDE, and
 * a classifier learns to tell records from noised ones; here every layer of the CDE is bounded, which bounds the
 * stand-in by the record. There, the state learns from the outcome's error; here from the treatments, as the argument
 * for a stand-in asks. The path is straight between measurements, not a spline. The outcome model is told the stand-in
 * at t_c as a static, not its whole path. It may be any network; the original is a recurrent one that weighs records by
 * their inverse propensities, to which `scipNet` and `rmsn` come nearest. All parts are trained together.
 * @param outcome the outcome model, which reads the stand-in among its statics
 * @throws ArgumentError for options outside their ranges
 * @reference Cao, Enouen, Wang, Song, Meng, Niu, Liu 2023, Estimating treatment effects from irregular time series
 * observations with hidden confounders. arXiv:2303.02320
 */
export function lipCde<P>(
  outcome: Network<P>, {causes = 1, lipschitz = 1, policy = 'gaussian', ...options}: LipCdeOptions = {},
): Network<LipCdeParams<P>> {
  const fn = 'lipCde', {state = 8, width = 16, substeps, timeScale} = options;
  expectWhole(fn, {causes});
  expectPositive(fn, {lipschitz});
  expectPolicy(fn, policy);
  const {config, size, ...cde} = cdeSettings(fn, {state, width, substeps, timeScale, reads: 'path'});
  const motion: StandInMotion = {...cde, lipschitz};
  const told = (params: Tensors<LipCdeParams<P>>, history: HistoryTensors): HistoryTensors =>
    withStatics(history, stopGradient(standIn(params.standIn, history, motion)));
  return Object.freeze({
    name: 'LipCDE',
    information: outcome.information,
    config: {...config, causes, lipschitz, policy, outcome: {name: outcome.name, ...outcome.config}},
    init: (rng: Rng, shape: SeriesShape): LipCdeParams<P> => ({
      standIn: initStandIn(fold(rng, 'stand-in'), shape, {...size, causes}),
      treatment: initPropensity(fold(rng, 'treatment'), causes, shape.treatments, {policy}),
      outcome: outcome.init(fold(rng, 'outcome'), {...shape, statics: shape.statics + causes}),
    }),
    ...(outcome.noise && {noise: (horizon: number) => outcome.noise!(horizon)}),
    forecast: (params, history, plan, noise) =>
      outcome.forecast(params.outcome, told(params, history), plan, noise),
    loss(params, batch, context) {
      const cause = standIn(params.standIn, batch.history, motion);
      const history = withStatics(batch.history, stopGradient(cause));
      const error = outcome.loss(params.outcome, {...batch, history}, context);
      return tf.add<tf.Scalar>(error, surprise(params.treatment, cause, batch, policy));
    },
    ...(outcome.rowWeights && {rowWeights: (params, batch) =>
      outcome.rowWeights!(params.outcome, {...batch, history: told(params, batch.history)})}),
  } satisfies Network<LipCdeParams<P>>);
}

function withStatics(history: HistoryTensors, more: tf.Tensor2D): HistoryTensors {
  const {statics} = history;
  return {...history, statics: statics.shape[1] > 0 ? tf.concat2d([statics, more], 1) : more};
}

/** Mean negative log likelihood of the treatments at t_c, told from the stand-in `[batch, causes]`. */
function surprise(
  params: Tensors<PropensityParams>, cause: tf.Tensor2D, {plan, target}: TrainingBatch, policy: Policy,
): tf.Scalar {
  const first = <T extends tf.Tensor2D | tf.Tensor3D>(x: T) => tf.slice(x, Array<number>(x.rank).fill(0),
    [x.shape[0], 1, ...x.shape.slice(2)]);
  const treatments = first(plan.treatments).reshape<tf.Tensor2D>([-1, plan.treatments.shape[2]]);
  const active = first(insideSeries(target)) as tf.Tensor2D;
  return activeMean(tf.neg(logPropensity(params, cause, treatments, policy)), active);
}
