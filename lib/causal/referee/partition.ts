import {expect} from '../../errors';
import {mean, sd} from '../../math';
import {
  controlledTerm, euler, midpoint, odeTerm, orThrow, piecewiseConstantControl, rk4, solve, tsit5, type Solver,
} from '../../ode';
import {
  discreteModel, type ConfoundedDiffusion, type DiffusionDesign, type DiffusionTrial, type VisitNoise,
} from './confoundedDiffusion';
import {confoundedKalman} from './kalman';
import {intervene, linearPrediction, linearScm, type LinearScm} from './linearScm';
import {unroll} from '../graph/unroll';

/** How equation (6) is computed on a partition of the plan. */
export interface PartitionMethod {
  /** One step of this method on each part. */
  readonly solver: Solver;
  /**
   * The dose of a part: the plan's value at its left end or its middle, held, or `'continuous'`: the plan itself, read
   * by the solver where it likes.
   */
  readonly dose: 'left' | 'middle' | 'continuous';
  /** Order at which it must converge. */
  readonly order: number;
}

/** A partition of a plan, and how one part of it is solved. */
export interface Partition extends PartitionMethod {
  /** L, the number of parts, >= 1. */
  readonly parts: number;
}

/**
 * Three methods with their orders. A held dose limits the order: 1 at the left end, 2 in the middle, whatever the
 * solver.
 */
export const partitionMethods: Readonly<Record<string, PartitionMethod>> = Object.freeze({
  'Euler, dose held from the left end': {solver: euler, dose: 'left', order: 1},
  'midpoint, dose held at the middle': {solver: midpoint, dose: 'middle', order: 2},
  'RK4, dose as planned': {solver: rk4, dose: 'continuous', order: 4},
});

/** Laws of the state of many units: their means `[units]` and the variance that they share. */
export interface StateLaws { readonly means: Float64Array; readonly variance: number }

/** The filter p(z_t | y_t, o_{0:K}) of every unit, in closed form. */
export function filterTrial(
  model: ConfoundedDiffusion, {design, histories}: Pick<DiffusionTrial, 'design' | 'histories'>,
): StateLaws {
  const step = discreteModel(model, design.past / design.visits, design.noise);
  const states = histories.map(h => confoundedKalman(step, h));
  return {means: Float64Array.from(states, s => s.mean), variance: states[0].variance};
}

/**
 * Equation (6) on a partition of the plan into `parts`: filter, one solver step a part, measurement. Returns the laws
 * of the outcome.
 * @throws ArgumentError unless the number of parts is a whole number >= 1.
 * @paper A.1, equations (6), (7)
 */
export function adjustOnPartition(
  model: ConfoundedDiffusion, filter: StateLaws, {plan, horizon}: DiffusionDesign, {parts, solver, dose}: Partition,
): StateLaws {
  expectCount(parts, 'adjustOnPartition', 'parts');
  const {drift, effect, stateNoise} = model, n = filter.means.length, dt = horizon / parts;
  // Means in 0 ... n-1, the variance last: for a linear field these two numbers are the whole law.
  const field = (z: Float64Array, a: number) =>
    z.map((v, i) => (i < n ? drift * v + effect * a : 2 * drift * v + stateNoise ** 2));
  const starts = Array.from({length: parts + 1}, (_, k) => k * dt), shift = dose === 'middle' ? dt / 2 : 0;
  const term = dose === 'continuous' ? odeTerm<Float64Array>((t, z) => field(z, plan(t)))
    : controlledTerm((_t, z: Float64Array, a: Float64Array) =>
      field(z, a[0]), piecewiseConstantControl(starts, starts.slice(0, -1).map(t => Float64Array.of(plan(t + shift)))));
  const end = orThrow(solve(term, {
    solver, t0: 0, t1: horizon, dt, y0: Float64Array.of(...filter.means, filter.variance),
  })).ys.at(-1)!;
  return read(model, {means: end.slice(0, n), variance: end[n]});
}

/**
 * Interventional truth in closed form: the filter's law moved by the exact solution under the continuous plan, and
 * read.
 */
export function interventionalTruth(
  model: ConfoundedDiffusion, filter: StateLaws, {plan, horizon}: DiffusionDesign,
): StateLaws {
  const {decay, processSd} = discreteModel(model, horizon);
  const term = odeTerm<Float64Array>(t =>
    Float64Array.of(model.effect * Math.exp(model.drift * (horizon - t)) * plan(t)));
  const dose = orThrow(solve(term, {
    solver: tsit5, t0: 0, t1: horizon, y0: Float64Array.of(0), tolerances: {rtol: 1e-12, atol: 1e-13},
  })).ys.at(-1)![0];
  return read(model, {
    means: filter.means.map(m => decay * m + dose), variance: decay ** 2 * filter.variance + processSd ** 2,
  });
}

