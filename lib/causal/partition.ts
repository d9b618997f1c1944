import {expect} from '../errors';
import {midpoint, odeTerm, orThrow, piecewiseConstantControl, controlledTerm, solve, tsit5, type Solver} from '../ode';

/** A plan and a deterministic field to follow it with. */
export interface PartitionProblem {
  /** Field f(z, a). */
  readonly field: (z: Float64Array, a: number) => Float64Array;
  /** States that the filter holds possible at the decision, `[particles][state]`. */
  readonly particles: readonly Float64Array[];
  /** The planned treatment at time tau after the decision. */
  readonly plan: (tau: number) => number;
  /** Forecast horizon, > 0. */
  readonly horizon: number;
  /** The outcome read off the state. */
  readonly measure: (z: Float64Array) => number;
}

/** Equation (6) on one partition. */
export interface PartitionRow {
  /** Number of parts of the forecast interval. */
  readonly parts: number;
  readonly mean: number;
  /** Distance to the continuous formula. */
  readonly error: number;
}

/** Options of {@link partitionLimit}. */
export interface PartitionOptions {
  /** Numbers of parts, each >= 1; default 4, 8, 16, 32, 64. */
  readonly parts?: readonly number[];
  /** One step of this method on each part; default midpoint. */
  readonly solver?: Solver;
  /** Where in a part the held dose is read, in [0, 1]; default 0.5. */
  readonly sampleAt?: number;
}

/**
 * The partition argument as an experiment: on each part the plan is held and the state takes one step; the mean outcome over
 * the filter's particles tends to the formula with the continuous plan.
 * @paper A.1, from equation (6) to equation (4)
 */
export function partitionLimit(problem: PartitionProblem, {parts = [4, 8, 16, 32, 64], solver = midpoint, sampleAt = 0.5}: PartitionOptions = {}): PartitionRow[] {
  expect(problem.particles.length > 0 && problem.horizon > 0, {fn: 'partitionLimit', argument: 'problem', expected: 'at least one particle and a horizon > 0', received: problem.horizon});
  expect(parts.every(n => Number.isInteger(n) && n >= 1), {fn: 'partitionLimit', argument: 'parts', expected: 'whole numbers >= 1', received: parts});
  const limit = averageOutcome(problem, z => exact(problem, z));
  return parts.map(n => {
    const mean = averageOutcome(problem, z => held(problem, z, n, solver, sampleAt));
    return {parts: n, mean, error: Math.abs(mean - limit)};
  });
}

/** Slope of log error over log parts by least squares: minus the order of convergence. */
export function convergenceSlope(sizes: readonly number[], errors: readonly number[]): number {
  const x = sizes.map(Math.log), y = errors.map(Math.log);
  const mx = x.reduce((a, b) => a + b, 0) / x.length, my = y.reduce((a, b) => a + b, 0) / y.length;
  return x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
}

/** Variance of the filter at the end of a unit interval that is cut into `parts` observation times. */
export interface AssimilationOptions {
  /** `'per visit'`: each observation has variance `noise`, however many there are. `'per time'`: variance `noise / dt`, so that the information in an interval is fixed. */
  readonly noise: 'per visit' | 'per time';
  /** Number of observations, >= 1. */
  readonly parts: number;
}

/**
 * The other half of A.1, K to infinity, for `z' = -z + white noise` started at N(0, 1) and unit observation noise: the exact
 * filter variance at time 1. With noise per time it tends to the Kalman-Bucy value; with noise per visit to zero, because a
 * fresh independent error at every instant can be averaged away.
 */
export function assimilationVariance({noise, parts}: AssimilationOptions): number {
  const dt = 1 / parts, decay = Math.exp(-dt), growth = (1 - decay ** 2) / 2, r = noise === 'per visit' ? 1 : parts;
  let variance = 1;
  for (let k = 0; k < parts; k++) {
    variance = decay ** 2 * variance + growth;
    variance = variance * r / (variance + r);
  }
  return variance;
}

/** The continuous-observation limit of {@link assimilationVariance} with noise per time: the Riccati equation `p' = -2 p + 1 - p^2` at time 1. */
export function kalmanBucyVariance(): number {
  const term = odeTerm<Float64Array>((_t, [p]) => Float64Array.of(-2 * p + 1 - p * p));
  return orThrow(solve(term, {solver: tsit5, t0: 0, t1: 1, y0: Float64Array.of(1), tolerances: {rtol: 1e-12, atol: 1e-13}})).ys.at(-1)![0];
}

function averageOutcome({particles, measure}: PartitionProblem, follow: (z: Float64Array) => Float64Array): number {
  return particles.reduce((total, z) => total + measure(follow(z)), 0) / particles.length;
}

function exact({field, plan, horizon}: PartitionProblem, y0: Float64Array): Float64Array {
  return orThrow(solve(odeTerm<Float64Array>((t, z) => field(z, plan(t))), {solver: tsit5, t0: 0, t1: horizon, y0, tolerances: {rtol: 1e-12, atol: 1e-12}})).ys.at(-1)!;
}

function held({field, plan, horizon}: PartitionProblem, y0: Float64Array, parts: number, solver: Solver, sampleAt: number): Float64Array {
  const dt = horizon / parts, times = Array.from({length: parts + 1}, (_, k) => k * dt);
  const doses = times.slice(0, -1).map(t => Float64Array.of(plan(t + sampleAt * dt)));
  const control = piecewiseConstantControl(times, doses);
  return orThrow(solve(controlledTerm((_t, z: Float64Array, a: Float64Array) => field(z, a[0]), control), {solver, t0: 0, t1: horizon, y0, dt})).ys.at(-1)!;
}
