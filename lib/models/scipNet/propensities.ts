import * as tf from '@tensorflow/tfjs';
import {fold, type Rng} from '../../math/rng';
import type {SeriesShape} from '../../data/trajectories';
import {initLinear, linear, stopGradient, type LinearParams, type MlpParams, type Tensors} from '../../nn';
import {initPropensity, logPropensity, type Policy, type PropensityParams} from '../adjustment/propensity';
import {impute} from '../parts/features';
import type {PlanTensors, TrainingBatch} from '../network';
import {cdeEncode, initCdeEncoder, type CdeEncoderParams} from '../neuralCde/encoder';
import {followPath, initCdeField} from '../neuralCde/field';
import {nextIncrement, planIncrement} from '../neuralCde/path';
import {rowsOf, stepsOf, treatmentRows} from '../neuralCde/rows';
import type {CdeMotion, CdeSettings} from '../neuralCde/settings';
import {intervals, type Interval} from '../parts/rollOut';
import {logIntensity} from './intensity';

/** What is said of treatments from one state: which, and after what time the next decision is due. */
interface TreatmentHead {
  readonly treatment: PropensityParams;
  /** Logarithm of how many decisions there are in a unit of time, where that counts. */
  readonly rate?: LinearParams;
}

/** The two propensity models whose ratio is the weight. */
export interface PropensitiesParams {
  /** Knows everything before each treatment. */
  readonly denominator: TreatmentHead & {readonly encoder: CdeEncoderParams};
  /** Knows everything up to t_c and the treatments since, no outcome after t_c. */
  readonly numerator: TreatmentHead & {readonly adapter: LinearParams; readonly field: MlpParams};
}

export interface PropensitiesOptions {
  readonly policy: Policy;
  /** Whether the time to the next decision counts, too. */
  readonly intensity: boolean;
}

/** Fresh weights. */
export function initPropensities(
  rng: Rng, shape: SeriesShape, {size}: CdeSettings, {policy, intensity}: PropensitiesOptions,
): PropensitiesParams {
  const {state} = size;
  const head = (name: string): TreatmentHead => ({
    treatment: initPropensity(fold(rng, `${name} treatment`), state, shape.treatments, {policy}),
    ...(intensity && {rate: initLinear(fold(rng, `${name} rate`), state, 1, 'zero')}),
  });
  return {
    denominator: {encoder: initCdeEncoder(fold(rng, 'denominator'), shape, size), ...head('denominator')},
    numerator: {
      adapter: initLinear(fold(rng, 'adapter'), state, state),
      field: initCdeField(fold(rng, 'numerator'), {...size, channels: 1 + 2 * shape.treatments}), ...head('numerator'),
    },
  };
}

/**
 * Log densities `[B, S]` of the planned treatments, of numerator and denominator. For training: it reads the true
 * outcomes after t_c.
 */
export function logPropensities(
  params: Tensors<PropensitiesParams>, batch: TrainingBatch, motion: CdeMotion, policy: Policy,
): {numerator: tf.Tensor2D; denominator: tf.Tensor2D} {
  const {denominator, numerator} = params, {plan} = batch, steps = intervals(plan);
  const known = statesWithOutcomes(denominator.encoder, batch, steps, motion);
  // Two models that learn apart: the numerator reads the denominator's memory at t_c, and leaves it as it is.
  const blind = statesWithout(numerator, {z: stopGradient(known[0].z), treatment: known[0].treatment}, steps, motion);
  return {
    denominator: logDensity(denominator, known.map(({z}) => z), plan, policy),
    numerator: logDensity(numerator, blind, plan, policy),
  };
}

/** What is known before a treatment is chosen. */
interface Before {
  /** `[batch, h]` */
  readonly z: tf.Tensor2D;
  /** The treatment before. `[batch, da]` */
  readonly treatment: tf.Tensor2D;
}

/** z of the denominator before each planned treatment, having read all outcomes until then. */
function statesWithOutcomes(
  params: Tensors<CdeEncoderParams>, {history, target}: TrainingBatch, steps: readonly Interval[],
  {solving, timeScale}: CdeMotion,
): Before[] {
  let {z, point} = cdeEncode(params, history, solving, timeScale);
  const states = [{z, treatment: point.treatment}];
  steps.slice(0, -1).forEach((interval, k) => {
    const observed = column(target.observed, k);
    const path = solving.reads === 'path', missing = path ? point.outcome : params.imputation as tf.Tensor2D;
    const outcome = impute(missing, column(target.outcomes, k), observed);
    const counted = path ? tf.zerosLike(observed) : observed;
    const next = nextIncrement(point, {outcome, observed: counted, ...interval}, timeScale);
    z = followPath(params.field, z, next.increment, solving);
    point = next.end;
    states.push({z, treatment: interval.treatment});
  });
  return states;
}

/** z of the numerator before each planned treatment: moved by time and the treatments before it. */
function statesWithout(
  {adapter, field}: Tensors<PropensitiesParams['numerator']>, {z, treatment: last}: Before, steps: readonly Interval[],
  {solving, timeScale}: CdeMotion,
): tf.Tensor2D[] {
  const states = [linear(adapter, z)];
  let before = last;
  steps.slice(0, -1).forEach(({treatment, duration}) => {
    states.push(
      followPath(field, states[states.length - 1], planIncrement(treatment, before, duration, timeScale), solving),
    );
    before = treatment;
  });
  return states;
}

/** Optional branches need to be spelled out: a tree of weights has none. */
type HeadTensors = {readonly treatment: Tensors<PropensityParams>; readonly rate?: Tensors<LinearParams>};

function logDensity(
  {treatment, rate}: HeadTensors, states: readonly tf.Tensor2D[], plan: PlanTensors, policy: Policy,
): tf.Tensor2D {
  const rows = rowsOf(states);
  const which = stepsOf(logPropensity(treatment, rows, treatmentRows(plan), policy), states.length);
  return rate
    ? tf.add(which, logIntensity(stepsOf(linear(rate, rows).reshape<tf.Tensor1D>([-1]), states.length), plan.duration))
    : which;
}

const column = (x: tf.Tensor3D, k: number): tf.Tensor2D =>
  x.slice([0, k, 0], [x.shape[0], 1, x.shape[2]]).reshape([x.shape[0], x.shape[2]]);
