import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import type {HistoryTensors, Network} from '../../lib/models';
import {tensors} from '../../lib/nn';
import {relativeError} from '../graph/compare';
import {exampleBatch, stirred} from './wholeNetwork';

/** Forecasts are the same however far histories are padded. */
export function expectPaddingDoesNotMatter<P>(network: Network<P>): void {
  const {history, plan} = exampleBatch(), params = tensors(stirred(network));
  const longer = (t: tf.Tensor) => tf.pad(t, t.shape.map((_, axis) => [0, axis === 1 ? 3 : 0] as [number, number]));
  const padded = {
    ...Object.fromEntries(Object.entries(history).map(([name, t]: [string, tf.Tensor]) => [name, longer(t)])),
    statics: history.statics,
  } as unknown as HistoryTensors;
  const [short, long] = [history, padded].map(h => network.forecast(params, h, plan).dataSync());
  assert.ok(relativeError(long, short) < 1e-5, `${relativeError(long, short)}`);
}
