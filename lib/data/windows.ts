import {expect, expectWhole, isWhole} from '../errors';
import {integers, permutation} from '../math/discrete';
import type {NdArray} from '../math/ndarray';
import {fold, type Rng} from '../math/rng';
import {ranges} from './cut';
import type {History, Plan} from './history';
import {countOf, isGrid, lastTime, timeAt, timesIn} from './times';
import {forecastMarks, type Trajectories} from './trajectories';

/**
 * Histories padded to L times, one row a unit and decision time; everything after t_c is 0, so there is nothing to
 * leak.
 */
export interface HistoryRows {
  /** `[B, L]`: time minus t_c, in units of `timeScale`; 0 from t_c on. */
  readonly time: Float32Array;
  /** `[B, L, dy]`, 0 where not observed. */
  readonly outcomes: Float32Array;
  /** `[B, L, dy]`, 1 where observed. */
  readonly observed: Float32Array;
  /** `[B, L, da]`: treatment k acts on `(time[k], time[k+1]]`; 0 from t_c on. */
  readonly treatments: Float32Array;
  /** `[B, L]`, 1 at t_c, else 0. */
  readonly last: Float32Array;
  /** `[B, ds]` */
  readonly statics: Float32Array;
}

/** Plans padded to S steps. */
export interface PlanRows {
  /**
   * `[B, S]`: length of each planned interval, in the data's time unit; 1 where padded, so that it can be integrated
   * over.
   */
  readonly duration: Float32Array;
  /** `[B, S, da]`, 0 where padded. */
  readonly treatments: Float32Array;
}

/** Targets padded to S steps. */
export interface TargetRows {
  /** `[B, S, dy]`, 0 where not observed or padded. */
  readonly outcomes: Float32Array;
  /** `[B, S, dy]`, 1 where measured and inside the series. */
  readonly observed: Float32Array;
}

/** A training batch of fixed shape. */
export interface WindowBatch {
  /** B, L, S */
  readonly size: {readonly batch: number; readonly length: number; readonly horizon: number};
  /** `[B]`: which unit each row is; -1 marks a padding row, which is 0 everywhere. */
  readonly units: Int32Array;
  /** `[B]`: decision index of each row; -1 for a padding row. */
  readonly decisions: Int32Array;
  readonly history: HistoryRows;
  readonly plan: PlanRows;
  readonly target: TargetRows;
}

/** Options of {@link windows}. */
export interface WindowsOptions {
  /**
   * Decision indices into each unit's own times, each in [0, T - 2]; a unit is asked at those that have a time after
   * them.
   */
  readonly decisions: readonly number[];
  /**
   * `'one'`: each unit once an epoch, with a decision time drawn from the list; `'all'`: each unit once for every
   * decision time. Default `'one'`.
   */
  readonly each?: 'one' | 'all';
  /** S, at least 1; steps beyond the end of the series have target mask 0. */
  readonly horizon: number;
  /** B, at least 1. */
  readonly batch: number;
  /** Decides the order of the units and their decision times: one generator gives one epoch. */
  readonly rng: Rng;
  /** L, above every decision index. Default: the largest decision index plus 1. */
  readonly length?: number;
  /** What becomes of an incomplete last batch: filled with empty rows, or left out. Default `'pad'`. */
  readonly incomplete?: 'pad' | 'drop';
  /** Divides the history's times. Default: the longest span of a unit's times. */
  readonly timeScale?: number;
}

/**
 * One epoch of training batches over all units in fresh random order; the same generator gives the same batches.
 * @throws ArgumentError, when the first batch is asked for: for options outside their ranges, or no decisions
 */
export function* windows(trajectories: Trajectories, options: WindowsOptions): Generator<WindowBatch> {
  const {horizon, batch, decisions, incomplete = 'pad'} = options;
  const length = options.length ?? Math.max(...decisions) + 1;
  const timeScale = options.timeScale ?? longestSpan(trajectories);
  check(options, timesIn(trajectories.time), length);
  const rows = order(trajectories, options);
  for (let start = 0; start < rows.length; start += batch) {
    const chosen = rows.slice(start, start + batch);
    if (chosen.length < batch && incomplete === 'drop') return;
    yield windowBatch(trajectories, chosen, {batch, length, horizon, timeScale});
  }
}

