import assert from 'node:assert/strict';
import {
  denseAt, dopri5, euler, heun, midpoint, odeTerm, orThrow, rk4, solve, SolveError, tsit5, type Solution,
} from '../../lib/ode';
import {hopf, linearSystem, maxError, nonlinearSystem, type KnownProblem} from './problems';

const numbers = (...values: number[]): Float64Array => Float64Array.of(...values);

function solveTo({term, t1, y0}: KnownProblem, solver: typeof tsit5, tolerance: number): Solution<Float64Array> {
  return orThrow(solve(term, {
    solver, t0: 0, t1, y0, tolerances: {rtol: tolerance, atol: tolerance}, saveAt: {dense: true},
  }));
}

describe('adaptive steps', () => {
  for (const solver of [dopri5, tsit5])
    for (const problem of [linearSystem, nonlinearSystem, hopf])
      it(`${solver.name} keeps the error near the tolerance on ${problem.name}, from 1e-3 to 1e-11`, () => {
        const exact = problem.exact(problem.t1), scale = 1 + Math.max(...exact.map(Math.abs));
        for (const tolerance of [1e-3, 1e-5, 1e-7, 1e-9, 1e-11]) {
          const {ys} = solveTo(problem, solver, tolerance);
          // Tolerances bound the error of one step; ten steps' worth of accumulation is allowed.
          assert.ok(
            maxError(ys[0], exact) / scale < 10 * problem.amplification * tolerance,
            `${maxError(ys[0], exact) / scale} at tolerance ${tolerance}`,
          );
        }
      });

  for (const solver of [heun, midpoint])
    it(`${solver.name} keeps the error near the tolerance`, () => {
      for (const tolerance of [1e-3, 1e-5, 1e-7])
        assert.ok(
          maxError(solveTo(nonlinearSystem, solver, tolerance).ys[0], nonlinearSystem.exact(4)) < 20 * tolerance,
        );
    });

  it('the error falls in proportion to the tolerance', () => {
    const error = (tolerance: number): number =>
      maxError(solveTo(nonlinearSystem, tsit5, tolerance).ys[0], nonlinearSystem.exact(4));
    const ratio = error(1e-5) / error(1e-9);
    assert.ok(ratio > 1e3 && ratio < 1e5, `${ratio}`);
  });

  it('dense output between steps is as good as the steps', () => {
    const solution = solveTo(nonlinearSystem, dopri5, 1e-8);
    for (let t = 0; t <= 4; t += 0.013)
      assert.ok(maxError(denseAt(solution, t), nonlinearSystem.exact(t)) < 1e-7, `at ${t}`);
  });

  it('requested times are returned exactly and do not change the steps', () => {
    const options = {solver: tsit5, t0: 0, t1: 4, y0: nonlinearSystem.y0, tolerances: {rtol: 1e-8, atol: 1e-8}};
    const ts = [0, 0.1, 1 / 3, 2, 3.999, 4];
    const saved = orThrow(solve(nonlinearSystem.term, {...options, saveAt: {ts}}));
    const plain = orThrow(solve(nonlinearSystem.term, options));
    assert.deepEqual(saved.ts, ts);
    assert.deepEqual(saved.stats, plain.stats);
    ts.forEach((t, i) => assert.ok(maxError(saved.ys[i], nonlinearSystem.exact(t)) < 1e-7));
  });

  it('long steps are taken where the solution is quiet and short ones where it moves', () => {
    const pulse = odeTerm((t, y: Float64Array) => numbers(-y[0] + Math.exp(-(((t - 50) / 0.5) ** 2))));
    const {ts} = orThrow(solve(pulse, {
      solver: tsit5, t0: 30, t1: 54, y0: numbers(1), tolerances: {rtol: 1e-6, atol: 1e-6}, saveAt: {steps: true},
    }));
    const lengths = ts.slice(1).map((t, i) => ({t, h: t - ts[i]}));
    const quiet = Math.max(...lengths.filter(({t}) => t < 47).map(({h}) => h));
    const busy = Math.min(...lengths.filter(({t}) => t > 48.5 && t < 51.5).map(({h}) => h));
    assert.ok(quiet > 4 * busy, `${quiet} against ${busy}`);
  });

  it('a rejected step is counted and repeated shorter', () => {
    const jumpy = odeTerm((t, y: Float64Array) => numbers(t < 1 ? 0 : 1000 * Math.cos(300 * t) + 0 * y[0]));
    const {stats} =
      orThrow(solve(jumpy, {solver: dopri5, t0: 0, t1: 1.1, y0: numbers(1), tolerances: {rtol: 1e-6, atol: 1e-6}}));
    assert.ok(stats.rejected > 0);
    assert.equal(stats.steps, stats.accepted + stats.rejected);
  });

  it('counts every evaluation: six a step and two to start, for a method whose last stage is the next first', () => {
    let calls = 0;
    const term = odeTerm((_, y: Float64Array) => (calls++, y.map(value => -value)));
    const {stats} =
      orThrow(solve(term, {solver: tsit5, t0: 0, t1: 5, y0: numbers(1), tolerances: {rtol: 1e-6, atol: 1e-6}}));
    assert.equal(stats.nfe, calls);
    assert.equal(stats.nfe, 6 * stats.steps + 2);
  });
});

