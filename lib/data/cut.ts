import {expect, isWhole} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import type {History, Plan} from './history';
import type {Trajectories} from './trajectories';

/** What came true under the plan; scored against, never shown to a forecaster. */
export interface Targets {
  /** `[s]`: the plan's times without t_c. */
  readonly time: Float64Array;
  /** `[N, s, dy]` */
  readonly outcomes: NdArray;
  /** `[N, s, dy]`, 1 where measured. */
  readonly observed: NdArray;
}

/** Which units and times are cut out. */
export interface CutOptions {
  /** Which units, in this order, each in [0, N). Default: all. */
  readonly units?: ArrayLike<number>;
}

/**
 * The half-open index ranges around a decision at index c, with `horizon` planned steps. Everything that cuts data uses these:
 * the outcome at c is known, the treatment at c is the plan's first (it acts on `(time[c], time[c+1]]`).
 * @paper section 2
 */
export function ranges(c: number, horizon = 0) {
  return {outcomes: [0, c + 1], treatments: [0, c], plan: [c, c + horizon], planTime: [c, c + horizon + 1], targets: [c + 1, c + horizon + 1]} as const;
}

/**
 * What is known when deciding at index `c`: outcomes 0 ... c, treatments 0 ... c-1, statics.
 * @param c decision index, in [0, T)
 * @example
 * ```ts
 * import {historyAt, rng} from './lib';
 * import {cancerCohort} from './lib/studies/cancer';
 * const {trajectories} = cancerCohort({patients: 5, rng: rng(1)});
 * const {outcomes, treatments} = historyAt(trajectories, 8);
 * console.log(outcomes.shape, treatments.shape);   // [ 5, 9, 2 ] [ 5, 8, 2 ]
 * ```
 */
export function historyAt(trajectories: Trajectories, c: number, {units}: CutOptions = {}): History {
  const T = trajectories.time.length;
  expectIndex('historyAt', c, T - 1, `a whole number in [0, ${T - 1}], an index into the ${T} times`);
  const cut = ranges(c), rows = expectUnits('historyAt', units, trajectories.outcomes.shape[0]);
  return Object.freeze({
    time: trajectories.time.slice(...cut.outcomes),
    outcomes: block(trajectories.outcomes, cut.outcomes, rows),
    treatments: block(trajectories.treatments, cut.treatments, rows),
    observed: block(trajectories.observed, cut.outcomes, rows),
    statics: pick(trajectories.statics, rows),
  });
}

/**
 * The treatments that were in fact given in the `horizon` steps from index `c` on, as a plan.
 * @param horizon number of steps, in [1, T - 1 - c]
 * @example
 * ```ts
 * import {planAt, rng} from './lib';
 * import {cancerCohort} from './lib/studies/cancer';
 * const {trajectories} = cancerCohort({patients: 5, rng: rng(1)});
 * console.log(planAt(trajectories, 8, 6).treatments.shape);   // [ 5, 6, 2 ]
 * ```
 */
export function planAt(trajectories: Trajectories, c: number, horizon: number, {units}: CutOptions = {}): Plan {
  expectAhead('planAt', trajectories, c, horizon);
  const cut = ranges(c, horizon), rows = expectUnits('planAt', units, trajectories.outcomes.shape[0]);
  return Object.freeze({time: trajectories.time.slice(...cut.planTime), treatments: block(trajectories.treatments, cut.plan, rows)});
}

/**
 * The outcomes at the `horizon` times after index `c`.
 * @param horizon number of steps, in [1, T - 1 - c]
 */
export function targetsAt(trajectories: Trajectories, c: number, horizon: number, {units}: CutOptions = {}): Targets {
  expectAhead('targetsAt', trajectories, c, horizon);
  const {targets} = ranges(c, horizon), rows = expectUnits('targetsAt', units, trajectories.outcomes.shape[0]);
  return Object.freeze({
    time: trajectories.time.slice(...targets),
    outcomes: block(trajectories.outcomes, targets, rows),
    observed: block(trajectories.observed, targets, rows),
  });
}

/** `[N, T, d]` -> `[rows, to - from, d]`, copied. */
function block(array: NdArray, [from, to]: readonly [number, number], rows: ArrayLike<number> | null): NdArray {
  const [N, T, d] = array.shape, n = rows ? rows.length : N, length = (to - from) * d;
  const out = new Float64Array(n * length);
  for (let i = 0; i < n; i++) {
    const start = ((rows ? rows[i] : i) * T + from) * d;
    out.set(array.data.subarray(start, start + length), i * length);
  }
  return ndarray([n, to - from, d], out);
}

/** Whole rows of `[N, ...]`, copied. @internal */
export function pick(array: NdArray, rows: ArrayLike<number> | null): NdArray {
  const [N, ...rest] = array.shape, width = rest.reduce((a, b) => a * b, 1), n = rows ? rows.length : N;
  const out = new Float64Array(n * width);
  for (let i = 0; i < n; i++) out.set(array.data.subarray((rows ? rows[i] : i) * width, ((rows ? rows[i] : i) + 1) * width), i * width);
  return ndarray([n, ...rest], out);
}

/** @internal */
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

function expectAhead(fn: string, {time}: Trajectories, c: number, horizon: number): void {
  const last = time.length - 1;
  expectIndex(fn, c, last - 1, `a whole number in [0, ${last - 1}], so that a later time exists`);
  expect(isWhole(horizon, 1, last - c), {
    fn, argument: 'horizon', expected: `a whole number in [1, ${last - c}] at c = ${c}`, received: horizon, remedy: `The series ends at index ${last}.`,
  });
}