/**
 * Number of units that have a time after one of these decision indices: those that an epoch of `each: 'one'` visits.
 */
export function windowUnits(trajectories: Trajectories, decisions: readonly number[]): number {
  const first = Math.min(...decisions);
  return trajectories.counts ? trajectories.counts.filter(n => first <= n - 2).length : trajectories.outcomes.shape[0];
}

/**
 * A history as padded rows, each ending at its decision time.
 * @throws ArgumentError for a length below the history's number of times
 */
export function historyRows(history: History, {length, timeScale}: {length: number; timeScale: number}): HistoryRows {
  const [B, known] = history.outcomes.shape;
  expect(isWhole(length, known), {
    fn: 'historyRows', argument: 'length', expected: `a whole number, at least the history's ${known} times`,
    received: length,
  });
  const rows = emptyHistory(B, length, history);
  for (let b = 0; b < B; b++) {
    fillHistory(rows, b, {source: history, unit: b, c: countOf(history, b) - 1}, {length, timeScale});
  }
  return rows;
}

/**
 * A plan as padded rows.
 * @throws ArgumentError for a horizon below the plan's number of steps
 */
export function planRows(plan: Plan, horizon: number): PlanRows {
  const [B, s, da] = plan.treatments.shape;
  expect(isWhole(horizon, s), {
    fn: 'planRows', argument: 'horizon', expected: `a whole number, at least the plan's ${s} steps`, received: horizon,
  });
  const rows: PlanRows =
    {duration: new Float32Array(B * horizon).fill(1), treatments: new Float32Array(B * horizon * da)};
  for (let b = 0; b < B; b++) {
    const steps = countOf(plan, b) - 1;
    for (let k = 0; k < steps; k++) {
      rows.duration[b * horizon + k] = timeAt(plan.time, b, k + 1) - timeAt(plan.time, b, k);
    }
    rows.treatments.set(plan.treatments.data.subarray(b * s * da, (b * s + steps) * da), b * horizon * da);
  }
  return rows;
}

function longestSpan(trajectories: Trajectories): number {
  const [N] = trajectories.outcomes.shape, {time} = trajectories;
  if (isGrid(time)) return time[time.length - 1] - time[0];
  return Math.max(...Array.from({length: N}, (_, i) => lastTime(trajectories, i) - timeAt(time, i, 0)));
}

type Row = readonly [unit: number, decision: number];

/** Rows of an epoch. Where all units have all decisions, as on a grid, each draw picks from the whole list. */
function order(trajectories: Trajectories, {decisions, each = 'one', rng}: WindowsOptions): Row[] {
  const [N] = trajectories.outcomes.shape, count = each === 'all' ? N * decisions.length : N;
  const shuffled = permutation(fold(rng, 'order'), count);
  const drawn = integers(fold(rng, 'decision'), count, {high: decisions.length});
  return Array.from(shuffled, (k, i): Row | undefined => {
    const unit = k % N, own = decisions.filter(c => c <= countOf(trajectories, unit) - 2);
    if (each === 'all') {
      return own.includes(decisions[Math.floor(k / N)]) ? [unit, decisions[Math.floor(k / N)]] : undefined;
    }
    if (own.length === decisions.length) return [unit, decisions[drawn[i]]];
    return own.length ? [unit, own[integers(fold(fold(rng, 'decision'), i), 1, {high: own.length})[0]]] : undefined;
  }).filter(row => row !== undefined);
}

function windowBatch(
  source: Trajectories, rows: readonly Row[], size: WindowBatch['size'] & {timeScale: number},
): WindowBatch {
  const {batch: B, length: L, horizon: S, timeScale} = size, [, , dy] = source.outcomes.shape;
  const da = source.treatments.shape[2];
  const history = emptyHistory(B, L, source);
  const plan: PlanRows = {duration: new Float32Array(B * S).fill(1), treatments: new Float32Array(B * S * da)};
  const target: TargetRows = {outcomes: new Float32Array(B * S * dy), observed: new Float32Array(B * S * dy)};
  rows.forEach(([unit, c], b) => {
    fillHistory(history, b, {source, unit, c}, {length: L, timeScale});
    fillAhead({plan, target}, b, {source, unit, c}, S);
  });
  const label = (k: 0 | 1) => Int32Array.from({length: B}, (_, b) => rows[b]?.[k] ?? -1);
  return {size: {batch: B, length: L, horizon: S}, units: label(0), decisions: label(1), history, plan, target};
}

