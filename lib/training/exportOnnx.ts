import * as tf from '@tensorflow/tfjs';
import {expectWhole} from '../errors';
import {optimise, record, toOnnx, type InputSpec} from '../graph';
import {preprocessingFields, type Preprocessing, type SeriesShape} from '../data';
import type {HistoryTensors, Network, PlanTensors} from '../models/network';
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
 * A forecaster with fixed weights as an ONNX file, preprocessing included: it takes histories and plans in the data's
 * units and answers in them. Inputs (float32): `history_time [B, L]` (time minus t_c, 0 after t_c), `history_outcomes`
 * and `history_observed [B, L, dy]`, `history_treatments [B, L, da]` (0 from t_c on), `history_last [B, L]` (1 at t_c),
 * `history_statics [B, ds]` if there are any, `plan_duration [B, S]`, `plan_treatments [B, S, da]`. Output: `mean [B,
 * S, dy]`. The file's metadata name the network and hold the numbers of its preprocessing, for readers.
 * @throws ArgumentError unless all sizes are whole numbers >= 1
 */
export function exportOnnx<P>(
  network: Network<P>, weights: P, context: PredictorContext, options: ExportOptions,
): Uint8Array {
  const {preprocessing, shape} = context, {rows, horizon, length = context.length} = options;
  expectWhole('exportOnnx', {rows, horizon, length});
  const inputs = inputSpecs({batch: rows, length, horizon}, shape);
  const given = inputs.filter(input => !input.shape.includes(0));
  const program = record((...fed) => {
    // A file has no inputs without numbers, which networks take all the same.
    const all = new Map(inputs.map(input => [input.name, fed[given.indexOf(input)] ?? tf.zeros([...input.shape])]));
    const part = (kind: string, names: readonly string[]): unknown =>
      Object.fromEntries(names.map(name => [name, all.get(`${kind}_${name}`)]));
    const history = scaledHistory(part('history', HISTORY_INPUTS) as HistoryTensors, preprocessing);
    const plan = scaledPlan(part('plan', PLAN_INPUTS) as PlanTensors, preprocessing);
    return preprocessing.outcomes.inverseTensor(network.forecast(tensors(weights), history, plan));
  }, given, {outputNames: ['mean']});
  const numbers = JSON.stringify(preprocessingFields(preprocessing));
  return toOnnx(optimise(program), {network: network.name, preprocessing: numbers});
}

function inputSpecs(size: Parameters<typeof inputShapes>[0], shape: SeriesShape): InputSpec[] {
  const {history, plan} = inputShapes(size, shape);
  return [
    ...HISTORY_INPUTS.map((name, i) => ({name: `history_${name}`, shape: history[i]})),
    ...PLAN_INPUTS.map((name, i) => ({name: `plan_${name}`, shape: plan[i]})),
  ];
}

/** What the arrays of `scaleTrajectories` and of padding hold: scaled values, 0 where there is none. */
function scaledHistory(raw: HistoryTensors, {outcomes, treatments, statics}: Preprocessing): HistoryTensors {
  const upTo = tf.cumsum(raw.last, 1, true, true).add(raw.last).expandDims(2); // 1 up to t_c
  const before = upTo.sub(raw.last.expandDims(2));
  return {
    ...raw,
    outcomes: tf.mul(outcomes.forwardTensor(raw.outcomes), raw.observed),
    treatments: tf.mul(treatments.forwardTensor(raw.treatments), before),
    statics: statics.forwardTensor(raw.statics),
  };
}

const scaledPlan = (raw: PlanTensors, {treatments}: Preprocessing): PlanTensors =>
  ({...raw, treatments: treatments.forwardTensor(raw.treatments)});
