/** What a table says of one variable in one unit, by increasing time; `undefined` where it says that it is unknown. */
export interface TableSeries {
  readonly time: readonly number[];
  readonly value: readonly (number | undefined)[];
}

/** Mean of what was measured in `(from, to]`; `undefined` where nothing was. */
export function measuredIn({time, value}: TableSeries, from: number, to: number): number | undefined {
  const found = value.slice(after(time, from), after(time, to)).filter(v => v !== undefined);
  return found.length > 0 ? found.reduce((sum, v) => sum + v, 0) / found.length : undefined;
}

/** Sum of what was given in `[from, to)`; `undefined` where some of it is unknown. */
export function givenIn({time, value}: TableSeries, from: number, to: number): number | undefined {
  const found = value.slice(upTo(time, from), upTo(time, to));
  return found.reduce<number | undefined>((sum, v) => (sum === undefined || v === undefined ? undefined : sum + v), 0);
}

/**
 * Mean over time of a value that holds until the next one, from `from` to `to`, or the value at `from` where there is
 * no end. Before the first time the first value holds. `undefined` where it is unknown for a while.
 */
export function heldOver({time, value}: TableSeries, from: number, to: number): number | undefined {
  const first = Math.max(0, after(time, from) - 1), end = Number.isFinite(to) ? upTo(time, to) : first + 1;
  if (end <= first + 1) return value[first];
  let sum = 0;
  for (let k = first; k < end; k++) {
    const v = value[k];
    if (v === undefined) return undefined;
    sum += v * (Math.min(time[k + 1] ?? to, to) - (k === first ? from : time[k]));
  }
  return sum / (to - from);
}

/** Index of the first time after `t`. */
const after = (time: readonly number[], t: number): number => bisect(time, v => v > t);

/** Index of the first time at or after `t`. */
const upTo = (time: readonly number[], t: number): number => bisect(time, v => v >= t);

function bisect(time: readonly number[], isBehind: (t: number) => boolean): number {
  let [low, high] = [0, time.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    [low, high] = isBehind(time[middle]) ? [low, middle] : [middle + 1, high];
  }
  return low;
}
