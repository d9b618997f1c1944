import {onOrOff, type Preprocessing} from '../data';
import type {Network} from '../models/network';
import {parameterCount} from '../nn';
import type {Engine} from './engine';
import {exportOnnx, type ExportOptions} from './exportOnnx';
import {saveModel} from './modelFile';
import {predictor, type Predictor, type PredictorContext} from './predictor';
import {stateReader, type StateReader} from './states';
import {weighing} from './weighing';

/** A network with fixed weights and preprocessing, as a forecaster. */
export interface Model<P> extends Predictor, StateReader {
  /** What training found. */
  readonly weights: P;
  /** Numbers in `weights`. */
  readonly parameters: number;
  /** How the data become numbers for the network. */
  readonly preprocessing: Preprocessing;
  /** What runs the network. */
  readonly engine: Engine;
  /**
   * Writes weights, preprocessing and settings to a safetensors file, from which `loadModel` makes the same forecaster.
   */
  save(path: string): void;
  /** The forecaster as an ONNX file in the data's units, for use elsewhere; see `exportOnnx`. */
  exportOnnx(options: ExportOptions): Uint8Array;
  /** The same model, told of each treatment only whether it is above its threshold `[da]`; see `binaryTreatments`. */
  onOrOff(above: readonly number[]): Model<P>;
  /** Frees the compiled programs of its forecasts; a later forecast compiles them anew. */
  dispose(): Promise<void>;
}

/** Makes a forecaster of a network, its weights and what its forecasts need beside them. */
export function model<P>(network: Network<P>, weights: P, context: PredictorContext): Model<P> {
  const {preprocessing, engine} = context;
  return Object.freeze({
    ...predictor(network, weights, context),
    ...weighing(network, weights, context),
    ...stateReader(network, weights, context),
    onOrOff: (above: readonly number[]) =>
      model(network, weights, {...context, preprocessing: onOrOff(preprocessing, above)}),
    weights, parameters: parameterCount(weights), preprocessing, engine,
    save: (path: string) => saveModel(path, network, weights, context),
    exportOnnx: (options: ExportOptions) => exportOnnx(network, weights, context, options),
  });
}