/** One partition of the plan against truth. */
export interface PartitionRow {
  /** L. */
  readonly parts: number;
  /** Root mean square over the units of formula minus closed-form truth. */
  readonly error: number;
  /** The same for the variance of the outcome. */
  readonly varianceError: number;
  /** Mean of simulated outcome minus formula, in standard errors. */
  readonly z: number;
  /** Root mean square of "planned doses taken as recorded ones", minus truth; see {@link recordedForecast}. */
  readonly recorded: number;
}

/**
 * The partition argument as an experiment: K stays, L grows, each forecast stands beside truth.
 * @throws ArgumentError unless the number of parts is a whole number >= 1.
 * @paper A.1, from (6) to (4)
 */
export function partitionLimit(
  model: ConfoundedDiffusion, trial: DiffusionTrial, parts: readonly number[], method: PartitionMethod,
): PartitionRow[] {
  const filter = filterTrial(model, trial), truth = interventionalTruth(model, filter, trial.design);
  return parts.map(n => {
    const formula = adjustOnPartition(model, filter, trial.design, {...method, parts: n});
    return {
      parts: n, error: distance(formula.means, truth.means), varianceError: Math.abs(formula.variance - truth.variance),
      z: standardised(trial.answers.map((y, i) => y - formula.means[i])),
      recorded: distance(recordedForecast(model, trial, n), truth.means),
    };
  });
}

/** Mean over its standard error. */
export function standardised(values: Float64Array): number {
  return mean(values) / (sd(values) / Math.sqrt(values.length));
}

/**
 * Whether misses hang together with any one value of the history: the mean of miss times value over the units, in
 * standard errors, for each outcome and treatment before the decision. All near 0 where the history was read rightly.
 * @param misses `[units]`, answer minus forecast
 */
export function missesAgainstHistory({histories}: Pick<DiffusionTrial, 'histories'>, misses: Float64Array): number[] {
  return histories[0].slice(0, -1).flatMap((_, k) => (['y', 'a'] as const).map(name =>
    standardised(misses.map((miss, i) => miss * histories[i][k][name]!))));
}

/** Root mean square of the means of blocks of `size` units: what averaging leaves. @param misses `[units]` */
export function blockError(misses: Float64Array, size: number): number {
  const blocks = Math.floor(misses.length / size);
  const means = Array.from({length: blocks}, (_, b) => mean(misses.subarray(b * size, (b + 1) * size)));
  return Math.sqrt(means.reduce((sum, m) => sum + m * m, 0) / blocks);
}

/** Root mean square difference. */
export function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(mean(a.map((v, i) => (v - b[i]) ** 2)));
}

/**
 * What plain regression of recorded outcomes on recorded histories and doses tends to, in closed form, with the plan
 * put in for the doses: no adjustment. Treatments are decided anew at the start of each of the `parts`, as the policy
 * does.
 * @throws ArgumentError unless the number of parts is a whole number >= 1.
 */
export function recordedForecast(
  model: ConfoundedDiffusion, {design, histories}: Pick<DiffusionTrial, 'design' | 'histories'>, parts: number,
): Float64Array {
  expectCount(parts, 'recordedForecast', 'parts');
  return forecastFrom(scmOnPartition(model, design, parts), {design, histories}, parts);
}

/**
 * The same after surgery: the doses are set. Equals truth for the plan held from the left end of each part.
 * @throws ArgumentError unless the number of parts is a whole number >= 1.
 */
export function surgeryForecast(
  model: ConfoundedDiffusion, {design, histories}: Pick<DiffusionTrial, 'design' | 'histories'>, parts: number,
): Float64Array {
  expectCount(parts, 'surgeryForecast', 'parts');
  const plan = Array.from({length: parts}, (_, l) => `A${design.visits + l}`);
  return forecastFrom(intervene(scmOnPartition(model, design, parts), plan), {design, histories}, parts);
}

