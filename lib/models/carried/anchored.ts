import * as tf from '@tensorflow/tfjs';
import type {HistoryTensors, Network} from '../network';
import {reading} from '../parts/reading';

/**
 * The same network, anchored at the last measured value of everything: what was not measured at t_c it reads there as
 * if it had been, with the value of the last time at which it was. Most networks of the library forecast the outcome
 * read at t_c and a change that is zero before training; anchored, they begin as `persistence` does and learn what to
 * add. Without it a component that is measured now and then starts from a guess, and a network of few units hardly
 * learns to carry a value over many times at which it reads nothing.
 *
 * What it costs: at t_c the network no longer sees what was measured just then. Targets are what they were. Weights,
 * name and information are the network's own: a history says the same with or without its last values repeated.
 * @reference Zeng et al. 2023, Are transformers effective for time series forecasting? Their NLinear subtracts the
 * last value and adds it again. doi:10.1609/aaai.v37i9.26317
 * @example
 * ```ts
 * import {anchored, latentNode} from './lib';
 * console.log(anchored(latentNode({width: 8})).config.anchored);   // true
 * ```
 */
export function anchored<P>(network: Network<P>): Network<P> {
  return reading(network, {history: carried}, {config: {anchored: true}});
}

/** The history with the last measured values in the gaps of t_c, marked as measured; other times stay as they are. */
function carried(history: HistoryTensors): HistoryTensors {
  const {outcomes, observed, last} = history;
  // 1 at the last time at which a component was measured: nothing of it comes later. Behind t_c all is 0.
  const later = tf.cumsum(observed, 1, true, true), newest = tf.mul(observed, tf.relu(tf.sub(1, later)));
  const gaps = tf.mul(last.expandDims<tf.Tensor3D>(2), tf.sub<tf.Tensor3D>(1, observed));
  const fill = (values: tf.Tensor) => tf.mul(gaps, tf.sum(values, 1, true));
  return {
    ...history,
    outcomes: tf.add<tf.Tensor3D>(outcomes, fill(tf.mul(outcomes, newest))),
    observed: tf.add<tf.Tensor3D>(observed, fill(newest)),
  };
}