/** Arrays with units first and time second; a `History` is one whose time stops at t_c. */
type Source = Pick<Trajectories, 'time' | 'outcomes' | 'observed' | 'treatments' | 'statics'>;

/** B rows of L times, for channels as in `source`. */
function emptyHistory(B: number, L: number, source: Source): HistoryRows {
  const dy = source.outcomes.shape[2], da = source.treatments.shape[2], ds = source.statics.shape[1];
  return {
    time: new Float32Array(B * L), outcomes: new Float32Array(B * L * dy), observed: new Float32Array(B * L * dy),
    treatments: new Float32Array(B * L * da), last: new Float32Array(B * L), statics: new Float32Array(B * ds),
  };
}

/** One unit of the data, asked at decision index c. */
interface Asked<T extends Source> {
  readonly source: T;
  readonly unit: number;
  readonly c: number;
}

/** Writes row b. */
function fillHistory(
  rows: HistoryRows, b: number, {source, unit, c}: Asked<Source>,
  {length: L, timeScale}: {readonly length: number; readonly timeScale: number},
): void {
  const cut = ranges(c), at = (k: number) => timeAt(source.time, unit, k);
  const [, , dy] = source.outcomes.shape, [, , da] = source.treatments.shape, [, ds] = source.statics.shape;
  for (let k = 0; k <= c; k++) rows.time[b * L + k] = (at(k) - at(c)) / timeScale;
  rows.outcomes.set(ofUnit(source.outcomes, unit, cut.outcomes), b * L * dy);
  rows.observed.set(ofUnit(source.observed, unit, cut.outcomes), b * L * dy);
  for (let i = b * L * dy, end = i + L * dy; i < end; i++) rows.outcomes[i] *= rows.observed[i];
  rows.treatments.set(ofUnit(source.treatments, unit, cut.treatments), b * L * da);
  rows.last[b * L + c] = 1;
  rows.statics.set(source.statics.data.subarray(unit * ds, (unit + 1) * ds), b * ds);
}

/** Writes row b, of S steps. */
function fillAhead(
  {plan, target}: Pick<WindowBatch, 'plan' | 'target'>, b: number, {source, unit, c}: Asked<Trajectories>, S: number,
): void {
  const s = Math.min(S, countOf(source, unit) - 1 - c), cut = ranges(c, s);
  const [, , dy] = source.outcomes.shape, [, , da] = source.treatments.shape;
  const marks = forecastMarks(source.channels);
  for (let k = 0; k < s; k++) {
    plan.duration[b * S + k] = timeAt(source.time, unit, c + k + 1) - timeAt(source.time, unit, c + k);
  }
  plan.treatments.set(ofUnit(source.treatments, unit, cut.plan), b * S * da);
  target.outcomes.set(ofUnit(source.outcomes, unit, cut.targets), b * S * dy);
  target.observed.set(ofUnit(source.observed, unit, cut.targets), b * S * dy);
  for (let i = b * S * dy, end = i + S * dy; i < end; i++) target.outcomes[i] *= target.observed[i] *= marks[i % dy];
}

/** Times [from, to) of one unit of `[N, T, d]`. */
function ofUnit({shape: [, T, d], data}: NdArray, unit: number, [from, to]: readonly [number, number]): Float64Array {
  return data.subarray((unit * T + from) * d, (unit * T + to) * d);
}

function check({decisions, horizon, batch, timeScale}: WindowsOptions, T: number, length: number): void {
  const fn = 'windows';
  expect(decisions.length > 0 && decisions.every(c => isWhole(c, 0, T - 2)), {
    fn, argument: 'decisions', expected: `indices in [0, ${T - 2}], at least one`, received: decisions,
  });
  expectWhole(fn, {horizon, batch});
  expect(isWhole(length) && length > Math.max(...decisions), {
    fn, argument: 'length', expected: 'a whole number above every decision index', received: length,
  });
  expect(timeScale === undefined || timeScale > 0, {
    fn, argument: 'timeScale', expected: 'above 0', received: timeScale,
  });
}
