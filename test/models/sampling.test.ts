import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {historyAt, historyRows, trajectories, type Trajectories} from '../../lib/data';
import {ndarray} from '../../lib/math';
import {cfOde, latentNode, obsNode, teCde, type HistoryTensors, type Network, type PlanTensors} from '../../lib/models';
import {tensors} from '../../lib/nn';
import {dopri5, euler} from '../../lib/ode';
import {stirred} from './wholeNetwork';

const SHAPE = {outcomes: 2, treatments: 1, statics: 0}, END = 6;
/** A smooth path of two outcomes; a treatment that changes at whole times. */
const outcome = (t: number) => [Math.sin(t), 0.5 * Math.cos(1.7 * t)];
const dose = (t: number) => Math.sin(3 * Math.floor(t));

/** The path seen at these times, up to the last of them. */
function seenAt(times: readonly number[]): HistoryTensors {
  const T = times.length, shape = [1, T, 2], channel = (name: string) => ({name, unit: ''});
  const data: Trajectories = trajectories({
    name: 'path', timeUnit: 'h', time: Float64Array.from(times),
    outcomes: ndarray(shape, Float64Array.from(times.flatMap(outcome))),
    observed: ndarray(shape, new Float64Array(2 * T).fill(1)),
    treatments: ndarray([1, T, 1], Float64Array.from(times, dose)),
    statics: ndarray([1, 0]),
    channels: {outcomes: [channel('a'), channel('b')], treatments: [channel('u')], statics: []},
  });
  const rows = historyRows(historyAt(data, T - 1), {length: T, timeScale: 1});
  return {
    time: tf.tensor2d(rows.time, [1, T]), outcomes: tf.tensor3d(rows.outcomes, [1, T, 2]),
    observed: tf.tensor3d(rows.observed, [1, T, 2]),
    treatments: tf.tensor3d(rows.treatments, [1, T, 1]), last: tf.tensor2d(rows.last, [1, T]),
    statics: tf.zeros([1, 0]),
  };
}

/** Three unit intervals of a plan, each cut into `parts`. */
const cut = (parts: number): PlanTensors => ({
  duration: tf.fill([1, 3 * parts], 1 / parts),
  treatments: tf.tensor3d([0.8, -0.6, 1.1].flatMap(a => Array<number>(parts).fill(a)), [1, 3 * parts, 1]),
});

const regular = (n: number) => Array.from({length: END * n + 1}, (_, k) => k / n);

/** Forecasts at the ends of the three intervals. */
function answer<P>(network: Network<P>, history: HistoryTensors, parts = 1): Float32Array {
  return tf.tidy(() => {
    const all = network.forecast(tensors(stirred(network, SHAPE as never)), history, cut(parts)) as tf.Tensor3D;
    return Float32Array.from(tf.stack([1, 2, 3].map(k => all.slice([0, k * parts - 1, 0], [1, 1, 2]))).dataSync());
  });
}

const apart = (a: Float32Array, b: Float32Array) => Math.max(...a.map((v, i) => Math.abs(v - b[i])));

describe('a plan that is cut finer, same treatments, same histories', function () {
  this.timeout(120_000);
  const history = seenAt(regular(1)), small = {width: 6, hidden: 6};
  const order = <P>(network: Network<P>) => {
    const [once, twice, often] = [1, 2, 16].map(parts => answer(network, history, parts));
    return {first: apart(once, often), second: apart(twice, often)};
  };

  for (const [network, least] of [
    [obsNode({...small, solver: euler}), 1.6], [latentNode({...small, solver: euler}), 1.6],
    [cfOde({state: 4, solver: euler} as never), 1.6],
  ] as const)
    it(`${network.name} forecasts the same at shared times, the closer the shorter its steps are`, () => {
      const {first, second} = order(network as Network<unknown>);
      assert.ok(first > 1e-4 && first / second > least, `${first} and ${second} from the limit`);
    });

  it('obsNode with a method of order 5 and few intervals is there already, to the rounding of its numbers', () => {
    const {first} = order(obsNode({...small, solver: dopri5, substeps: 4}));
    assert.ok(first < 1e-5, `${first}`);
  });
});

describe('a history that is sampled finer, same path', function () {
  this.timeout(300_000);
  const gaps = (reads: 'path' | 'measurements') => {
    const network = teCde({state: 4, width: 6, reads});
    const all = [2, 4, 8, 16, 32].map(n => answer(network, seenAt(regular(n))));
    return all.slice(1).map((a, k) => apart(a, all[k]));
  };

  it('a neural CDE that reads the path converges, at the first order of its Euler steps', () => {
    const [, second, third, last] = gaps('path');
    assert.ok(second / third > 1.5 && third / last > 1.5 && last < 0.02, `${[second, third, last]}`);
  });

  it('one that reads the measurements does not: how often it was measured is part of what it knows', () => {
    const [first, ...later] = gaps('measurements');
    assert.ok(Math.max(...later) > 0.5 * first, `${[first, ...later]}`);
  });

  it('uneven times converge to what even times converge to', () => {
    const network = teCde({state: 4, width: 6, reads: 'path'}), limit = answer(network, seenAt(regular(64)));
    const uneven = (n: number) => regular(n).flatMap(t => (t < END ? [t, t + 0.3 / n, t + 0.4 / n] : [t]));
    const [coarse, fine] = [4, 16].map(n => apart(answer(network, seenAt(uneven(n))), limit));
    assert.ok(fine < coarse / 2 && fine < 0.02, `${coarse}, ${fine}`);
  });
});

describe('what is proved of models that read times by an LSTM', () => {
  it('only how long ago each measurement was counts: later by the clock is the same history', () => {
    const network = obsNode({width: 6, hidden: 6}), times = [0, 0.5, 2, 3.25, 6], data = seenAt(times);
    const timed = (change: (t: number) => number) => ({...data, time: tf.tensor2d(times.map(change), [1, 5])});
    const moved = timed(t => t + 26), slower = timed(t => (t - 6) * 1.1);
    assert.ok(apart(answer(network, moved), answer(network, data)) < 1e-6);
    assert.ok(apart(answer(network, slower), answer(network, data)) > 1e-5, 'and the times are read');
  });
});