describe('direction and size of steps', () => {
  it('integrating back returns to the start', () => {
    const {term, y0} = nonlinearSystem, tolerances = {rtol: 1e-11, atol: 1e-11};
    const there = orThrow(solve(term, {solver: tsit5, t0: 0, t1: 3, y0, tolerances}));
    const back =
      orThrow(solve(term, {solver: tsit5, t0: 3, t1: 0, y0: there.ys[0], tolerances, saveAt: {ts: [2, 1, 0]}}));
    assert.ok(maxError(back.ys[2], y0) < 1e-9);
    assert.ok(maxError(back.ys[1], nonlinearSystem.exact(1)) < 1e-9);
    const fixed = orThrow(solve(term, {solver: rk4, t0: 3, t1: 0, y0: there.ys[0], dt: 0.01, saveAt: {dense: true}}));
    assert.ok(maxError(fixed.ys[0], y0) < 1e-7);
    assert.ok(maxError(denseAt(fixed, 1.234), nonlinearSystem.exact(1.234)) < 1e-7);
  });

  it('fixed steps divide the span evenly and never exceed dt', () => {
    const {term, y0} = nonlinearSystem;
    const {ts} = orThrow(solve(term, {solver: euler, t0: 0, t1: 1, y0, dt: 0.3, saveAt: {steps: true}}));
    assert.deepEqual(ts, [0, 0.25, 0.5, 0.75, 1]);
    assert.equal(orThrow(solve(term, {solver: euler, t0: 0, t1: 0.1 + 0.2, y0, dt: 0.1})).stats.steps, 3);
    assert.equal(orThrow(solve(term, {solver: euler, t0: 1e6, t1: 1e6 + 1, y0, dt: 0.1})).stats.steps, 10);
  });

  it('at fixed steps a requested time is the end of a step', () => {
    const {term, y0} = nonlinearSystem, first = orThrow(solve(term, {solver: rk4, t0: 0, t1: 0.35, y0, dt: 0.2}));
    const {ts, ys, stats} = orThrow(solve(term, {solver: rk4, t0: 0, t1: 1, y0, dt: 0.2, saveAt: {ts: [0, 0.35, 1]}}));
    assert.deepEqual(ts, [0, 0.35, 1]);
    assert.deepEqual(ys[1], first.ys[0]);
    assert.equal(stats.steps, 2 + 4);
  });

  it('an empty span returns the start', () => {
    const {ts, ys, stats} =
      orThrow(solve(nonlinearSystem.term, {solver: rk4, t0: 1, t1: 1, y0: nonlinearSystem.y0, dt: 0.1}));
    assert.deepEqual([ts, ys, stats.steps], [[1], [nonlinearSystem.y0], 0]);
  });

  it('what is returned is not the caller\'s own array', () => {
    const y0 = numbers(1, 1);
    const {ys} = orThrow(solve(nonlinearSystem.term, {solver: rk4, t0: 0, t1: 1, y0, dt: 0.5, saveAt: {ts: [0, 1]}}));
    assert.notEqual(ys[0], y0);
    assert.deepEqual(ys[0], y0);
  });
});

