import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../errors';
import {optimise, record, toOnnx, type InputSpec} from '../graph';
import type {Scaler} from '../data';
import type {HistoryTensors, Network} from '../models/network';
import {tensors} from '../nn';
import {inputShapes} from './batches';
import {HISTORY_INPUTS, PLAN_INPUTS} from './functions';
import type {PredictorContext} from './predictor';

/** Options of {@link exportOnnx}. */
export interface ExportOptions {
  /** Rows forecast at once, >= 1; the file has this size built in. */
  readonly rows: number;
  /** Steps ahead, >= 1. */
  readonly horizon: number;
  /** L, times in a padded history, >= 1. Default: as in training. */
  readonly length?: number;
}

/**
 * A forecaster with fixed weights as an ONNX file, scaling included: it takes histories and plans in the data's units and answers in them.
 * Inputs (float32): `history_time [B, L]` (time minus t_c, 0 after t_c), `history_outcomes` and `history_observed [B, L, dy]`,
 * `history_treatments [B, L, da]` (0 from t_c on), `history_last [B, L]` (1 at t_c), `history_statics [B, ds]` if there are any,
 * `plan_duration [B, S]`, `plan_treatments [B, S, da]`. Output: `mean [B, S, dy]`.
 */
export function exportOnnx<P>(network: Network<P>, weights: P, {scalers, shape, length: trained}: PredictorContext, {rows, horizon, length = trained}: ExportOptions): Uint8Array {
  expectWhole('exportOnnx', {rows, horizon, length});
  const {history, plan} = inputShapes({batch: rows, length, horizon}, shape);
  const inputs: InputSpec[] = [...HISTORY_INPUTS.map((name, i) => ({name: `history_${name}`, shape: history[i]})), ...PLAN_INPUTS.map((name, i) => ({name: `plan_${name}`, shape: plan[i]}))]
    .filter(input => !input.shape.includes(0));
  const program = record((...given) => {
    const of = (name: string): tf.Tensor => given[inputs.findIndex(input => input.name === name)] ?? tf.zeros([rows, 0]);
    const raw = Object.fromEntries(HISTORY_INPUTS.map(name => [name, of(`history_${name}`)])) as unknown as HistoryTensors;
    const known = tf.cumsum(raw.last, 1, true, true).add(raw.last).expandDims(2); // 1 up to t_c
    const before = known.sub(raw.last.expandDims(2));
    const scaled = {...raw, outcomes: tf.mul(forward(scalers.outcomes, raw.outcomes), raw.observed), treatments: tf.mul(forward(scalers.treatments, raw.treatments), before)} as HistoryTensors;
    const mean = network.forecast(tensors(weights), scaled, {duration: of('plan_duration') as tf.Tensor2D, treatments: forward(scalers.treatments, of('plan_treatments')) as tf.Tensor3D});
    return inverse(scalers.outcomes, mean);
  }, inputs, {outputNames: ['mean']});
  return toOnnx(optimise(program));
}

/** As `Scaler.forward`, on tensors `[..., d]`. */
function forward({transform, floor, mean, sd}: Scaler, values: tf.Tensor): tf.Tensor {
  return tf.concat(tf.split(values, mean.length, -1).map((v, j) => tf.div(tf.sub(transform[j] === 'log' ? tf.log(tf.maximum(v, floor[j])) : v, mean[j]), sd[j])), -1);
}

/** As `Scaler.inverse`, on tensors `[..., d]`. */
function inverse({transform, mean, sd}: Scaler, values: tf.Tensor): tf.Tensor {
  return tf.concat(tf.split(values, mean.length, -1).map((v, j) => {
    const unscaled = tf.add(tf.mul(v, sd[j]), mean[j]);
    return transform[j] === 'log' ? tf.exp(unscaled) : unscaled;
  }), -1);
}
