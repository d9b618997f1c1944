import {expect, isWhole} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import type {GridHistory, GridPlan, History, Plan} from './history';
import {countOf, isGrid, targetTimes, timeAt, timesIn, timesOfRows, type Timed, type Times} from './times';
import {forecastMarks, type GridTrajectories, type Trajectories} from './trajectories';

/** What came true under the plan; scored against, never shown to a forecaster. */
export interface Targets {
  /** `[s]` or `[N, s]`: the plan's times without t_c. */
  readonly time: Times;
  /** `[N, s, dy]` */
  readonly outcomes: NdArray;
  /** `[N, s, dy]`, 1 where measured and to be forecast: not for covariates, and not behind a unit's last time. */
  readonly observed: NdArray;
}

/**
 * When it is decided. A number is an index into each unit's own times. `{time}` is a time in the data's unit, common or
 * one for each of the N units; between two measurements the history ends with an entry at that time at which nothing
 * was measured.
 */
export type Decision = number | {readonly time: number | ArrayLike<number>};

/** Which units are cut out. */
export interface CutOptions {
  /** Which units, in this order, each in [0, N). Default: all. */
  readonly units?: ArrayLike<number>;
}

/**
 * The half-open index ranges around a decision at index c, with `horizon` planned steps. Everything that cuts data uses
 * these: the outcome at c is known, the treatment at c is the plan's first (it acts on `(time[c], time[c+1]]`).
 * @paper section 2
 */
export function ranges(c: number, horizon = 0) {
  return {
    outcomes: [0, c + 1], treatments: [0, c], plan: [c, c + horizon], planTime: [c, c + horizon + 1],
    targets: [c + 1, c + horizon + 1],
  } as const;
}

/**
 * What is known when deciding: outcomes up to and including t_c, treatments before it, statics.
 * @param decision index c in [0, T): outcomes 0 ... c, treatments 0 ... c-1. Or `{time}`, from a unit's first time to
 * the end of its follow-up: the interval in which it falls is cut there, and its treatment is known up to t_c
 * @throws ArgumentError for a decision that a unit does not have, or units outside [0, N)
 * @example
 * ```ts
 * import {historyAt, rng} from './lib';
 * import {confoundedPendulum} from './lib/studies/pendulum';
 * const {trajectories} = confoundedPendulum(rng(1), {units: 5, steps: 16});
 * const {outcomes, treatments} = historyAt(trajectories, 8);
 * console.log(outcomes.shape, treatments.shape);   // [ 5, 9, 1 ] [ 5, 8, 1 ]
 * ```
 */
export function historyAt(trajectories: GridTrajectories, decision: number, options?: CutOptions): GridHistory;
/** The same of units with times of their own, or at a time. */
export function historyAt(trajectories: Trajectories, decision: Decision, options?: CutOptions): History;
export function historyAt(trajectories: Trajectories, decision: Decision, {units}: CutOptions = {}): History {
  const rows = rowsAt('historyAt', trajectories, decision, units), known = historyTimes(trajectories, decision, rows);
  const L = timesIn(known.time), outcomes = rows.map(({unit, c}) => ({unit, span: ranges(c).outcomes}));
  return Object.freeze({
    ...known,
    outcomes: block(trajectories.outcomes, outcomes, L),
    treatments: block(trajectories.treatments, rows.map(({unit, c, late}) =>
      ({unit, span: ranges(late ? c + 1 : c).treatments})), L - 1),
    observed: block(trajectories.observed, outcomes, L),
    statics: pick(trajectories.statics, units ?? null),
  });
}

/**
 * The treatments that were in fact given from the decision on, as a plan that ends at the last time to forecast.
 * @param horizon after an index: number of steps, in [1, T - 1 - c], or as many as a unit has left. After a time: a
 * duration > 0 in the data's time unit; each unit's own times within it are forecast, which may be none
 * @throws ArgumentError for a decision or horizon that the units do not have
 * @example
 * ```ts
 * import {planAt, rng} from './lib';
 * import {confoundedPendulum} from './lib/studies/pendulum';
 * const {trajectories} = confoundedPendulum(rng(1), {units: 5, steps: 16});
 * console.log(planAt(trajectories, 8, 6).treatments.shape);   // [ 5, 6, 1 ]
 * ```
 */
export function planAt(
  trajectories: GridTrajectories, decision: number, horizon: number, options?: CutOptions,
): GridPlan;
/** The same of units with times of their own, or from a time. */
export function planAt(trajectories: Trajectories, decision: Decision, horizon: number, options?: CutOptions): Plan;
export function planAt(
  trajectories: Trajectories, decision: Decision, horizon: number, {units}: CutOptions = {},
): Plan {
  const {rows, time, counts} = ahead('planAt', trajectories, {decision, horizon, units});
  const spans = rows.map(({unit, c, steps}) => ({unit, span: ranges(c, steps).plan}));
  return Object.freeze({
    time, ...(counts && {counts}), treatments: block(trajectories.treatments, spans, timesIn(time) - 1),
  });
}

