import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {normal, rng} from '../../lib/math';
import {
  cdeDecode, cdeEncode, followPath, initCdeDecoder, initCdeEncoder, initCdeField, type HistoryTensors, type PlanTensors,
} from '../../lib/models';
import {leaves, tensors, type LinearParams, type MlpParams, type Weight} from '../../lib/nn';
import {cdeTerm, euler, linearControl, midpoint, orThrow, rk4, solve, type Solver} from '../../lib/ode';

const shape = {outcomes: 2, treatments: 1, statics: 1}, size = {state: 4, width: 5};
const times = [0, 1, 2.5, 3, 4.5], y = [[0.1, -0.2], [0.3, 0.1], [0.2, 0.4], [0, 0], [0, 0]];
const seen = [[1, 1], [1, 0], [1, 1], [0, 0], [0, 0]], a = [0.5, -1, 0, 0, 0];
const stir = <P>(weights: P): P => (leaves<Weight>(weights).forEach(({value}, i) =>
  normal(rng(50 + i), value.data.length).forEach((v, k) => { value.data[k] += 0.3 * v; })), weights);
const encoder = stir(initCdeEncoder(rng(1), shape, size)), decoder = stir(initCdeDecoder(rng(2), shape, size));
const settings = (solver: Solver, substeps = 1) => ({activation: 'tanh', solver, substeps}) as const, TIME_SCALE = 10;
const values = (t: tf.Tensor) => Array.from(t.dataSync());
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-6) =>
  Array.from(expected).forEach((v, i) =>
    assert.ok(Math.abs(actual[i] - v) <= tolerance, `[${i}]: ${actual[i]} is not ${v}`));

/** Three of `length` times known. */
function history(length = 5, after = 0): HistoryTensors {
  const fill = <T>(v: readonly T[], rest: T, known = 3) => Array.from({length}, (_, k) => (k < known ? v[k] : rest));
  return {
    time: tf.tensor2d([fill(times.map(t => t - times[2]), 0)]), outcomes: tf.tensor3d([fill(y, [after, after])]),
    observed: tf.tensor3d([fill(seen, [after && 1, after && 1])]),
    treatments: tf.tensor3d([fill(a.map(v => [v]), [after], 2)]),
    last: tf.tensor2d([Array.from({length}, (_, k) => (k === 2 ? 1 : 0))]), statics: tf.tensor2d([[0.7]]),
  };
}
const encoded = (solver: Solver, substeps?: number, h = history()) =>
  values(cdeEncode(tensors(encoder), h, settings(solver, substeps), TIME_SCALE).z);

// The same equation in float64, written from its definition: no tensor, no code of the model.
const affine = ({weight, bias}: LinearParams, x: ArrayLike<number>) => Array.from(bias.data, (b, j) =>
  b + Array.from(x).reduce((sum, v, i) => sum + v * weight.data[i * bias.data.length + j], 0));
function field({layers}: MlpParams, channels: number) {
  return (_: number, z: Float64Array): Float64Array => {
    const flat = affine(layers[1], affine(layers[0], z).map(Math.tanh)).map(Math.tanh), d = z.length;
    return Float64Array.from({length: d * channels}, (__, i) => flat[(i % channels) * d + Math.floor(i / channels)]);
  };
}
const follow = (
  params: MlpParams, start: readonly number[], path: readonly (readonly number[])[],
  {solver, dt}: {readonly solver: Solver; readonly dt: number},
): number[] => {
  const control = linearControl(path.map((_, k) => k), path.map(x => Float64Array.from(x)));
  return Array.from(orThrow(solve(cdeTerm(field(params, path[0].length), control), {
    solver, t0: 0, t1: path.length - 1, dt, y0: Float64Array.from(start),
  })).ys.at(-1)!);
};

