import {expect} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';

/**
 * Times of units: one grid that all share, `[T]`, or each unit's own, `[N, T]`. A row of `[N, T]` that has fewer times
 * repeats its last one to the end; `counts` says how many are its own.
 */
export type Times = Float64Array | NdArray;

/** Units with their times. */
export interface Timed {
  readonly time: Times;
  /** `[N]`: how many times each unit has; absent where each has all of them. */
  readonly counts?: Int32Array;
}

/**
 * Whether all units share one grid. Typed arrays of a notebook's cells come from another realm, so `instanceof` will
 * not do.
 */
export const isGrid = (time: Times): time is Float64Array => ArrayBuffer.isView(time);

/** T, the number of times with padding. */
export const timesIn = (time: Times): number => (isGrid(time) ? time.length : time.shape[1]);

/** Time `k` of unit `i`. */
export const timeAt = (time: Times, i: number, k: number): number =>
  (isGrid(time) ? time[k] : time.data[i * time.shape[1] + k]);

/** How many times unit `i` has. */
export const countOf = ({time, counts}: Timed, i: number): number => (counts ? counts[i] : timesIn(time));

/** The last time of unit `i`. */
export const lastTime = (timed: Timed, i: number): number => timeAt(timed.time, i, countOf(timed, i) - 1);

/**
 * The grid `[T]` that all units share from its first time to its last.
 * @param fn who asks, for the error
 * @throws ArgumentError where units have times of their own or end early
 */
export function gridOf({time, counts}: Timed, fn = 'gridOf'): Float64Array {
  const remedy = 'Ask a method that reads irregular times, or give data on a grid.';
  expect(isGrid(time), {
    fn, argument: 'time', expected: 'one grid that all units share', received: 'times of their own', remedy,
  });
  expect(!counts || counts.every(n => n === time.length), {
    fn, argument: 'counts', expected: `${time.length} everywhere, a grid that all units share to its end`,
    received: counts, remedy,
  });
  return time;
}

/** Unit `i`'s own times, without padding. */
export const timesOf = (timed: Timed, i: number): Float64Array =>
  Float64Array.from({length: countOf(timed, i)}, (_, k) => timeAt(timed.time, i, k));

/** A plan's times without t_c, which are the times of its forecast: `[s]` or `[N, s]`. */
export function targetTimes({time}: Timed): Times {
  if (isGrid(time)) return time.slice(1);
  const [N, width] = time.shape, out = new Float64Array(N * (width - 1));
  for (let i = 0; i < N; i++) out.set(time.data.subarray(i * width + 1, (i + 1) * width), i * (width - 1));
  return ndarray([N, width - 1], out);
}

/**
 * Rows of times, padded by their last: one grid where all rows are equal, else `[N, T]` with counts.
 * @param rows each at least one time
 */
export function timesOfRows(rows: readonly ArrayLike<number>[]): Timed {
  const width = Math.max(...rows.map(row => row.length)), [first] = rows;
  const equal = rows.every(row => row.length === width && Array.from(row).every((t, k) => t === first[k]));
  if (equal) return {time: Float64Array.from(first)};
  const padded = rows.flatMap(row => Array.from({length: width}, (_, k) => row[Math.min(k, row.length - 1)]));
  const counts = Int32Array.from(rows, row => row.length);
  const time = ndarray([rows.length, width], Float64Array.from(padded));
  return counts.every(n => n === width) ? {time} : {time, counts};
}
