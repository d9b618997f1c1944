import type {Trajectories} from '../../../data/trajectories';
import {mean, sd} from '../../../math/statistics';
import {sphereDiameter} from './geometry';

/** A mean over patients with its standard error. */
export interface Estimate {
  readonly name: string;
  readonly value: number;
  readonly error: number;
}

/**
 * Twenty-one statistics by which two cancer cohorts can be told apart: outcomes at five times, doses, how doses follow
 * the tumour, shrinkage. Patients who are not followed to the end are left out.
 */
export function cancerMoments({outcomes, treatments, observed}: Trajectories): Estimate[] {
  const [N, T] = outcomes.shape;
  const whole = Array.from({length: N}, (_, i) => i).filter(i => observed.data[(i * T + T - 1) * 2] === 1);
  const V = (i: number, t: number) => outcomes.data[(i * T + t) * 2];
  const W = (i: number, t: number) => outcomes.data[(i * T + t) * 2 + 1];
  const C = (i: number, t: number) => treatments.data[(i * T + t) * 2];
  const d = (i: number, t: number) => treatments.data[(i * T + t) * 2 + 1];
  const over = (name: string, f: (i: number) => number): Estimate => estimate(name, whole.map(f));
  const average = (f: (t: number) => number) => mean(Array.from({length: T - 1}, (_, t) => f(t)));
  const times = [...new Set([0, 4, 8, 15, 23].map(t => Math.min(t, T - 1)))];
  return [
    ...times.flatMap(t => [
      over(`log volume at ${t}`, i => Math.log(V(i, t))),
      over(`squared log volume at ${t}`, i => Math.log(V(i, t)) ** 2), over(`weight at ${t}`, i => W(i, t)),
    ]),
    over('concentration', i => average(t => C(i, t))), over('radiotherapy dose', i => average(t => d(i, t))),
    over('squared radiotherapy dose', i => average(t => d(i, t) ** 2)),
    over('radiotherapy dose times diameter', i => average(t => d(i, t) * sphereDiameter(V(i, t)))),
    over('change of log volume in the first step', i => Math.log(V(i, 1) / V(i, 0))),
    over('weight at the end over weight at the start', i => W(i, T - 1) / W(i, 0)),
  ];
}

/** Mean of equally large groups' estimates. */
export function pooledEstimates(groups: readonly (readonly Estimate[])[]): Estimate[] {
  return groups[0].map(({name}, k) => ({
    name, value: mean(groups.map(g => g[k].value)), error: Math.hypot(...groups.map(g => g[k].error)) / groups.length,
  }));
}

/** Difference of two independent estimates in standard errors, one a statistic. */
export function zScores(ours: readonly Estimate[], theirs: readonly Estimate[]): number[] {
  return ours.map(({value, error}, k) => (value - theirs[k].value) / Math.hypot(error, theirs[k].error));
}

const estimate = (name: string, values: readonly number[]): Estimate =>
  ({name, value: mean(values), error: sd(values) / Math.sqrt(values.length)});