describe('trouble is reported, not thrown', () => {
  const tolerances = {rtol: 1e-6, atol: 1e-9};

  it('a stiff problem runs out of steps and is advised so', () => {
    const stiff = odeTerm((t, y: Float64Array) => numbers(-1e6 * (y[0] - Math.cos(t))));
    const solution = solve(stiff, {solver: tsit5, t0: 0, t1: 10, y0: numbers(0), tolerances, maxSteps: 1000});
    assert.equal(solution.status, 'max-steps');
    assert.equal(solution.stats.steps, 1000);
    assert.ok(solution.where && solution.where.t > 0 && solution.where.t < 0.1 && solution.where.dt > 0);
    assert.match(
      solution.advice ?? '',
      /1000 steps were not enough: raise maxSteps, loosen the tolerances, or check for stiffness/,
    );
    assert.throws(() => orThrow(solution), (error: SolveError) => {
      assert.ok(error instanceof SolveError);
      assert.match(error.message, /^solve: max-steps at t = 0\.00\d+ with a step of .*stiffness/);
      return error.status === 'max-steps';
    });
  });

  it('a solution that blows up at t = 1 underflows the step there', () => {
    const blowUp = odeTerm((_, y: Float64Array) => numbers(y[0] ** 2));
    const {status, where, advice, ts, ys} = solve(blowUp, {
      solver: dopri5, t0: 0, t1: 2, y0: numbers(1), tolerances, saveAt: {ts: [0.5, 1.5]},
    });
    assert.equal(status, 'step-underflow');
    assert.ok(Math.abs((where?.t ?? 0) - 1) < 1e-5, `${where?.t}`);
    assert.match(advice ?? '', /may blow up here/);
    assert.deepEqual(ts, [0.5]);
    assert.ok(Math.abs(ys[0][0] - 2) < 1e-4);
  });

  it('a field that is NaN from the start or from some time on is reported as non-finite', () => {
    const always = odeTerm((_, y: Float64Array) => y.map(() => NaN));
    const later = odeTerm((t, y: Float64Array) => y.map(() => (t > 0.7 ? NaN : 1)));
    for (const options of [{solver: tsit5, tolerances}, {solver: rk4, dt: 0.1}]) {
      const start = solve(always, {t0: 0, t1: 1, y0: numbers(1), ...options});
      assert.deepEqual([start.status, start.where?.t, start.stats.accepted], ['non-finite', 0, 0]);
      const stopped = solve(later, {t0: 0, t1: 1, y0: numbers(1), ...options, saveAt: {steps: true}});
      assert.equal(stopped.status, 'non-finite');
      assert.ok(Math.abs((stopped.where?.t ?? 0) - 0.7) < 0.1);
      assert.ok(stopped.ys.length > 2 && stopped.ys.every(([y]) => Number.isFinite(y)));
      assert.match(stopped.advice ?? '', /became NaN or infinite: check inputs, parameters and scaling/);
    }
  });

  it('a field that is NaN only after a long step makes the step shorter', () => {
    const root = odeTerm((_, y: Float64Array) => numbers(-Math.sqrt(y[0])));
    const solution = solve(root, {solver: dopri5, t0: 0, t1: 1.9, y0: numbers(1), tolerances});
    assert.equal(solution.status, 'ok');
    assert.ok(Math.abs(solution.ys[0][0] - 0.0025) < 1e-5);
  });

  it('fixed steps stop at maxSteps with what was reached', () => {
    const {status, where, ts, stats} = solve(nonlinearSystem.term, {
      solver: rk4, t0: 0, t1: 1, y0: nonlinearSystem.y0, dt: 0.1, maxSteps: 4, saveAt: {steps: true},
    });
    assert.deepEqual([status, stats.steps, ts.length], ['max-steps', 4, 5]);
    assert.ok(Math.abs((where?.t ?? 0) - 0.4) < 1e-12);
  });

  it('an error thrown by the field passes through', () => {
    const broken = odeTerm((): Float64Array => { throw new RangeError('no such drug'); });
    assert.throws(() => solve(broken, {solver: rk4, t0: 0, t1: 1, y0: numbers(1), dt: 0.1}), /no such drug/);
  });
});

