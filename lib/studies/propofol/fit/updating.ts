import {inverse, Matrix, solve} from 'ml-matrix';
import type {Subject} from './covariateModel';
import type {Predictor} from './method';
import {logErrors, logPrediction, sensitivities} from './prediction';
import {logErrorsOf, middle} from './score';

/** A person up to their first samples, and from there on. */
export interface Parting {
  readonly before: Subject;
  readonly after: Subject;
}

/** People with more than `first` samples, parted behind them; doses are the same in both parts. */
export function parted(people: readonly Subject[], first = 3): Parting[] {
  const cut = (subject: Subject, from: number, to?: number): Subject =>
    ({...subject, times: subject.times.slice(from, to), measured: subject.measured.slice(from, to)});
  return people.filter(({times}) => times.length > first).map(s => ({before: cut(s, 0, first), after: cut(s, first)}));
}

/** A prediction of later samples that knows the first. */
export type Updater = (parting: Parting) => Float64Array;

/** A prediction that the first samples do not change. */
export const unmoved = (predict: Predictor): Updater => ({after}) => predict(after);

/**
 * A prediction shifted by a share of the median error of the first samples.
 * @param share in [0, 1]
 */
export const shifted = (predict: Predictor, share: number): Updater => ({before, after}) => {
  const off = share * middle(logErrorsOf(predict, before));
  return predict(after).map(v => v - off);
};

/** The share of {@link shifted} that does best on people to learn from. */
export function bestShare(predict: Predictor, training: readonly Parting[]): number {
  const shares = Array.from({length: 11}, (_, k) => k / 10);
  const scores = shares.map(share => middle(updateErrors(shifted(predict, share), training)));
  return shares[scores.indexOf(Math.min(...scores))];
}

/** Median errors of later samples, one a person. */
export function updateErrors(update: Updater, partings: readonly Parting[]): Float64Array {
  return Float64Array.from(partings, parting =>
    middle(update(parting).map((v, k) => Math.abs(v - Math.log(parting.after.measured[k])))));
}

/** How people differ from what is told of their kind, and how samples do from their own course. */
export interface Scatter {
  /** `[L, L]`: covariance of the logarithms of compartments between people. */
  readonly between: Matrix;
  /** Variance of `log measured` around the course of a person. */
  readonly within: number;
}

/** Rounds of {@link scatterOf}; each looks at everybody once. */
const ROUNDS = 6;

/**
 * Scatter between and within people, from people to learn from: each round finds everybody's most probable
 * compartments under the scatter so far, and takes the scatter of those, with what is uncertain about them.
 * @param locals what is told of a person
 * @reference Lindstrom, Bates 1990, Nonlinear mixed effects models for repeated measures data. doi:10.2307/2532087
 */
export function scatterOf(training: readonly Subject[], locals: (subject: Subject) => Float64Array): Scatter {
  const L = locals(training[0]).length;
  let scatter: Scatter = {between: Matrix.eye(L, L).mul(0.09), within: 0.04};
  for (let round = 0; round < ROUNDS; round++) {
    const between = Matrix.zeros(L, L);
    let squares = 0, samples = 0;
    for (const subject of training) {
      const {moved, spread, errors} = mostProbable(subject, locals(subject), scatter);
      const away = Matrix.columnVector(moved);
      between.add(away.mmul(away.transpose())).add(spread);
      // Far errors are cut, so that a few broken samples do not make all of them look loose.
      squares += errors.reduce((sum, e) => sum + Math.min(e * e, 9 * scatter.within), 0);
      samples += errors.length;
    }
    scatter = {between: between.div(training.length).add(Matrix.eye(L, L).mul(1e-6)), within: squares / samples};
  }
  return scatter;
}

/**
 * The most probable compartments of somebody given samples: those near what is told of their kind that are near the
 * samples too, each as far as its scatter says.
 * @returns `moved`: by how much logarithms leave `locals`; `spread`: how uncertain they are; `errors` of the samples
 */
export function mostProbable(subject: Subject, locals: Float64Array, {between, within}: Scatter) {
  const prior = inverse(between), L = locals.length;
  let moved = new Float64Array(L), curvature = prior.clone(), errors = logErrors(subject, locals);
  for (let step = 0; step < 8 && subject.times.length > 0; step++) {
    const at = locals.map((v, l) => v + moved[l]);
    errors = logErrors(subject, at);
    const change = sensitivities(subject, at, errors);
    curvature = new Matrix(change.map((a, l) => change.map((b, m) =>
      a.reduce((sum, v, k) => sum + v * b[k], 0) / within + prior.get(l, m))));
    const pull = change.map(a => a.reduce((sum, v, k) => sum + v * errors[k], 0) / within);
    const slope = prior.mmul(Matrix.columnVector(Array.from(moved))).add(Matrix.columnVector(pull));
    const by = solve(curvature, slope).to1DArray(), long = Math.max(1, ...by.map(Math.abs));
    moved = moved.map((v, l) => v - by[l] / long);
    if (Math.max(...by.map(Math.abs)) < 1e-4) break;
  }
  return {moved: Array.from(moved), spread: inverse(curvature), errors};
}

/** A prediction from the most probable compartments given the first samples: the recogniser of a mechanism. */
export const recognised = (locals: (subject: Subject) => Float64Array, scatter: Scatter): Updater =>
  ({before, after}) => {
    const told = locals(before), {moved} = mostProbable(before, told, scatter);
    return logPrediction(after, told.map((v, l) => v + moved[l]));
  };
