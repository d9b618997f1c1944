import type {Series} from './records';

/** Means of an hour, and how many values are behind them. */
export interface HourMean {
  readonly mean: number;
  readonly count: number;
}

/**
 * Values by hour: each at the nearest whole hour, those of up to `before` hours before time zero at hour 0, the values
 * of an hour averaged.
 * @param span `before` and the last hour, `hours`
 * @paper A.3.3
 */
export function byHour(series: Series, {before, hours}: {before: number; hours: number}): Map<number, HourMean> {
  const found = new Map<number, HourMean>();
  series.time.forEach((time, i) => {
    const hour = Math.max(0, Math.round(time));
    if (time < -before || hour > hours) return;
    const {mean, count} = found.get(hour) ?? {mean: 0, count: 0};
    found.set(hour, {mean: mean + (series.value[i] - mean) / (count + 1), count: count + 1});
  });
  return found;
}

/** The value nearest in time, of two equally near the earlier; `undefined` without any. */
export function nearest({time, value}: Series, at: number): number | undefined {
  let best = -1;
  time.forEach((t, i) => {
    if (best < 0 || Math.abs(t - at) < Math.abs(time[best] - at)) best = i;
  });
  return value[best];
}
