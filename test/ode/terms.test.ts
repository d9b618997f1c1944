import assert from 'node:assert/strict';
import {
  backwardHermiteControl, cdeTerm, controlAt, controlledTerm, dopri5, euler, heun, linearControl, midpoint,
  naturalCubicControl, orThrow,
  piecewiseConstantControl, rectilinearControl, rk4, rk4ThreeEighths, solve, tsit5,
} from '../../lib/ode';
import {maxError, observedOrder} from './problems';

const numbers = (...values: number[]): Float64Array => Float64Array.of(...values);
const doses = [1, -2, 0.5, 3], bounds = [0, 0.7, 1.1, 2.5, 3];
const plan = piecewiseConstantControl(bounds, doses.map(dose => numbers(dose)));

/** y' = u(t) - y, solved interval by interval. */
const response = controlledTerm((_, y: Float64Array, u: Float64Array) => numbers(u[0] - y[0]), plan);
const exactResponse = (end: number): number => doses.reduce((y, dose, i) => {
  const dt = Math.max(0, Math.min(end, bounds[i + 1]) - bounds[i]);
  return dose + (y - dose) * Math.exp(-dt);
}, 1);

describe('treatment-driven equations', () => {
  for (const solver of [euler, midpoint, heun, rk4, rk4ThreeEighths, dopri5, tsit5])
    it(`${solver.name} keeps its order across jumps of the plan`, () => {
      const ns = solver.order < 5 ? [64, 128, 256, 512] : [16, 24, 32, 48];
      const order = observedOrder(ns, n => Math.abs(
        orThrow(solve(response, {solver, t0: 0, t1: 3, y0: numbers(1), dt: 3 / n})).ys[0][0] - exactResponse(3),
      ));
      assert.ok(Math.abs(order - solver.order) < 0.15, `observed order ${order}`);
    });

  it('steps end at every jump and nowhere else for its sake', () => {
    const {ts} =
      orThrow(solve(response, {solver: rk4, t0: 0.2, t1: 2.8, y0: numbers(1), dt: 10, saveAt: {steps: true}}));
    assert.deepEqual(ts, [0.2, 0.7, 1.1, 2.5, 2.8]);
  });

  it('no evaluation sees a dose of the wrong interval', () => {
    const seen: [number, number][] = [];
    const spy = controlledTerm(
      (t, y: Float64Array, u: Float64Array) => (seen.push([t, u[0]]), numbers(0 * y[0])), plan,
    );
    for (const options of [{solver: rk4, dt: 0.2}, {solver: dopri5, tolerances: {rtol: 1e-6, atol: 1e-6}}])
      solve(spy, {t0: 0, t1: 3, y0: numbers(1), ...options});
    for (const [t, dose] of seen) {
      const allowed = doses.filter((_, i) => t >= bounds[i] - 1e-12 && t <= bounds[i + 1] + 1e-12);
      assert.ok(allowed.includes(dose), `dose ${dose} at ${t}`);
    }
  });

  it('adaptive steps meet the tolerance across jumps with at most one rejection a jump', () => {
    const {ys, ts, stats} = orThrow(solve(response, {
      solver: tsit5, t0: 0, t1: 3, y0: numbers(1), tolerances: {rtol: 1e-9, atol: 1e-9}, saveAt: {ts: [0.35, 1.1, 2.9]},
    }));
    ts.forEach((t, i) => assert.ok(Math.abs(ys[i][0] - exactResponse(t)) < 1e-8));
    assert.ok(stats.rejected <= 3, `${stats.rejected} rejected`);
  });

  it('a very short interval of the plan does not shorten the steps after it', () => {
    const steps = (knots: number[]): number => {
      const blip = piecewiseConstantControl(knots, knots.slice(1).map(() => numbers(1)));
      const term = controlledTerm((_, y: Float64Array, u: Float64Array) => numbers(u[0] - y[0]), blip);
      return orThrow(
        solve(term, {solver: tsit5, t0: 0, t1: 3, y0: numbers(0), tolerances: {rtol: 1e-6, atol: 1e-6}}),
      ).stats.steps;
    };
    assert.ok(
      steps([0, 1, 1 + 1e-9, 3]) <= steps([0, 1, 3]) + 2, `${steps([0, 1, 1 + 1e-9, 3])} against ${steps([0, 1, 3])}`,
    );
  });

  it('can be run backwards through the plan', () => {
    const {ys} = orThrow(solve(response, {solver: rk4, t0: 3, t1: 0, y0: numbers(exactResponse(3)), dt: 0.01}));
    assert.ok(Math.abs(ys[0][0] - 1) < 1e-7);
  });

  it('are refused beyond the plan', () => {
    assert.throws(() => solve(response, {solver: rk4, t0: 0, t1: 3.5, y0: numbers(1), dt: 0.1}),
      /solve: argument `t1` must be inside the domain \[0, 3\] of the piecewise-constant control; received 3\.5\. A control is never extrapolated/);
  });
});

describe('controlled differential equations', () => {
  const ts = [0, 0.4, 1, 1.5, 2.5];
  const values = [[0, 1], [0.3, 0.2], [-0.5, 0.9], [0.8, -0.4], [0.1, 0.6]].map(x => Float64Array.from(x));
  const tolerances = {rtol: 1e-10, atol: 1e-10};

  for (const make of [linearControl, naturalCubicControl, backwardHermiteControl])
    it(`dy = y (c . dX) gives exp(c . (X(t) - X(0))) along ${make.name}`, () => {
      const control = make(ts, values), c = [0.7, -1.2];
      const term = cdeTerm((_, y: Float64Array) => numbers(c[0] * y[0], c[1] * y[0]), control);
      const {ys} = orThrow(solve(term, {
        solver: dopri5, t0: 0, t1: 2.5, y0: numbers(2), tolerances, saveAt: {ts: [0.7, 1.5, 2.5]},
      }));
      [0.7, 1.5, 2.5].forEach((t, i) => {
        const [x, y] = controlAt(control, t);
        const exact = 2 * Math.exp(c[0] * (x - values[0][0]) + c[1] * (y - values[0][1]));
        assert.ok(Math.abs(ys[i][0] - exact) < 1e-8);
      });
    });

  it('the matrix is read row by row: dy = [[1, 2], [3, 4], [5, 6]] dX', () => {
    const control = linearControl([0, 1], [numbers(0, 0), numbers(10, 1)]);
    const term = cdeTerm(() => numbers(1, 2, 3, 4, 5, 6), control);
    assert.ok(maxError(orThrow(solve(term, {solver: euler, t0: 0, t1: 1, y0: numbers(0, 0, 0), dt: 1})).ys[0], [
      12, 34, 56,
    ]) < 1e-12);
  });

  it('a rectilinear path integrates time while the value is held', () => {
    // dy = x dt along the causal path is the sum of held values times waiting times.
    const control = rectilinearControl(ts, values);
    const term = cdeTerm((s, y: Float64Array) => numbers(controlAt(control, s)[1] + 0 * y[0], 0, 0), control);
    const held = ts.slice(1).reduce((sum, t, i) => sum + values[i][0] * (t - ts[i]), 0);
    const {ys} = orThrow(solve(term, {solver: midpoint, t0: 0, t1: 8, y0: numbers(0), dt: 1}));
    assert.ok(Math.abs(ys[0][0] - held) < 1e-12);
  });

  it('refuse a piecewise-constant control', () => {
    assert.throws(
      () => cdeTerm((_, y: Float64Array) => y, plan),
      /cdeTerm: argument `control` must be a continuous path; received "piecewise-constant"\. Use rectilinearControl/,
    );
  });
});
