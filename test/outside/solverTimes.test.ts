import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  backwardHermiteControl, cdeTerm, controlAt, controlledTerm, denseAt, dopri5, euler, heun, linearControl, midpoint,
  naturalCubicControl, odeTerm, orThrow, piecewiseConstantControl, rk4,
  rk4ThreeEighths, solve, tsit5,
} from '../../lib/ode';

const numbers = (...values: number[]): Float64Array => Float64Array.of(...values);
const solvers = {euler, midpoint, heun, rk4, rk4ThreeEighths, dopri5, tsit5};
const adaptive = {midpoint, heun, dopri5, tsit5};
const EPOCH = 1.7e9, tolerances = {rtol: 1e-9, atol: 1e-12};
/** y' = u. */
const summed = (ts: number[], doses: number[]) => controlledTerm(
  (_t: number, _y: Float64Array, u: Float64Array) => u, piecewiseConstantControl(ts, doses.map(d => numbers(d))),
);

describe('times far from zero (seconds since 1970)', () => {
  // 0.001 s is not a float64 number of seconds there: closed forms use the times as they are.
  const ts = [EPOCH, EPOCH + 0.001, EPOCH + 0.002], [first, second] = [ts[1] - ts[0], ts[2] - ts[1]];

  for (const [name, solver] of Object.entries(solvers))
    it(`${name}: doses of 1 and 5, a millisecond each, add up to 0.006`, () => {
      const modes = [{dt: 1}, {dt: 3e-4}, ...(name in adaptive ? [{tolerances}] : [])];
      for (const mode of modes) {
        const {ys, status} = solve(summed(ts, [1, 5]), {
          solver, t0: ts[0], t1: ts[2], y0: numbers(0), ...mode, saveAt: {ts},
        });
        assert.equal(status, 'ok');
        [0, first, first + 5 * second].forEach((y, i) =>
          assert.ok(Math.abs(ys[i][0] - y) < 1e-15, `${ys[i][0]} at ${i}`));
        assert.ok(Math.abs(ys[2][0] - 0.006) < 2e-6);
      }
    });

  it('so they do backwards', () => {
    for (const mode of [{dt: 1}, {tolerances}]) {
      const {ys} = orThrow(solve(summed(ts, [1, 5]), {solver: tsit5, t0: ts[2], t1: ts[0], y0: numbers(0), ...mode}));
      assert.ok(Math.abs(ys[0][0] + first + 5 * second) < 1e-15);
    }
  });

  it('save times a millisecond apart are met, on fixed and on adaptive steps, to rounding of the times', () => {
    const saved = Array.from({length: 8}, (_, i) => EPOCH + (i + 1) / 1000);
    const decay = odeTerm((_, y: Float64Array) => y.map(v => -200 * v));
    for (const mode of [{dt: 1e-5}, {tolerances}]) {
      const {ts: times, ys} =
        orThrow(solve(decay, {solver: dopri5, t0: EPOCH, t1: saved[7], y0: numbers(1), ...mode, saveAt: {ts: saved}}));
      assert.deepEqual(times, saved);
      times.forEach((t, i) => assert.ok(Math.abs(ys[i][0] / Math.exp(-200 * (t - EPOCH)) - 1) < 1e-8));
    }
  });

  it('dense output and adaptive steps agree with closed forms at 1.7e9 as at 0', () => {
    for (const t0 of [0, EPOCH, -EPOCH]) {
      const swing = odeTerm((_, [x, v]: Float64Array) => numbers(v, -25 * x));
      const solution = orThrow(solve(swing, {
        solver: tsit5, t0, t1: t0 + 2, y0: numbers(1, 0), tolerances: {rtol: 1e-8, atol: 1e-10}, saveAt: {dense: true},
      }));
      for (let k = 0; k <= 64; k++)
        assert.ok(Math.abs(denseAt(solution, t0 + k / 32)[0] - Math.cos(5 * k / 32)) < 1e-6);
    }
  });

  it('every control passes through its data there, and a path integral along it telescopes', () => {
    const knots = [0, 1, 4, 6].map(k => EPOCH + k / 1024), data = [1, -2, 3, 0.5].map(v => numbers(v));
    for (const make of [linearControl, naturalCubicControl, backwardHermiteControl]) {
      const control = make(knots, data);
      knots.forEach((t, i) => assert.ok(Math.abs(controlAt(control, t)[0] - data[i][0]) < 1e-9));
      const {ys} = orThrow(solve(cdeTerm((_t, _y: Float64Array) => numbers(1), control), {
        solver: rk4, t0: knots[0], t1: knots[3], y0: numbers(1), dt: 1,
      }));
      assert.ok(Math.abs(ys[0][0] - 0.5) < 1e-9);
    }
  });

  it('a step that cannot change the time is refused, with what to do', () => {
    assert.throws(
      () => solve(summed(ts, [1, 5]), {solver: rk4, t0: ts[0], t1: ts[2], y0: numbers(0), dt: 1e-9}),
      /solve: argument `dt` must be long enough to change t.*Count times from the start/,
    );
  });

  it('a step that underflows for want of digits of the time says so', () => {
    const fast = odeTerm((_, y: Float64Array) => y.map(v => -1e8 * v));
    const {status, advice} = solve(fast, {solver: tsit5, t0: EPOCH, t1: EPOCH + 1e-4, y0: numbers(1), tolerances});
    assert.equal(status, 'step-underflow');
    assert.match(advice ?? '', /Times are far from zero .* count them from its start/);
  });
});

