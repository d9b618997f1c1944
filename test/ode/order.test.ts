import assert from 'node:assert/strict';
import * as ode from '../../lib/ode';
import {denseAt, orThrow, rk4, rungeKutta, solve, type Solver} from '../../lib/ode';
import {linearSystem, maxError, nonlinearSystem, observedOrder, type KnownProblem} from './problems';

/** Every solver that the library hands out: a new one is tested without being named here. */
const solvers = Object.values<unknown>(ode).filter((one): one is Solver =>
  typeof one === 'object' && one !== null && 'firstSameAsLast' in one);

/** Numbers of steps fine enough for the leading error term to rule, and coarse enough to stay clear of rounding. */
const grids = new Map<KnownProblem, (order: number) => number[]>([
  [linearSystem, order => (order < 3 ? [512, 1024, 2048] : order < 5 ? [128, 256, 512, 1024] : [128, 192, 256, 384])],
  [
    nonlinearSystem,
    order => (order < 3 ? [512, 1024, 2048] : order < 5 ? [128, 256, 512, 1024] : [48, 64, 96, 128, 192, 256]),
  ],
]);

/** Up to about 64 of the numbers 0 ... n-1, evenly spread: exact solutions are costly. */
const some = (n: number): number[] => Array.from({length: n}, (_, i) => i).filter(i => i % Math.ceil(n / 64) === 0);

/** Largest error at the ends of steps of a solve with `n` equal steps. */
function stepError({term, t1, y0, exact}: KnownProblem, solver: Solver, n: number): number {
  const {ts, ys} = orThrow(solve(term, {solver, t0: 0, t1, y0, dt: t1 / n, saveAt: {steps: true}}));
  assert.equal(ts.length, n + 1);
  return Math.max(...some(n).map(i => maxError(ys[i + 1], exact(ts[i + 1]))));
}

/** Largest error at three points inside steps. */
function denseError({term, t1, y0, exact}: KnownProblem, solver: Solver, n: number): number {
  const solution = orThrow(solve(term, {solver, t0: 0, t1, y0, dt: t1 / n, saveAt: {dense: true}}));
  const points = some(n).flatMap(i => [0.3, 0.5, 0.8].map(theta => ((i + theta) * t1) / n));
  return Math.max(...points.map(t => maxError(denseAt(solution, t), exact(t))));
}

describe('order of convergence', () => {
  it('is measured for at least seven solvers', () => assert.ok(solvers.length >= 7, String(solvers.length)));

  for (const [problem, ns] of grids)
    for (const solver of solvers) {
      it(`${solver.name} converges with order ${solver.order} on ${problem.name}`, () => {
        const order = observedOrder(ns(solver.order), n => stepError(problem, solver, n));
        assert.ok(Math.abs(order - solver.order) < 0.1, `observed order ${order}`);
      });
      it(`dense output of ${solver.name} is as accurate as its steps on ${problem.name}`, () => {
        const order = observedOrder(ns(solver.order).slice(0, 4), n => denseError(problem, solver, n));
        assert.ok(Math.abs(order - solver.order) < 0.1, `observed order ${order}`);
      });
    }

  it('a wrong tableau loses its order', () => {
    const wrong = rungeKutta({...rk4, name: 'wrong', b: [1 / 6 + 0.01, 1 / 3 - 0.01, 1 / 3, 1 / 6]});
    const order = observedOrder([64, 128, 256, 512], n => stepError(nonlinearSystem, wrong, n));
    assert.ok(order < 1.2, `observed order ${order}`);
  });
});

describe('order conditions', () => {
  for (const solver of solvers) {
    it(`weights of ${solver.name} satisfy every condition up to order ${solver.order} and not the next order`, () => {
      for (const tree of trees.filter(t => t.size <= solver.order))
        assert.ok(residual(solver, solver.b, tree) < ROUNDING, tree.name);
      assert.ok(trees.some(t => t.size === solver.order + 1 && residual(solver, solver.b, t) > 1e-4));
    });
    const {embedded, dense} = solver;
    if (embedded) it(`the embedded method of ${solver.name} has order ${embedded.order}`, () => {
      const low = solver.b.map((weight, i) => weight - embedded.error[i]);
      for (const tree of trees.filter(t => t.size <= embedded.order))
        assert.ok(residual(solver, low, tree) < ROUNDING, tree.name);
      assert.ok(trees.some(t => t.size === embedded.order + 1 && residual(solver, low, t) > 1e-5));
    });
    if (dense)
      it(`the continuous extension of ${solver.name} has order ${dense.order} everywhere and ends on the step`, () => {
        for (const theta of [0.1, 0.25, 0.5, 0.77, 0.99])
          for (const tree of trees.filter(t => t.size <= dense.order))
            assert.ok(residual(solver, dense.weights(theta), tree, theta) < ROUNDING, `${tree.name} at ${theta}`);
        assert.ok(maxError(dense.weights(1), solver.b) < ROUNDING);
        assert.ok(maxError(dense.weights(0), solver.b.map(() => 0)) === 0);
      });
  }
});

/** Published coefficients have 16 digits and reach 13 in size. */
const ROUNDING = 5e-14;

/** A rooted tree: `weights . phi` must be `1 / density`. */
interface Tree {
  readonly name: string;
  readonly size: number;
  readonly density: number;
  readonly phi: (solver: Solver) => number[];
}

/** All rooted trees up to size 6, grown by joining smaller ones at a new root. */
const trees: readonly Tree[] = (() => {
  const all: Tree[] = [];
  for (let size = 1; size <= 6; size++) for (const parts of forests(all, size - 1, 0)) all.push(join(parts, size));
  return all;
})();

function forests(all: readonly Tree[], total: number, from: number): Tree[][] {
  if (total === 0) return [[]];
  return all.slice(from).flatMap((tree, i) =>
    (tree.size <= total ? forests(all, total - tree.size, from + i).map(rest => [tree, ...rest]) : []));
}

function join(parts: readonly Tree[], size: number): Tree {
  const phi = (solver: Solver): number[] => {
    const inner = parts.map(part => part.phi(solver));
    return solver.a.map(row =>
      inner.reduce((product, values) => product * row.reduce((sum, value, j) => sum + value * values[j], 0), 1));
  };
  return {
    name: `[${parts.map(part => part.name).join('')}]`, size,
    density: size * parts.reduce((product, part) => product * part.density, 1), phi,
  };
}

function residual(solver: Solver, weights: readonly number[], tree: Tree, theta = 1): number {
  const value = tree.phi(solver).reduce((sum, phi, i) => sum + weights[i] * phi, 0);
  return Math.abs(value - theta ** tree.size / tree.density);
}

it('there are 1, 1, 2, 4, 9, 20 rooted trees of size 1 to 6', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(size => trees.filter(t => t.size === size).length), [1, 1, 2, 4, 9, 20]);
});