/**
 * The outcomes at the times of {@link planAt}.
 * @param horizon as for `planAt`
 * @throws ArgumentError as `planAt`
 */
export function targetsAt(
  trajectories: Trajectories, decision: Decision, horizon: number, {units}: CutOptions = {},
): Targets {
  const {rows, ...timed} = ahead('targetsAt', trajectories, {decision, horizon, units});
  const marks = forecastMarks(trajectories.channels);
  const spans = rows.map(({unit, c, steps}) => ({unit, span: ranges(c, steps).targets})), time = targetTimes(timed);
  const s = timesIn(time);
  const {shape, data} = block(trajectories.observed, spans, s);
  return Object.freeze({
    time,
    outcomes: block(trajectories.outcomes, spans, s),
    observed: ndarray(shape, data.map((seen, k) => seen * marks[k % marks.length])),
  });
}

/**
 * The units that can be asked at a decision: those that have begun and are still followed, with a time to forecast
 * within the horizon.
 * @param horizon as for `planAt`
 */
export function unitsAt(trajectories: Trajectories, decision: Decision, horizon: number): Int32Array {
  const [N] = trajectories.outcomes.shape;
  return Int32Array.from({length: N}, (_, i) => i).filter(i => {
    const c = lastIndex(trajectories, decision, i);
    return c >= 0
      && stepsAhead(trajectories, {decision, horizon}, {unit: i, c, now: decisionTime(trajectories, decision, i)}) > 0;
  });
}

const atTime = (decision: Decision): decision is Exclude<Decision, number> =>
  typeof decision === 'object' && decision !== null;

/** A unit at its decision. */
interface Row {
  readonly unit: number;
  /** Index of its last time up to t_c. */
  readonly c: number;
  /** t_c */
  readonly now: number;
  /** Whether t_c comes after that time. */
  readonly late?: boolean;
}

interface Question {
  readonly decision: Decision;
  readonly horizon: number;
}

function rowsAt(
  fn: string, trajectories: Trajectories, decision: Decision, units: ArrayLike<number> | undefined,
): Row[] {
  const [N] = trajectories.outcomes.shape, T = timesIn(trajectories.time);
  const chosen = Array.from(expectUnits(fn, units, N) ?? Array.from({length: N}, (_, i) => i));
  if (!atTime(decision)) expectIndex(
    fn, decision, T - 1, `a whole number in [0, ${T - 1}], an index into the ${T} times`,
  );
  else expectTimes(fn, decision.time, N);
  expect(chosen.length > 0 || (isGrid(trajectories.time) && !atTime(decision)), {
    fn, argument: 'units', expected: 'at least one, for without any there are no times', received: chosen,
  });
  return chosen.map(unit => {
    const c = lastIndex(trajectories, decision, unit), now = decisionTime(trajectories, decision, unit);
    expect(c >= 0, !atTime(decision) ? {
      fn, argument: 'decision', expected: `below ${countOf(trajectories, unit)}, the number of times of unit ${unit}`,
      received: decision,
      remedy: 'Give a time, or the units that have so many times.',
    } : {
      fn, argument: 'decision', received: now,
      expected:
        `within the follow-up of unit ${unit}, [${timeAt(trajectories.time, unit, 0)}, ${trajectories.followed[unit]}]`,
      remedy: 'Give the units that are followed then, see unitsAt().',
    });
    return {unit, c, now, late: now > timeAt(trajectories.time, unit, c)};
  });
}

/** Index of unit `i`'s last time up to the decision; -1 where the unit has no such decision. */
function lastIndex(trajectories: Trajectories, decision: Decision, i: number): number {
  const {time, followed} = trajectories, count = countOf(trajectories, i);
  if (!atTime(decision)) return decision < count ? decision : -1;
  const now = decisionTime(trajectories, decision, i);
  let c = now > followed[i] ? -1 : count - 1;
  while (c >= 0 && timeAt(time, i, c) > now) c--;
  return c;
}

function decisionTime({time}: Trajectories, decision: Decision, i: number): number {
  if (!atTime(decision)) return timeAt(time, i, decision);
  return typeof decision.time === 'number' ? decision.time : decision.time[i];
}

