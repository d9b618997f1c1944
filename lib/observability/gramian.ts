import {CholeskyDecomposition, EigenvalueDecomposition, Matrix} from 'ml-matrix';
import {expect} from '../errors';
import {mean} from '../math';
import {controlledTerm, orThrow, piecewiseConstantControl, rk4, solve} from '../ode';

/** Anything with dynamics and outputs: formulas, simulators or learned networks. */
export interface NumericSystem {
  /** `(x [n], a [da]) -> [n]`. */
  readonly field: (x: Float64Array, a: Float64Array) => Float64Array;
  /** `x [n] -> [dy]`. */
  readonly measure: (x: Float64Array) => Float64Array;
}

/** Options of {@link empiricalGramian}. */
export interface GramianOptions {
  /** Inputs on equal parts of the horizon, `[parts][da]`. */
  readonly inputs: readonly (readonly number[])[];
  /** Length of the horizon, > 0; default 1. */
  readonly horizon?: number;
  /** Half distance of the pairs of starting states, relative to each scale, > 0; default 1e-4. */
  readonly epsilon?: number;
  /** Typical size of each state; default 1. */
  readonly scales?: readonly number[];
  /** Directions to look along, `[n][n]`, in place of the scaled axes; see {@link spreadDirections}. */
  readonly directions?: readonly (readonly number[])[];
  /** Solver steps in each part, >= 1; default 8. */
  readonly steps?: number;
}

/** Empirical observability Gramian and what it says. */
export interface EmpiricalGramian {
  /** `[n, n]`: mean over time of (dy/dx0)' (dy/dx0) along the scaled axes or the given directions. */
  readonly matrix: number[][];
  /** Eigenvalues, largest first. */
  readonly eigenvalues: readonly number[];
  /** Square root of smallest over largest eigenvalue: how much fainter the least visible direction is. */
  readonly visibility: number;
  /** Number of directions with visibility above 1e-6. */
  readonly rank: number;
}

/**
 * How visible each direction of the starting state is in the outputs of one run: outputs of pairs of runs started on
 * either side of `x0` are subtracted. Needs nothing but simulation, so it serves learned vector fields.
 * @throws ArgumentError for no inputs, a horizon, epsilon or steps that are not above 0, or directions that are not one
 * a state.
 * @reference Krener & Ide 2009, Measures of unobservability, doi:10.1109/CDC.2009.5400067
 */
export function empiricalGramian(
  {field, measure}: NumericSystem, x0: ArrayLike<number>,
  {inputs, horizon = 1, epsilon = 1e-4, scales, directions, steps = 8}: GramianOptions,
): EmpiricalGramian {
  expect(inputs.length > 0 && horizon > 0 && epsilon > 0, {
    fn: 'empiricalGramian', argument: 'options', expected: 'at least one input, horizon > 0 and epsilon > 0',
    received: [inputs.length, horizon, epsilon],
  });
  const n = x0.length, run = outputsUnder({field, measure}, {inputs, horizon, steps});
  expect(!directions || directions.length === n, {
    fn: 'empiricalGramian', argument: 'directions', expected: `${n} of them`, received: directions?.length,
  });
  const axes = directions
    ?? Array.from({length: n}, (_, i) => Array.from({length: n}, (_unused, j) => (i === j ? scales?.[i] ?? 1 : 0)));
  const columns = axes.map(axis => {
    const shifted = (sign: number) => Float64Array.from(x0, (v, j) => v + sign * epsilon * axis[j]);
    const [up, down] = [run(shifted(1)), run(shifted(-1))];
    return up.map((v, k) => (v - down[k]) / (2 * epsilon));
  });
  const matrix = columns.map(a =>
    columns.map(b => a.reduce((s, v, k) => s + v * b[k], 0) / (inputs.length * steps + 1)));
  const eigenvalues = new EigenvalueDecomposition(new Matrix(matrix), {assumeSymmetric: true}).realEigenvalues.map(v =>
    Math.max(0, v)).sort((a, b) => b - a);
  const relative = (v: number) => (eigenvalues[0] > 0 ? Math.sqrt(v / eigenvalues[0]) : 0);
  return {
    matrix, eigenvalues, visibility: relative(eigenvalues[n - 1]),
    rank: eigenvalues.filter(v => relative(v) > 1e-6).length,
  };
}

/**
 * Outputs at equal distances along the run from a start, one after the other.
 * @throws ArgumentError unless `steps` is a whole number >= 1.
 */
export function outputsUnder(
  {field, measure}: NumericSystem,
  {inputs, horizon = 1, steps = 8}: Pick<GramianOptions, 'inputs' | 'horizon' | 'steps'>,
): (start: Float64Array) => number[] {
  expect(Number.isInteger(steps) && steps >= 1, {
    fn: 'outputsUnder', argument: 'steps', expected: 'a whole number >= 1', received: steps,
  });
  const times = Array.from({length: inputs.length + 1}, (_, k) =>
    (k === inputs.length ? horizon : horizon * k / inputs.length));
  const term = controlledTerm<Float64Array, Float64Array>(
    (_t, x, a) => field(x, a), piecewiseConstantControl(times, inputs.map(a => Float64Array.from(a))),
  );
  const dt = horizon / (inputs.length * steps);
  const ts = Array.from({length: inputs.length * steps + 1}, (_, k) => Math.min(k * dt, horizon));
  return start => orThrow(solve(term, {solver: rk4, t0: 0, t1: horizon, y0: start, dt, saveAt: {ts}})).ys.flatMap(x =>
    Array.from(measure(x)));
}

/**
 * Directions of one standard deviation each that make up the spread of a cloud of states: the columns of the Cholesky
 * factor of its covariance. Along them, the eigenvalues of a Gramian do not change when a model's latent coordinates
 * are changed linearly.
 * @param states `[count][n]`, at least n + 1
 * @throws ArgumentError for states that do not spread in every direction.
 */
export function spreadDirections(states: readonly ArrayLike<number>[]): number[][] {
  const n = states[0].length, centred = Array.from({length: n}, (_, i) => {
    const values = states.map(z => z[i]), centre = mean(values);
    return values.map(v => v - centre);
  });
  const covariance =
    new Matrix(centred.map(a => centred.map(b => a.reduce((s, v, k) => s + v * b[k], 0) / (states.length - 1))));
  const factor = new CholeskyDecomposition(covariance);
  expect(factor.isPositiveDefinite(), {
    fn: 'spreadDirections', argument: 'states', expected: 'spread in every direction', received: covariance.to2DArray(),
  });
  return factor.lowerTriangularMatrix.transpose().to2DArray();
}