describe('arguments of solve', () => {
  const term = odeTerm((_, y: Float64Array) => y), good = {solver: rk4, t0: 0, t1: 1, y0: numbers(1), dt: 0.1};
  const refused = (change: object, message: RegExp): void =>
    assert.throws(() => solve(term, {...good, ...change}), {name: 'ArgumentError', message});

  it('are named with what was expected and what came', () => {
    refused({t0: NaN}, /^solve: argument `t0` must be a finite time; received NaN\./);
    refused({t1: Infinity}, /argument `t1` must be a finite time; received Infinity/);
    refused(
      {y0: [1]},
      /argument `y0` must be a Float64Array or a tensor; received \[1\]\. Plain arrays: wrap them in Float64Array\.from/,
    );
    refused({y0: numbers(NaN)}, /argument `y0` must be finite; received \[NaN\]/);
    refused({dt: -0.1}, /argument `dt` must be a finite number > 0; received -0\.1\. Steps go towards t1/);
    refused({dt: undefined}, /argument `dt` must be given, or else tolerances/);
    refused(
      {tolerances: {rtol: 1e-3, atol: 1e-3}},
      /argument `dt` must be given, or else tolerances: one of the two; received 0\.1/,
    );
    refused({dt: undefined, tolerances: {rtol: 0, atol: 1}}, /argument `tolerances` must be \{rtol, atol\}, both > 0/);
    refused(
      {dt: undefined, tolerances: {rtol: 1e-3, atol: 1e-3}},
      /argument `solver` must be a method with an error estimate; received "rk4"\. Use tsit5/,
    );
    refused({maxSteps: 0}, /argument `maxSteps` must be a whole number > 0; received 0/);
    refused({saveAt: {ts: [0.5, 2]}}, /argument `saveAt\.ts\[1\]` must be between t0 = 0 and t1 = 1; received 2/);
    refused(
      {saveAt: {ts: [0.5, 0.5]}},
      /argument `saveAt\.ts\[1\]` must be past saveAt\.ts\[0\] = 0\.5; received 0\.5\. Sort/,
    );
    refused({saveAt: {ts: [0.5], steps: true}}, /argument `saveAt` must be given ts or steps, not both/);
  });

  it('a field of the wrong shape is named', () => {
    const wrong = odeTerm(() => numbers(1, 2));
    assert.throws(
      () => solve(wrong, good),
      /solve: argument `term` must be a field that returns the shape of y0, \[1\]; received \[2\]/,
    );
  });

  it('dense output must have been asked for, and is not extrapolated', () => {
    assert.throws(
      () => denseAt(solve(term, good), 0.5),
      /denseAt: argument `solution` must be solved with dense output.*saveAt: \{dense: true\}/,
    );
    const dense = solve(term, {...good, saveAt: {dense: true}});
    assert.throws(() => denseAt(dense, 1.1), /denseAt: argument `t` must be between 0 and 1; received 1\.1/);
  });
});