/** The unrolled graph with exact transitions: K parts of the past, `parts` of the plan. */
function scmOnPartition(
  model: ConfoundedDiffusion, {visits, past, horizon, noise}: DiffusionDesign, parts: number,
): LinearScm {
  const edges = ['Z[t] -> Z[t+1]', 'A[t] -> Z[t+1]', 'Z[t] -> Y[t]', 'ε[t] -> Y[t]', 'ε[t] -> A[t]', 'Y[t] -> A[t]'];
  const graph = unroll({edges, hidden: ['Z', 'ε']}, {steps: visits + parts + 1});
  const before = discreteModel(model, past / visits, noise), after = discreteModel(model, horizon / parts);
  const time = (node: string) => Number(node.slice(1));
  const at = (t: number) => (t < visits ? before : after);
  const weights: Record<string, (t: number) => number> = {
    ZZ: t => at(t).decay, AZ: t => at(t).effect, ZY: () => 1, εY: t => at(t).confounding.outcome,
    εA: t => at(t).confounding.treatment, YA: () => model.policy,
  };
  const noises: Record<string, (t: number) => number> = {
    Z: t => (t === 0 ? model.initialSd : at(t - 1).processSd), Y: t => at(t).sensorSd, A: t => at(t).policySd,
    ε: () => 1,
  };
  return linearScm(graph, (a, b) => weights[a[0] + b[0]](time(a)), node => noises[node[0]](time(node)));
}

function forecastFrom(
  scm: LinearScm, {design, histories}: Pick<DiffusionTrial, 'design' | 'histories'>, parts: number,
): Float64Array {
  const {visits, plan, horizon} = design;
  const planned = Array.from({length: parts}, (_, l) => [`A${visits + l}`, plan(l * horizon / parts)] as const);
  const seen = Array.from({length: visits}, (_, k) => [`Y${k}`, `A${k}`]).flat()
    .concat(histories[0].at(-1)!.y === undefined ? [] : [`Y${visits}`]);
  const {coefficients} = linearPrediction(scm, `Y${visits + parts}`, [...seen, ...planned.map(([name]) => name)]);
  const fromPlan = planned.reduce((s, [name, dose]) => s + coefficients[name] * dose, 0);
  return Float64Array.from(histories, h => seen.reduce((s, name) =>
    s + coefficients[name] * (name[0] === 'Y' ? h[Number(name.slice(1))].y! : h[Number(name.slice(1))].a!), fromPlan));
}

/** Slope of log error over log size by least squares: minus the order of convergence. */
export function convergenceSlope(sizes: readonly number[], errors: readonly number[]): number {
  const x = sizes.map(Math.log), y = errors.map(Math.log);
  const mx = x.reduce((a, b) => a + b, 0) / x.length, my = y.reduce((a, b) => a + b, 0) / y.length;
  return x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
}

/**
 * Variance of the filter after `past`, cut into `visits` parts and read at each; nothing is read at the decision
 * itself.
 * @throws ArgumentError unless `visits` is a whole number >= 1.
 */
export function assimilationVariance(
  model: ConfoundedDiffusion,
  {visits, past, noise}: {readonly visits: number; readonly past: number; readonly noise: VisitNoise},
): number {
  expectCount(visits, 'assimilationVariance', 'visits');
  const nothing = [...Array.from({length: visits}, () => ({y: 0, a: 0})), {}];
  return confoundedKalman(discreteModel(model, past / visits, noise), nothing).variance;
}

/**
 * The limit of {@link assimilationVariance} for noise per time, the Kalman-Bucy filter:
 * `p' = 2 drift p + stateNoise^2 - p^2 / r`. Treatments reveal part of the disturbance ε, so the reading error left is
 * `r = sensorSd^2 + outcome^2 policySd^2 / (treatment^2 + policySd^2)`.
 * @reference Kalman & Bucy 1961, doi:10.1115/1.3658902
 */
export function kalmanBucyVariance(model: ConfoundedDiffusion, past: number): number {
  const {drift, stateNoise, sensorSd, outcome, treatment, policySd, initialSd} = model;
  const told = treatment ** 2 + policySd ** 2;
  const r = sensorSd ** 2 + outcome ** 2 * (told === 0 ? 1 : policySd ** 2 / told);
  const term = odeTerm<Float64Array>((_t, [p]) => Float64Array.of(2 * drift * p + stateNoise ** 2 - p * p / r));
  return orThrow(solve(term, {
    solver: tsit5, t0: 0, t1: past, y0: Float64Array.of(initialSd ** 2), tolerances: {rtol: 1e-12, atol: 1e-13},
  })).ys.at(-1)![0];
}

function expectCount(value: number, fn: string, argument: string): void {
  expect(Number.isInteger(value) && value >= 1, {fn, argument, expected: 'a whole number >= 1', received: value});
}

function read({outcome, sensorSd}: ConfoundedDiffusion, {means, variance}: StateLaws): StateLaws {
  return {means, variance: variance + outcome ** 2 + sensorSd ** 2};
}
