import type {GridHistory, GridPlan} from '../../data/history';
import type {Scaler} from '../../data/scaler';
import {ndarray, type NdArray} from '../../math/ndarray';
import {beside, lastStandardised, tabular, width} from './tabular';

/** How a regression reads a history of any length. */
export interface Reading {
  readonly scale: Scaler;
  /** So many of the last times are read as they stand. */
  readonly window: number;
  /** Whether the last measured values, however old, are read too. Default false. */
  readonly last?: boolean;
  /** Whether planned treatments are read. Default true. */
  readonly planned?: boolean;
}

/**
 * One row a unit: the last `window` times as {@link tabular} gives them, and the clock. The number of columns does not
 * depend on the decision time: one regression serves all of them. Means, totals and ages over the whole history beside
 * them gained 3 % on one cohort and lost 5 % on another, and are left out.
 * @param steps so many steps of the plan are read
 */
export function features(history: GridHistory, plan: GridPlan, steps: number, reading: Reading): NdArray {
  const {scale, window, last = false, planned = true} = reading, times = clock(history, plan, steps, window);
  const recent = tabular(lastTimes(history, window), plan, planned ? steps : 0, scale);
  const parts = [recent, times, ...(last ? [lastStandardised(history, scale)] : [])];
  return beside(parts.map(array => ({array, used: width(array)})));
}

/** The last `length` times of a history; a shorter one begins with times at which nothing was measured or given. */
function lastTimes(history: GridHistory, length: number): GridHistory {
  const from = history.time.length - length;
  return {
    time: Float64Array.from({length}, (_, k) => history.time[Math.max(0, from + k)]), statics: history.statics,
    outcomes: ends(history.outcomes, length), observed: ends(history.observed, length),
    treatments: ends(history.treatments, length - 1),
  };
}

/** The last `times` of `[N, T, d]`, with 0 in front where T is smaller. */
function ends({shape: [N, T, d], data}: NdArray, times: number): NdArray {
  const out = new Float64Array(N * times * d), kept = Math.min(times, T);
  for (let i = 1; i <= N; i++) out.set(data.subarray((i * T - kept) * d, i * T * d), (i * times - kept) * d);
  return ndarray([N, times, d], out);
}

/**
 * `[N, 1 + window - 1 + steps]`: time since the first outcome, intervals between the last times (0 before the first),
 * planned intervals.
 */
function clock({time, outcomes: {shape: [N]}}: GridHistory, plan: GridPlan, steps: number, window: number): NdArray {
  const last = time.length - 1, past = Array.from({length: window - 1}, (_, k) => last - window + 2 + k);
  const row = [
    time[last] - time[0], ...past.map(k => (k > 0 ? time[k] - time[k - 1] : 0)),
    ...Array.from({length: steps}, (_, k) => plan.time[k + 1] - plan.time[k]),
  ];
  return ndarray([N, row.length], Float64Array.from({length: N * row.length}, (_, at) => row[at % row.length]));
}
