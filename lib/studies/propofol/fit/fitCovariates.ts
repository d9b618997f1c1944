import {CholeskyDecomposition, Matrix} from 'ml-matrix';
import {expect} from '../../../errors';
import type {CovariateModel, Subject} from './covariateModel';
import {logErrors, sensitivities} from './prediction';

/** Options of {@link fitCovariates}. */
export interface FitOptions {
  /** Weight of the penalty on constants that leave their start, >= 0. Default 0. */
  readonly lambda?: number;
  /** Errors far above this count by their size, far below by their square; above 0. Default 0.1, a tenth. */
  readonly bend?: number;
  /** Steps at most, >= 1. Default 40. */
  readonly steps?: number;
  /** `[p]`: constants to begin from, where another fit is near. Default: the model's start. */
  readonly from?: Float64Array;
}

/** Constants that were fitted. */
export interface CovariateFit {
  /** `[p]` */
  readonly constants: Float64Array;
  /** The mean of bent absolute errors, each person counting the same, and the penalty. */
  readonly objective: number;
  readonly steps: number;
}

/** A step that lowers the objective by less than this is the last. */
const ENOUGH = 1e-4;

/** A linear system in all constants, summed over people. */
interface Normal {
  readonly gradient: Float64Array;
  readonly curvature: Matrix;
}

/**
 * Fits the constants of a covariate model to people: the mean of `sqrt(e² + bend²) - bend` over samples `e =
 * log(predicted / measured)` and people, each counting the same, plus the penalty. By damped Gauss-Newton steps.
 * @throws ArgumentError when nobody has a sample, or the start predicts no finite number
 * @reference Marquardt 1963, An algorithm for least-squares estimation of nonlinear parameters. doi:10.1137/0111030
 */
export function fitCovariates(
  model: CovariateModel, subjects: readonly Subject[], options: FitOptions = {},
): CovariateFit {
  const {lambda = 0, bend = 0.1, steps = 40, from = model.start} = options, fn = 'fitCovariates';
  const people = subjects.filter(({times}) => times.length > 0);
  expect(people.length > 0, {fn, argument: 'subjects', expected: 'somebody with a sample', received: 0});
  const value = (constants: Float64Array) => objectiveOf(model, people, {constants, lambda, bend});
  let constants = Float64Array.from(from), best = value(constants), damping = 1e-3, taken = 0;
  expect(Number.isFinite(best), {
    fn, argument: 'model.start', expected: 'to predict finite concentrations', received: best,
  });
  for (let gain = Infinity; taken < steps && gain > ENOUGH; taken++) {
    const normal = normalOf(model, people, {constants, lambda, bend});
    const found = downhill(normal, constants, {value, best, damping});
    if (!found) break;
    gain = best - found.best;
    ({constants, best, damping} = found);
  }
  return Object.freeze({constants, objective: best, steps: taken});
}

interface Point {
  readonly constants: Float64Array;
  readonly lambda: number;
  readonly bend: number;
}

function objectiveOf(model: CovariateModel, people: readonly Subject[], {constants, lambda, bend}: Point): number {
  let sum = 0;
  for (const subject of people) {
    const errors = logErrors(subject, model.locals(constants, subject.person));
    for (let k = 0; k < errors.length; k++)
      sum += (Math.sqrt(errors[k] * errors[k] + bend * bend) - bend) / errors.length / people.length;
  }
  return model.penalised.reduce((all, w, j) => all + lambda * w * (constants[j] - model.start[j]) ** 2, sum);
}

/** Gradient and Gauss-Newton curvature of the objective. */
function normalOf(model: CovariateModel, people: readonly Subject[], {constants, lambda, bend}: Point): Normal {
  const p = constants.length, gradient = new Float64Array(p), curvature = new Float64Array(p * p);
  for (const subject of people) {
    const locals = model.locals(constants, subject.person), errors = logErrors(subject, locals);
    const bent = errors.map(e => 1 / Math.sqrt(e * e + bend * bend) / errors.length / people.length);
    const change = sensitivities(subject, locals, errors), L = locals.length;
    const slope = change.map(a => product(bent, a, errors));
    const inner = change.map(a => change.map(b => product(bent, a, b)));
    addThrough(localChange(model, constants, {subject, locals}), {inner, slope, L}, {gradient, curvature});
  }
  model.penalised.forEach((w, j) => {
    gradient[j] += 2 * lambda * w * (constants[j] - model.start[j]);
    curvature[j * p + j] += 2 * lambda * w;
  });
  return {gradient, curvature: Matrix.from1DArray(p, p, curvature)};
}

/** The sum of products of three lists. */
function product(a: Float64Array, b: Float64Array, c: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k] * c[k];
  return sum;
}

/** `[p][L]`: how locals of a person change with each constant. */
function localChange(
  model: CovariateModel, constants: Float64Array, {subject, locals}: {subject: Subject; locals: Float64Array},
): Float64Array[] {
  const step = 1e-5, moved = Float64Array.from(constants);
  return Array.from(constants, (value, j) => {
    moved[j] = value + step;
    const change = Float64Array.from(model.locals(moved, subject.person));
    moved[j] = value;
    for (let l = 0; l < change.length; l++) change[l] = (change[l] - locals[l]) / step;
    return change;
  });
}

/** Adds what one person says, through the way from constants to their locals. */
function addThrough(
  change: readonly Float64Array[], {inner, slope, L}: {inner: number[][]; slope: number[]; L: number},
  {gradient, curvature}: {gradient: Float64Array; curvature: Float64Array},
): void {
  const p = change.length, half = new Float64Array(L);
  for (let j = 0; j < p; j++) {
    const own = change[j];
    half.fill(0);
    for (let l = 0; l < L; l++) {
      if (own[l] === 0) continue;
      gradient[j] += own[l] * slope[l];
      for (let m = 0; m < L; m++) half[m] += own[l] * inner[l][m];
    }
    for (let i = 0; i <= j; i++) {
      let sum = 0;
      for (let m = 0; m < L; m++) sum += half[m] * change[i][m];
      curvature[j * p + i] += sum;
      if (i !== j) curvature[i * p + j] += sum;
    }
  }
}

/** The first step that lowers the objective, damped more and more; none when no step does. */
function downhill(
  {gradient, curvature}: Normal, constants: Float64Array,
  {value, best, damping}: {value: (constants: Float64Array) => number; best: number; damping: number},
) {
  for (let mu = damping; mu < 1e6; mu *= 8) {
    const damped = curvature.clone();
    for (let j = 0; j < gradient.length; j++) damped.set(j, j, damped.get(j, j) * (1 + mu) + 1e-9);
    const solver = new CholeskyDecomposition(damped);
    if (!solver.isPositiveDefinite()) continue;
    const step = solver.solve(Matrix.columnVector(gradient)).to1DArray();
    const there = constants.map((v, j) => v - step[j]), now = value(there);
    if (now < best) return {constants: there, best: now, damping: Math.max(1e-6, mu / 8)};
  }
  return undefined;
}
