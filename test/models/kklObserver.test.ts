import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {expm, normal, rng} from '../../lib/math';
import {
  filtered, filterHistory, kklObserver, obsNode, orthonormalising, restingFilter, type HistoryTensors,
} from '../../lib/models';
import {leaves, tensors, type Weight} from '../../lib/nn';
import {
  controlAt, controlSlope, linearControl, odeTerm, orThrow, piecewiseConstantControl, rk4, solve,
} from '../../lib/ode';
import {untrained} from '../../lib/training';
import {cancerCohort} from '../../lib/studies/cancer';
import {expectSeesOnlyHistoryAndPlan} from './noLeak';
import {stirred} from './wholeNetwork';

const poles = [0.3, 0.9, 2.5], lambda = tf.tensor1d(poles);
/** Irregular times with an outcome that was not measured everywhere: NaN. */
const TIMES = [0, 0.2, 1.1, 1.5, 3.2, 3.3, 4.9], Y = [0.4, -1.2, NaN, 0.8, 1.9, NaN, NaN];
const A = [1.5, -0.5, 0.7, 0, 2, -1];

/** The history of {@link TIMES} up to the last of them, then `padding` empty times. */
function history(times = TIMES, y = Y, a = A, padding = 0): HistoryTensors {
  const n = times.length, L = n + padding, filled = (values: readonly number[]) =>
    Array.from({length: L}, (_, k) => (Number.isFinite(values[k]) ? values[k] : 0));
  return {
    time: tf.tensor2d(filled(times.map(t => t - times[n - 1])), [1, L]),
    outcomes: tf.tensor3d(filled(y), [1, L, 1]),
    observed: tf.tensor3d(filled(y.map(v => (Number.isNaN(v) ? 0 : 1))), [1, L, 1]),
    treatments: tf.tensor3d(filled(a), [1, L, 1]),
    last: tf.tensor2d(filled(times.map((_, k) => (k === n - 1 ? 1 : 0))), [1, L]), statics: tf.zeros([1, 0]),
  };
}
const filter = (given: HistoryTensors) => filterHistory(given, poles, tf.zeros([1]));
const untilDecision = (x: tf.Tensor3D) => x.slice([0, 0, 0], [1, 7, 1]);
const values = (x: tf.Tensor) => Array.from(x.dataSync());
const close = (actual: readonly number[], expected: readonly number[], tolerance: number) =>
  expected.forEach((v, i) => assert.ok(Math.abs(actual[i] - v) < tolerance, `[${i}]: ${actual[i]} is not ${v}`));

/** dx_k/dt = -lambda_k x_k + u by many small Runge-Kutta steps; u is constant in each interval: that in its middle. */
function solved(u: (middle: number) => number): number[] {
  let y0: Float64Array = new Float64Array(poles.length);
  for (let k = 0; k + 1 < TIMES.length; k++) {
    const input = u((TIMES[k] + TIMES[k + 1]) / 2);
    const term = odeTerm((_: number, x: Float64Array): Float64Array => x.map((v, i) => input - poles[i] * v));
    const options = {solver: rk4, t0: TIMES[k], t1: TIMES[k + 1], y0, dt: (TIMES[k + 1] - TIMES[k]) / 200};
    const {ys} = orThrow(solve(term, options));
    y0 = ys[ys.length - 1];
  }
  return Array.from(y0);
}

