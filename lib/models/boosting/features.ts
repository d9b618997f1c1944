import type {GridHistory, GridPlan} from '../../data/history';
import type {Scaler} from '../../data/scaler';
import {ndarray, type NdArray} from '../../math/ndarray';
import {beside, lastStandardised, tabular, width} from '../parts/tabular';

/** How trees read a history of any length. */
export interface Reading {
  readonly scale: Scaler;
  /** So many of the last times are read as they stand. */
  readonly window: number;
}

/**
 * One row a unit: the last `window` times as {@link tabular} gives them, the clock, and running summaries of the
 * whole history. The number of columns does not depend on the decision time, so one ensemble serves all of them.
 * @param steps so many steps of the plan are read
 */
export function features(history: GridHistory, plan: GridPlan, steps: number, {scale, window}: Reading): NdArray {
  const recent = tabular(lastTimes(history, window), plan, steps, scale), times = clock(history, plan, steps, window);
  return beside([recent, times, summaries(history, scale)].map(array => ({array, used: width(array)})));
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

/**
 * `[N, 3 dy + da]`: for each outcome its last measured value, how long ago that was, and its mean so far; of each
 * treatment the total.
 */
function summaries(history: GridHistory, scale: Scaler): NdArray {
  const {time, observed, treatments} = history, [N, L, dy] = observed.shape, da = treatments.shape[2], d = 3 * dy + da;
  const z = scale.forward(history.outcomes, observed), last = lastStandardised(history, scale);
  const out = new Float64Array(N * d);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < dy; j++) {
      let sum = 0, count = 0, ago = time[L - 1] - time[0];
      for (let k = 0, at = i * L * dy + j; k < L; k++, at += dy)
        if (observed.data[at] === 1) [sum, count, ago] = [sum + z.data[at], count + 1, time[L - 1] - time[k]];
      out.set([last.data[i * dy + j], ago, count > 0 ? sum / count : 0], i * d + 3 * j);
    }
    for (let k = 0; k < L - 1; k++)
      for (let j = 0, from = (i * (L - 1) + k) * da; j < da; j++)
        out[i * d + 3 * dy + j] += treatments.data[from + j] * (time[k + 1] - time[k]);
  }
  return ndarray([N, d], out);
}
