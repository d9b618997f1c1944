import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {normal, rng} from '../../lib/math';
import {latentNode, obsNode, type HistoryTensors, type PlanTensors} from '../../lib/models';
import {leaves, tensors, type Weight} from '../../lib/nn';
import {dopri5, rk4} from '../../lib/ode';

const shape = {outcomes: 2, treatments: 1, statics: 0};
const size = {blocks: 2, hiddenLayers: 1, width: 6, hidden: 5} as const;
const times = [0, 1, 2.5, 3, 4.5];

/** Weights with nothing at zero, so that every path matters. */
const weights = obsNode(size).init(rng(1), shape);
leaves<Weight>(weights).forEach(({value}, i) =>
  normal(rng(50 + i), value.data.length).forEach((v, k) => { value.data[k] += 0.3 * v; }));
const params = tensors(weights);

const outcomes = [[0.1, -0.2], [0.3, 0.1], [0.2, 0.4], [0, 0], [0, 0]];
const treatments = [0.5, -1, 0, 0, 0];

/** The first `known` times as a history padded to five. */
function history(known: number, y = outcomes, a = treatments): HistoryTensors {
  const keep = <T>(values: readonly T[], n: number, zero: T) => values.map((v, k) => (k < n ? v : zero));
  return {
    time: tf.tensor2d([keep(times.map(t => t - times[known - 1]), known, 0)]),
    outcomes: tf.tensor3d([keep(y, known, [0, 0])]), observed: tf.tensor3d([keep(y.map(() => [1, 1]), known, [0, 0])]),
    treatments: tf.tensor3d([keep(a.map(v => [v]), known - 1, [0])]),
    last: tf.tensor2d([times.map((_, k) => (k === known - 1 ? 1 : 0))]), statics: tf.zeros([1, 0]),
  };
}
const plan = (a: readonly number[], duration: readonly number[]): PlanTensors =>
  ({treatments: tf.tensor3d([a.map(v => [v])]), duration: tf.tensor2d([[...duration]])});
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6) =>
  Array.from(expected).forEach((v, i) =>
    assert.ok(Math.abs(actual[i] - v) <= tolerance, `[${i}]: ${actual[i]} is not ${v}`));
const values = (t: tf.Tensor) => Array.from(t.dataSync());

describe('ObsNODE forecasts', () => {
  it('recursively, are what one gets by forecasting one interval, appending it to the history and asking '
      + 'again (A.2)', () => {
    const direct = obsNode(size), recursive = obsNode({...size, scheme: 'recursive'});
    const first = values(direct.forecast(params, history(3), plan([0.7], [0.5])));
    const appended = outcomes.map((y, k) => (k === 3 ? first : y));
    const given = treatments.map((a, k) => (k === 2 ? 0.7 : a));
    const second = values(direct.forecast(params, history(4, appended, given), plan([-0.3], [1.5])));
    close(values(recursive.forecast(params, history(3), plan([0.7, -0.3], [0.5, 1.5]))), [...first, ...second]);
  });

  it('directly and recursively agree on the first interval and part afterwards', () => {
    const two = plan([0.7, -0.3], [0.5, 1.5]);
    const direct = values(obsNode(size).forecast(params, history(3), two));
    const recursive = values(obsNode({...size, scheme: 'recursive'}).forecast(params, history(3), two));
    close(recursive.slice(0, 2), direct.slice(0, 2));
    assert.ok(Math.abs(recursive[2] - direct[2]) > 1e-4);
  });

  it('over two intervals with one dose equal one over their sum, as a flow must', () => {
    const settings = {...size, solver: rk4, substeps: 20} as const;
    const twice = values(obsNode(settings).forecast(params, history(3), plan([0.7, 0.7], [0.5, 1])));
    const once = values(obsNode(settings).forecast(params, history(3), plan([0.7], [1.5])));
    close(twice.slice(2), once, 1e-5);
  });

  it('converge as the solver is refined, and to the same values for two solvers', () => {
    const at = (solver: typeof rk4, substeps: number) =>
      values(obsNode({...size, solver, substeps}).forecast(params, history(3), plan([2], [1.5])));
    close(at(rk4, 16), at(dopri5, 16), 1e-5);
  });

  it('do not change with the length of the padding', () => {
    const {time, outcomes: y, observed, treatments: a, last, statics} = history(3);
    const cut = {
      time: time.slice([0, 0], [1, 3]), outcomes: y.slice([0, 0, 0], [1, 3, 2]),
      observed: observed.slice([0, 0, 0], [1, 3, 2]), treatments: a.slice([0, 0, 0], [1, 3, 1]),
      last: last.slice([0, 0], [1, 3]), statics,
    };
    close(
      values(obsNode(size).forecast(params, cut as HistoryTensors, plan([1], [1]))),
      values(obsNode(size).forecast(params, history(3), plan([1], [1]))),
    );
  });

  it('of an untrained latent NODE start, like those of ObsNODE, where the history ends', () => {
    const free = latentNode(size), own = tensors(free.init(rng(2), shape));
    close(values(free.forecast(own, history(3), plan([1], [1]))), outcomes[2]); // last layer zero: nothing moves
  });

  it('are refused for settings without meaning', () => {
    assert.throws(() => obsNode({substeps: 0}), /obsNode: argument `substeps` must be a whole number >= 1; received 0/);
    assert.throws(() => obsNode({timeScale: -1}), /argument `timeScale` must be a number > 0/);
  });
});
