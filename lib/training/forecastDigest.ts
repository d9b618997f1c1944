import type {Network} from '../models/network';
import {inputShapes} from './batches';
import {prepare} from './engine';
import {flatten, forecastFunction} from './functions';
import type {PredictorContext} from './predictor';

/**
 * Hash of what a network forecasts from its weights, one row one step ahead; undefined for one that cannot be recorded.
 */
export function forecastDigest<P>(
  network: Network<P>, template: P, {shape, length}: Pick<PredictorContext, 'shape' | 'length'>,
): string | undefined {
  const {history, plan} = inputShapes({batch: 1, length, horizon: 1}, shape);
  const shapes = [[flatten(template).length], ...history, ...plan, ...(network.noise ? [[1, network.noise(1)]] : [])];
  return prepare(forecastFunction(network, template), shapes, 'eager').digest;
}
