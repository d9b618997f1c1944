import {defaultProvider} from '../graph';
import type {Network} from '../models/network';
import type {Engine} from './engine';
import {model, type Model} from './model';
import {readModel} from './modelFile';
import type {DrawOptions} from './predictor';

/** Options of {@link loadModel}. */
export interface LoadOptions extends DrawOptions {
  /** Default: `defaultProvider`. */
  readonly engine?: Engine;
}

/**
 * The forecaster that `save` of a model wrote: with the same engine on the same machine its forecasts are equal bit for
 * bit.
 * @param network the network that it was trained as, which is code and not in the file; its weights are not looked at
 * @param options draws and their source: default as saved
 * @throws ArgumentError for a missing, damaged or other file, and for a network with other settings, other weights or
 * another forecast
 */
export async function loadModel<P>(
  path: string, network: Network<P>, {engine, ...changes}: LoadOptions = {},
): Promise<Model<P>> {
  const {weights, context} = readModel(path, network);
  return model(network, weights, {...context, ...changes, engine: engine ?? await defaultProvider()});
}