describe('no knot is dropped, however close to the next', () => {
  it('the smallest interval that float64 holds is integrated over, at any size of time', () => {
    for (const t0 of [1, 1000, EPOCH, -EPOCH, 1e-9]) {
      const ulp = Math.abs(t0) * Number.EPSILON * 2, ts = [t0, t0 + ulp, t0 + 2 * ulp, t0 + 4096 * ulp];
      const doses = [1e6, 1e9, 1];
      const exact = doses.reduce((sum, dose, i) => sum + dose * (ts[i + 1] - ts[i]), 0);
      for (const mode of [{dt: 1}, {tolerances: {rtol: 1e-9, atol: 1e-18 * Math.abs(t0)}}]) {
        const {ys} = orThrow(solve(summed(ts, doses), {solver: heun, t0, t1: ts[3], y0: numbers(0), ...mode}));
        assert.ok(Math.abs(ys[0][0] / exact - 1) < 1e-12, `${ys[0][0]} of ${exact} at ${t0}`);
      }
    }
  });

  it('random plans at random times add up, with save times at their knots', () => {
    const plan = fc.tuple(
      fc.constantFrom(0, 1, 1e6, 1.7e9, -3e8),
      fc.array(fc.tuple(fc.integer({min: 1, max: 5000}), fc.integer({min: -9, max: 9})), {minLength: 1, maxLength: 8}),
    );
    fc.assert(fc.property(plan, ([t0, parts]) => {
      const ts: number[] = [t0];
      for (const [length] of parts) ts.push(ts[ts.length - 1] + length / 1000);
      const sums = [0];
      parts.forEach(([, dose], i) => sums.push(sums[i] + dose * (ts[i + 1] - ts[i])));
      for (const mode of [{dt: 10}, {tolerances}]) {
        const {ys} = orThrow(solve(summed(ts, parts.map(([, dose]) => dose)), {
          solver: tsit5, t0, t1: ts[parts.length], y0: numbers(0), ...mode, saveAt: {ts},
        }));
        ys.forEach(([y], i) => assert.ok(Math.abs(y - sums[i]) < 1e-9));
      }
    }), {numRuns: 200, seed: 1});
  });

  it('a save time that differs from a knot by rounding costs no step of its own', () => {
    const knots = Array.from({length: 11}, (_, i) => i / 10), added = [0];
    for (let i = 0; i < 10; i++) added.push(added[i] + 0.1);
    assert.notDeepEqual(knots, added);
    const {ts, stats} = orThrow(solve(summed(knots, knots.slice(1)), {
      solver: rk4, t0: 0, t1: 1, y0: numbers(0), dt: 1, saveAt: {ts: added},
    }));
    assert.deepEqual([ts, stats.steps], [added, 10]);
  });
});

describe('events and limits of adaptive steps', () => {
  const bump = odeTerm((t, y: Float64Array) => y.map(() => Math.exp(-(((t - 500) / 0.5) ** 2))));
  const area = 0.5 * Math.sqrt(Math.PI);
  const run = (options: object) =>
    solve(bump, {solver: dopri5, t0: 0, t1: 1000, y0: numbers(0), tolerances: {rtol: 1e-6, atol: 1e-9}, ...options});

  it('a bump at t = 500 of width 0.5 is met when no step is longer than that', () => {
    const met = orThrow(run({maxStep: 0.5, saveAt: {steps: true}}));
    assert.ok(Math.abs(met.ys.at(-1)![0] - area) < 1e-6);
    assert.ok(met.ts.slice(1).every((t, i) => t - met.ts[i] <= 0.5 * (1 + 1e-12)));
    assert.ok(
      orThrow(run({})).ys[0][0] < area / 2, 'without it the bump is stepped over: this is why the option exists',
    );
  });

  it('maxStep holds backwards and across knots', () => {
    const term = summed([0, 0.3, 2, 10], [1, 2, 3]);
    const {ts, ys} = orThrow(solve(term, {
      solver: tsit5, t0: 10, t1: 0, y0: numbers(0), tolerances, maxStep: 0.7, saveAt: {steps: true},
    }));
    assert.ok(ts.slice(1).every((t, i) => ts[i] - t <= 0.7 * (1 + 1e-12)));
    assert.ok(Math.abs(ys.at(-1)![0] + 0.3 + 3.4 + 24) < 1e-12);
  });

  it('a maximal step that is none, or beside dt, is refused', () => {
    for (const maxStep of [0, -1, NaN])
      assert.throws(() => run({maxStep}), /solve: argument `maxStep` must be a number > 0, together with tolerances/);
    assert.throws(() => run({maxStep: 1, dt: 1, tolerances: undefined}), /argument `maxStep`/);
  });

  it('an empty state is refused rather than stepped 100,000 times', () => {
    const still = odeTerm((_, y: Float64Array) => y);
    for (const mode of [{dt: 0.1}, {tolerances}]) assert.throws(
      () => solve(still, {solver: tsit5, t0: 0, t1: 1, y0: numbers(), ...mode}),
      /solve: argument `y0` must be at least one number/,
    );
  });

  it('tolerances finer than the numbers are refused at once, for tensors with a hint', () => {
    const still = odeTerm((_, y: Float64Array) => y), tensors = odeTerm((_, y: tf.Tensor) => tf.neg(y));
    assert.throws(
      () => solve(still, {solver: tsit5, t0: 0, t1: 1, y0: numbers(1), tolerances: {rtol: 1e-16, atol: 1e-12}}),
      /rtol >= 1e-14: float64 has no more digits/,
    );
    const y0 = tf.ones([2, 1]);
    assert.throws(
      () => solve(tensors, {solver: tsit5, t0: 0, t1: 1, y0, tolerances: {rtol: 1e-12, atol: 1e-12}}),
      /rtol >= .*: float32 has no more digits.*Loosen rtol, or solve in float64/,
    );
    y0.dispose();
  });
});
