import {Matrix} from 'ml-matrix';
import {expm} from '../../lib/math';
import {odeTerm, type Term} from '../../lib/ode';

/** A system with a known solution. */
export interface KnownProblem {
  readonly name: string;
  readonly term: Term<Float64Array>;
  readonly y0: Float64Array;
  readonly t1: number;
  readonly exact: (t: number) => Float64Array;
  /** How many times larger an early error is at the end, relative to the solution. */
  readonly amplification: number;
}

const A = new Matrix([[0.5, 1, 0], [-1, 0.2, 0.3], [0.4, 0, 0.6]]);
const times = (matrix: Matrix, y: ArrayLike<number>): Float64Array =>
  Float64Array.from(matrix.mmul(Matrix.columnVector(Array.from(y))).getColumn(0));

/** y' = A y, solved by the matrix exponential. */
export const linearSystem: KnownProblem = {
  name: 'a linear system', t1: 6, amplification: 1, y0: Float64Array.of(1, -0.5, 2),
  term: odeTerm((_, y: Float64Array) => times(A, y)),
  exact: t => times(expm(Matrix.mul(A, t)), [1, -0.5, 2]),
};

/** x' = x cos t, y' = -x y cos t. */
export const nonlinearSystem: KnownProblem = {
  name: 'a nonlinear system that depends on time', t1: 4, amplification: 1, y0: Float64Array.of(1, 1),
  term: odeTerm((t, [x, y]: Float64Array) => Float64Array.of(x * Math.cos(t), -x * y * Math.cos(t))),
  exact: t => Float64Array.of(Math.exp(Math.sin(t)), Math.exp(1 - Math.exp(Math.sin(t)))),
};

/** Hopf normal form r' = r (1 - r^2), angle' = 1 + r^2, in Cartesian coordinates. */
export const hopf: KnownProblem = {
  // The final angle moves by 1 / 0.2 = 5 times a change of the first radius.
  name: 'a limit cycle', t1: 8, amplification: 5, y0: Float64Array.of(0.2, 0),
  term: odeTerm((_, [x, y]: Float64Array) => {
    const square = x * x + y * y;
    return Float64Array.of(x * (1 - square) - y * (1 + square), y * (1 - square) + x * (1 + square));
  }),
  exact: t => {
    const c = 1 / 0.2 ** 2 - 1, radius = 1 / Math.sqrt(1 + c * Math.exp(-2 * t));
    const angle = t + 0.5 * Math.log((Math.exp(2 * t) + c) / (1 + c));
    return Float64Array.of(radius * Math.cos(angle), radius * Math.sin(angle));
  },
};

/** Largest absolute difference. */
export function maxError(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return Math.max(...Array.from(x, (value, i) => Math.abs(value - y[i])));
}

/** Slope of log error against log step over grids of `ns` steps, by least squares. */
export function observedOrder(ns: readonly number[], error: (n: number) => number): number {
  const xs = ns.map(n => -Math.log(n)), ys = ns.map(n => Math.log(error(n)));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mx = mean(xs), my = mean(ys);
  return mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map(x => (x - mx) ** 2));
}