/** Times up to t_c. */
function historyTimes(trajectories: Trajectories, decision: Decision, rows: readonly Row[]): Timed {
  const {time} = trajectories;
  if (isGrid(time) && !atTime(decision)) return {time: time.slice(...ranges(decision).outcomes)};
  return timesOfRows(rows.map(({unit, c, now, late}) =>
    [...ownTimes(time, unit, ranges(c).outcomes), ...(late ? [now] : [])]));
}

/** Rows with their numbers of steps, and the times from t_c to the last that is forecast. */
function ahead(fn: string, trajectories: Trajectories, {units, ...question}: Question & CutOptions) {
  const {time} = trajectories, {decision, horizon} = question;
  if (!atTime(decision)) expectAhead(fn, trajectories, decision, horizon);
  else expect(horizon > 0 && horizon < Infinity, {
    fn, argument: 'horizon', expected: 'a duration > 0', received: horizon,
  });
  const rows = rowsAt(fn, trajectories, decision, units).map(row =>
    ({...row, steps: stepsAhead(trajectories, question, row)}));
  expect(rows.length === 0 || rows.some(({steps}) => steps > 0), {
    fn, argument: 'horizon', expected: 'long enough for a time to forecast in some unit', received: horizon,
  });
  if (isGrid(time) && !trajectories.counts && !atTime(decision)) {
    return {rows, time: time.slice(...ranges(decision, horizon).planTime)};
  }
  return {
    rows, ...timesOfRows(rows.map(({unit, c, now, steps}) => [now, ...ownTimes(time, unit, ranges(c, steps).targets)])),
  };
}

/** Steps of unit `unit` ahead: up to `horizon` after an index, as many as its duration holds after a time. */
function stepsAhead(trajectories: Trajectories, {decision, horizon}: Question, {unit, c, now}: Row): number {
  const left = countOf(trajectories, unit) - 1 - c;
  if (!atTime(decision)) return Math.min(left, horizon);
  // A time that is meant to be the horizon's last may miss it by a rounding error.
  const end = now + horizon * (1 + 1e-9);
  let steps = 0;
  while (steps < left && timeAt(trajectories.time, unit, c + steps + 1) <= end) steps++;
  return steps;
}

const ownTimes = (time: Times, unit: number, [from, to]: readonly [number, number]): number[] =>
  Array.from({length: to - from}, (_, k) => timeAt(time, unit, from + k));

/** Times of some units, `[N, T, d]` -> `[rows, width, d]`, copied; 0 behind each row's end. */
function block(
  array: NdArray, rows: readonly {unit: number; span: readonly [number, number]}[], width: number,
): NdArray {
  const [, T, d] = array.shape, out = new Float64Array(rows.length * width * d);
  rows.forEach(({unit, span: [from, to]}, i) =>
    out.set(array.data.subarray((unit * T + from) * d, (unit * T + to) * d), i * width * d));
  return ndarray([rows.length, width, d], out);
}

/** Whole rows of `[N, ...]`, copied. @internal */
export function pick(array: NdArray, rows: ArrayLike<number> | null): NdArray {
  const [N, ...rest] = array.shape, width = rest.reduce((a, b) => a * b, 1), n = rows ? rows.length : N;
  const out = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    const row = rows ? rows[i] : i;
    out.set(array.data.subarray(row * width, (row + 1) * width), i * width);
  }
  return ndarray([n, ...rest], out);
}

/**
 * These units, or null for all N.
 * @throws ArgumentError naming `fn`, unless each is a whole number in [0, N)
 * @internal
 */
export function expectUnits(fn: string, units: ArrayLike<number> | undefined, N: number): ArrayLike<number> | null {
  if (!units) return null;
  expect(Array.from(units).every(i => isWhole(i, 0, N - 1)), {
    fn, argument: 'units', expected: `whole numbers in [0, ${N - 1}]`, received: units,
  });
  return units;
}

function expectIndex(fn: string, c: number, last: number, expected: string): void {
  expect(isWhole(c, 0, last), {fn, argument: 'c', expected, received: c});
}

function expectTimes(fn: string, time: number | ArrayLike<number>, N: number): void {
  const all = typeof time === 'number' ? [time] : Array.from(time ?? []);
  expect((typeof time === 'number' || all.length === N) && all.every(Number.isFinite), {
    fn, argument: 'decision.time', expected: `a finite time, or ${N} of them`, received: time,
  });
}

function expectAhead(fn: string, {time}: Trajectories, c: number, horizon: number): void {
  const last = timesIn(time) - 1;
  expectIndex(fn, c, last - 1, `a whole number in [0, ${last - 1}], so that a later time exists`);
  expect(isWhole(horizon, 1, last - c), {
    fn, argument: 'horizon', expected: `a whole number in [1, ${last - c}] at c = ${c}`, received: horizon,
    remedy: `The series ends at index ${last}.`,
  });
}