/** Knots of the path: outcomes, counts / 5, rates x 5, treatment before, its integral and time on a clock of 5 a time scale. */
function knots(): number[][] {
  const filled = y.slice(0, 3).map((row, k) => row.map((v, j) => (seen[k][j] ? v : encoder.imputation.data[j])));
  const count = [0, 0], path: number[][] = [];
  let dose = 0;
  for (let k = 0; k < 3; k++) {
    const clock = 5 * times[k] / TIME_SCALE, before = k > 0 ? a[k - 1] : 0;
    if (k > 0) [dose, count[0], count[1]] = [
      dose + before * 5 * (times[k] - times[k - 1]) / TIME_SCALE, count[0] + seen[k][0] / 5, count[1] + seen[k][1] / 5,
    ];
    const rate = [0, 1].map(j => (k > 0 && seen[k][j] && seen[k - 1][j] ? 5 * (filled[k][j] - filled[k - 1][j]) : 0));
    path.push([...filled[k], ...count, ...rate, before, dose, clock]);
  }
  return path;
}
const first = () => affine(encoder.start, [y[0][0], y[0][1], 1, 1, 0.7]);

describe('neural CDE', () => {
  it('follows a history as an independent solve in float64 does, with its own control and solver', () => {
    close(encoded(rk4, 32), follow(encoder.field, first(), knots(), {solver: rk4, dt: 1 / 64}));
  });

  it('by Euler steps from knot to knot moves with the segment ahead, not with the one before', () => {
    close(encoded(euler), follow(encoder.field, first(), knots(), {solver: euler, dt: 1}));
    close(encoded(midpoint), follow(encoder.field, first(), knots(), {solver: midpoint, dt: 1}));
  });

  it('stands still after t_c: padding, and whatever is written there, changes nothing', () => {
    assert.deepEqual(encoded(midpoint, 2, history(3)), encoded(midpoint, 2, history(5)));
    const polluted = history(5, 9);
    assert.deepEqual(encoded(midpoint, 2, polluted), encoded(midpoint, 2));
  });

  it('reads a history of one measurement', () => {
    const h = history(1);
    const one = {
      ...h, time: tf.zeros<tf.Rank.R2>([1, 1]), treatments: tf.zeros<tf.Rank.R3>([1, 1, 1]),
      last: tf.ones<tf.Rank.R2>([1, 1]),
    };
    close(encoded(euler, 1, one), first());
  });

  it('moves no faster than its path: tanh comes last', () => {
    const params = stir(initCdeField(rng(3), {state: 4, channels: 3, width: 5})), z = tf.tensor2d([[100, -50, 3, 0]]);
    leaves<Weight>(params).forEach(({value}) => value.data.forEach((v, i) => { value.data[i] = 50 * v; }));
    const moved = values(tf.sub(followPath(tensors(params), z, tf.tensor2d([[0.5, -1, 2]]), settings(euler)), z));
    moved.forEach(v => assert.ok(Math.abs(v) <= 3.5 + 1e-5, `${v}`));
  });

  it('follows a plan as an independent solve does, and reads the outcome off what the state moved', () => {
    const doses = [0.7, -0.3], durations = [0.5, 1.5], before = -1, start = [0.1, -0.4, 0.2, 0.3], outcome = [2, -1];
    const plan: PlanTensors = {treatments: tf.tensor3d([doses.map(v => [v])]), duration: tf.tensor2d([durations])};
    const path = [[0, 0, before]];
    doses.forEach((dose, k) => {
      const [clock, integral] = path[k], dt = 5 * durations[k] / TIME_SCALE;
      path.push([clock + dt, integral + dose * dt, dose]);
    });
    const forecast = cdeDecode(
      tensors(decoder), {z: tf.tensor2d([start]), outcome: tf.tensor2d([outcome]), treatment: tf.tensor2d([[before]])},
      plan, {solving: settings(rk4, 32), timeScale: TIME_SCALE},
    );
    const expected = [2, 3].flatMap(n => {
      const moved = follow(decoder.field, start, path.slice(0, n), {solver: rk4, dt: 1 / 64}).map((v, i) =>
        v - start[i]);
      return outcome.map((v, j) => v + moved.reduce((sum, m, i) => sum + m * decoder.readout.data[i * 2 + j], 0));
    });
    close(values(forecast), expected);
  });

  it('refuses sizes without meaning', () => assert.throws(
    () => initCdeField(rng(1), {state: 0, channels: 1, width: 1}),
    /initCdeField: argument `state` must be a whole number >= 1/,
  ));
});