describe('the linear filter of the KKL observer', () => {
  it('is the solution of its differential equation over irregular times, driven by the slopes between '
      + 'measurements', () => {
    const measured = TIMES.map((_, k) => k).filter(k => !Number.isNaN(Y[k])), knots = measured.map(k => TIMES[k]);
    const path = linearControl(knots, measured.map(k => Float64Array.of(Y[k]))), end = knots[knots.length - 1];
    const expected = solved(middle => (middle < end ? controlSlope(path, middle)[0] : 0));
    close(values(filter(history()).slopes), expected, 2e-6);
  });

  it('and by treatments that are constant in their intervals', () => {
    const doses = piecewiseConstantControl(TIMES, A.map(v => Float64Array.of(v)));
    close(values(filter(history()).doses), solved(middle => controlAt(doses, middle)[0]), 2e-6);
  });

  it('takes one gap as the matrix exponential of the equation with its input does', () => {
    const rows = [...poles.map((p, i) => [...poles.map((_, j) => (i === j ? -p : 0)), 1]), [0, 0, 0, 0]];
    const gap = 0.7, exact = expm(rows.map(row => row.map(v => v * gap)));
    const start = [0.5, -1, 2], dose = 1.3, expected = poles.map((_, i) =>
      start.reduce((sum, v, j) => sum + exact.get(i, j) * v, 0) + exact.get(i, 3) * dose);
    const before = {
      ...restingFilter(1, {outcomes: 1, treatments: 1, poles: 3}, tf.zeros([1])), doses: tf.tensor3d(start, [1, 1, 3]),
    };
    const one = tf.tensor2d([[0]]), after = filtered(before, {
      outcome: one, observed: one, treatment: tf.tensor2d([[dose]]), duration: tf.tensor2d([[gap]]),
    }, lambda);
    close(values(after.doses), expected, 1e-6);
  });

  it('does not change when a gap is split by a time at which nothing is measured', () => {
    const split = (at: number) => {
      const t = [...TIMES], y = [...Y], a = [...A];
      t.splice(at + 1, 0, 0.3 * TIMES[at] + 0.7 * TIMES[at + 1]);
      y.splice(at + 1, 0, NaN);
      a.splice(at + 1, 0, A[at]);
      return filter(history(t, y, a));
    };
    const own = filter(history());
    for (let at = 0; at + 1 < TIMES.length; at++) {
      for (const key of ['slopes', 'doses', 'held', 'since', 'elapsed'] as const) {
        close(values(split(at)[key]), values(own[key]), 2e-6);
      }
    }
  });

  it('reads neither padding nor what stands after the decision', () => {
    const padded = history(TIMES, Y, A, 2), own = filter(history());
    const seen = tf.concat<tf.Tensor3D>([untilDecision(padded.observed), tf.ones<tf.Rank.R3>([1, 2, 1])], 1);
    const after = tf.sub<tf.Tensor3D>(seen, padded.observed);
    const late = {...padded, observed: seen, outcomes: tf.add<tf.Tensor3D>(padded.outcomes, after)};
    for (const key of ['slopes', 'doses', 'held', 'since'] as const) {
      assert.deepEqual(values(filter(padded)[key]), values(own[key]));
      assert.deepEqual(values(filter(late)[key]), values(own[key]));
    }
  });

  it('has responses that its network reads as an orthonormal set', () => {
    const m = orthonormalising(poles), step = 1e-3, grid = Array.from({length: 60_000}, (_, k) => (k + 0.5) * step);
    const response = (row: readonly number[], t: number) => row.reduce((s, v, k) => s + v * Math.exp(-poles[k] * t), 0);
    m.forEach((a, i) => m.forEach((b, j) => close(
      [grid.reduce((s, t) => s + step * response(a, t) * response(b, t), 0)], [i === j ? 1 : 0], 1e-5)));
  });
});

describe('a state-space network with the KKL observer', function () {
  this.timeout(60_000);
  const SHAPE = {outcomes: 2, treatments: 2, statics: 0};
  const network = (scheme: 'direct' | 'recursive') =>
    obsNode({blocks: 2, width: 6, hidden: 6, scheme, recogniser: kklObserver({poles: 3})});
  const data = cancerCohort({patients: 6, steps: 12, gamma: 4, rng: 1}).trajectories;

  for (const scheme of ['direct', 'recursive'] as const) {
    it(`sees history and plan only (${scheme})`, async () => {
      const shape = {...SHAPE, statics: data.statics.shape[1]}, told = network(scheme);
      const fitted = await untrained(told, {weights: stirred(told as never, shape as never) as never, engine: 'cpu'})
        .fit(data, data, {rng: rng(1)});
      await expectSeesOnlyHistoryAndPlan(fitted, data, {usesPlan: true, runs: 4});
    });
  }

  it('recursively, reads its own forecast as it would a measurement', () => {
    const one = {outcomes: 1, treatments: 1, statics: 0}, size = {blocks: 2, width: 6, hidden: 6};
    const make = (scheme: 'direct' | 'recursive') =>
      obsNode({...size, scheme, recogniser: kklObserver({poles: 3, slowest: 0.1, fastest: 3})});
    const weights = make('direct').init(rng(1), one);
    leaves<Weight>(weights).forEach(({value}, i) =>
      normal(rng(50 + i), value.data.length).forEach((v, k) => { value.data[k] += 0.3 * v; }));
    const params = tensors(weights), plan = (a: number[], s: number[]) =>
      ({treatments: tf.tensor3d(a, [1, a.length, 1]), duration: tf.tensor2d(s, [1, s.length])});
    const first = values(make('direct').forecast(params, history(), plan([0.7], [0.5])));
    const grown = history([...TIMES, 5.4], [...Y, first[0]], [...A, 0.7]);
    const second = values(make('direct').forecast(params, grown, plan([-0.3], [1.5])));
    const both = make('recursive').forecast(params, history(), plan([0.7, -0.3], [0.5, 1.5]));
    close(values(both), [...first, ...second], 2e-6);
  });

  it('is refused for poles without meaning', () => {
    assert.throws(() => kklObserver({poles: 0}), /kklObserver: argument `poles` must be a whole number/);
    assert.throws(() => kklObserver({slowest: -1}), /argument `slowest` must be a number > 0/);
    const near = kklObserver({poles: 6, slowest: 1, fastest: 1.1});
    assert.throws(() => near.recognise(tensors(near.init(rng(1), {outcomes: 1, treatments: 1, statics: 0},
      {blocks: 1, hidden: 2})), history(), {anchor: 'observation', timeScale: 1}), /at least 2.5 times slowest/);
  });
});
