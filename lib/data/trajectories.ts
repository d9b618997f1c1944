import {expect, isWhole} from '../errors';
import {ndarray, size, type NdArray} from '../math/ndarray';
import {countOf, isGrid, lastTime, timeAt, type Timed, type Times} from './times';

/** Name and unit of one channel, e.g. `{name: 'heart rate', unit: '1/min'}`. */
export interface Channel {
  readonly name: string;
  readonly unit: string;
}

/** A channel of outcomes. */
export interface OutcomeChannel extends Channel {
  /**
   * `'forecast'`: models learn to forecast it and are scored on it (default). `'covariate'`: it is read, and never a
   * target.
   */
  readonly role?: 'forecast' | 'covariate';
}

/** What `trajectories` is given: the arrays, and what is known of the units. */
export interface TrajectoriesFields {
  /** Where the data come from, e.g. `'ward, winter'`. */
  readonly name: string;
  /**
   * `[T]`: one grid for all units; or `[N, T]`: each unit's own times. Strictly increasing; rows that end early are
   * padded with any time.
   */
  readonly time: Times;
  /** `[N]`: how many times each unit has, each in [1, T]. Default: all. */
  readonly counts?: ArrayLike<number>;
  readonly timeUnit: string;
  /** `[N, T, dy]`; the value where `observed` is 0 means nothing (it is 0). */
  readonly outcomes: NdArray;
  /** `[N, T, da]` */
  readonly treatments: NdArray;
  /** `[N, T, dy]`, 1 where an outcome was measured, else 0. */
  readonly observed: NdArray;
  /**
   * `[N, T, da]`, 1 where the treatment is known, else 0. Default: all are known. A channel with unknown values holds 0
   * there and gets a companion channel `'NAME unknown'`, 1 where it is unknown, as one more treatment: every model
   * reads it like the others, and data without unknown values stay as they are.
   */
  readonly known?: NdArray;
  /** `[N, ds]`, `ds` may be 0. */
  readonly statics: NdArray;
  /** `[N]`: the end of each unit's follow-up, at or after its last time. Default: the last time. */
  readonly followed?: ArrayLike<number>;
  /** `[N]`, all different. Default: `'0'`, `'1'`, ... */
  readonly ids?: readonly string[];
  readonly channels: {
    readonly outcomes: readonly OutcomeChannel[];
    readonly treatments: readonly Channel[];
    readonly statics: readonly Channel[];
  };
}

/**
 * N units, each followed over its own times or all over one grid. `treatments[i, t]` acts on
 * `(time[i, t], time[i, t+1]]`; a unit's last one acts from its last time to the end of its follow-up, and is never
 * used where these are the same. Every simulator and reader makes these; every model and protocol takes them.
 */
export interface Trajectories extends Omit<TrajectoriesFields, 'known'>, Timed {
  readonly time: Times;
  readonly counts?: Int32Array;
  /** `[N, T, da]` with the companion channels of those that are not always known. */
  readonly treatments: NdArray;
  readonly followed: Float64Array;
  readonly ids: readonly string[];
}

/** Trajectories on one grid, whose times are simply `time[k]`. */
export interface GridTrajectories extends Trajectories {
  /** `[T]`, strictly increasing. */
  readonly time: Float64Array;
}

/** Sizes of a set of trajectories. */
export interface SeriesShape {
  /** dy */
  readonly outcomes: number;
  /** da */
  readonly treatments: number;
  /** ds */
  readonly statics: number;
}

/**
 * Checks every shape and every number once, fills in the defaults and freezes the result.
 * @throws ArgumentError naming the array and the first bad place
 */
export function trajectories(fields: TrajectoriesFields & {readonly time: Float64Array}): GridTrajectories;
/** The same of units with times of their own. */
export function trajectories(fields: TrajectoriesFields): Trajectories;
export function trajectories({known, counts, ...fields}: TrajectoriesFields): Trajectories {
  const {outcomes, treatments, observed, statics, channels} = fields, fn = 'trajectories';
  const [N, T, dy] = outcomes.shape;
  expect(outcomes.shape.length === 3, {
    fn, argument: 'outcomes', expected: 'of shape [N, T, dy]', received: outcomes.shape,
  });
  const timed = checkTimes({time: fields.time, counts}, N, T);
  checkArray('outcomes', outcomes, [N, T, channels.outcomes.length]);
  checkArray('treatments', treatments, [N, T, channels.treatments.length]);
  checkArray('observed', observed, [N, T, dy]);
  checkArray('statics', statics, [N, channels.statics.length]);
  checkMarks('observed', observed, '1 where measured, else 0');
  checkPadding(observed, timed);
  checkChannels(channels);
  const whole = {...fields, ...timed, ...checkUnits(fields, timed, N)};
  return Object.freeze(known ? withCompanions(whole, known) : whole);
}

/** Sizes `{dy, da, ds}` of `t`. */
export function seriesShape(t: Pick<Trajectories, 'outcomes' | 'treatments' | 'statics'>): SeriesShape {
  return {outcomes: t.outcomes.shape[2], treatments: t.treatments.shape[2], statics: t.statics.shape[1]};
}

/** `[dy]`: 1 for outcomes that are forecast, 0 for covariates. */
export const forecastMarks = ({outcomes}: Trajectories['channels']): readonly number[] =>
  outcomes.map(({role}) => (role === 'covariate' ? 0 : 1));

function checkTimes({time, counts}: Pick<TrajectoriesFields, 'time' | 'counts'>, N: number, T: number): Timed {
  const fn = 'trajectories', argument = 'time';
  expect(T >= 1, {fn, argument: 'outcomes', expected: 'of at least one time', received: [N, T]});
  if (isGrid(time)) expect(time.length === T, {
    fn, argument, expected: `${T} times, as many as outcomes has`, received: time.length,
  });
  else checkArray(argument, time, [N, T]);
  expect(!counts || (counts.length === N && Array.from(counts).every(n => isWhole(n, 1, T))), {
    fn, argument: 'counts', expected: `${N} whole numbers in [1, ${T}]`, received: counts,
  });
  const timed: Timed = counts && Array.from(counts).some(n => n < T) ? {time, counts: Int32Array.from(counts)} : {time};
  for (let i = 0; i < (isGrid(time) ? 1 : N); i++) checkIncreasing(time, i, isGrid(time) ? T : countOf(timed, i));
  return isGrid(time) ? timed : timed.counts ? {...timed, time: padded(time, timed)} : {time: shared(time)};
}

function checkIncreasing(time: Times, i: number, count: number): void {
  const row = Array.from({length: count}, (_, k) => timeAt(time, i, k));
  const late = row.findIndex((t, k) => !Number.isFinite(t) || (k > 0 && t <= row[k - 1]));
  expect(late < 0, {
    fn: 'trajectories', argument: 'time', expected: 'finite and strictly increasing',
    received: isGrid(time) ? time : row,
    remedy: `${isGrid(time) ? 'Index' : `Unit ${i}, index`} ${late} holds `
      + `${row[late]}${late > 0 ? ` after ${row[late - 1]}` : ''}.`,
  });
}

/** Rows that end early repeat their last time. */
function padded(time: NdArray, timed: Timed): NdArray {
  const [, T] = time.shape;
  return ndarray(time.shape, time.data.map((t, at) =>
    (at % T < countOf(timed, Math.floor(at / T)) ? t : lastTime(timed, Math.floor(at / T)))));
}

function checkPadding({shape: [, T, dy], data}: NdArray, timed: Timed): void {
  const seen = timed.counts
    ? data.findIndex((v, at) => v === 1 && Math.floor(at / dy) % T >= countOf(timed, Math.floor(at / (T * dy))))
    : -1;
  expect(seen < 0, {
    fn: 'trajectories', argument: 'observed', expected: "0 behind a unit's last time", received: 1,
    remedy: `Its place has flat index ${seen}.`,
  });
}

/** One grid in place of equal rows. */
function shared(time: NdArray): Times {
  const [N, T] = time.shape, grid = time.data.slice(0, T);
  return N > 0 && time.data.every((t, k) => t === grid[k % T]) ? grid : time;
}

function checkUnits(
  {ids, followed}: TrajectoriesFields, timed: Timed, N: number,
): Pick<Trajectories, 'ids' | 'followed'> {
  const fn = 'trajectories', last = Float64Array.from({length: N}, (_, i) => lastTime(timed, i));
  expect(!ids || (ids.length === N && new Set(ids).size === N), {
    fn, argument: 'ids', expected: `${N} different names`, received: ids,
  });
  expect(!followed || followed.length === N, {
    fn, argument: 'followed', expected: `${N} times, one for each unit`, received: followed?.length,
  });
  const early = followed ? last.findIndex((t, i) => !(followed[i] >= t && followed[i] < Infinity)) : -1;
  expect(early < 0, {
    fn, argument: 'followed', expected: `at or after the unit's last time, ${last[early]}`, received: followed?.[early],
    remedy: `It is unit ${early}. Leave out what was recorded after the end of follow-up.`,
  });
  return {
    ids: ids ?? Array.from({length: N}, (_, i) => `${i}`), followed: followed ? Float64Array.from(followed) : last,
  };
}

/** Adds to the treatments a channel of marks for each that is not always known. */
function withCompanions(whole: Trajectories, known: NdArray): Trajectories {
  const {treatments: {shape, data}, channels} = whole, [N, T, da] = shape, fn = 'trajectories';
  checkArray('known', known, shape);
  checkMarks('known', known, '1 where the treatment is known, else 0');
  const filled = data.findIndex((v, k) => known.data[k] === 0 && v !== 0);
  expect(filled < 0, {
    fn, argument: 'treatments', expected: '0 where known is 0', received: data[filled],
    remedy: `Its place has flat index ${filled}.`,
  });
  const open = channels.treatments.map((_, j) => j).filter(j => known.data.some((v, k) => k % da === j && v === 0));
  const width = da + open.length, out = new Float64Array(N * T * width);
  for (let row = 0; row < N * T; row++) {
    out.set(data.subarray(row * da, (row + 1) * da), row * width);
    open.forEach((j, m) => { out[row * width + da + m] = 1 - known.data[row * da + j]; });
  }
  const companions = open.map(j => ({name: `${channels.treatments[j].name} unknown`, unit: '1'}));
  const named = {...channels, treatments: [...channels.treatments, ...companions]};
  checkChannels(named);
  return {...whole, treatments: ndarray([N, T, width], out), channels: named};
}

function checkChannels(channels: Trajectories['channels']): void {
  const fn = 'trajectories';
  for (const [kind, list] of Object.entries(channels) as [string, readonly OutcomeChannel[]][]) {
    const names = list.map(({name}) => name);
    const odd = list.find(({role}) => role !== undefined && !['forecast', 'covariate'].includes(role));
    expect(new Set(names).size === names.length, {
      fn, argument: `channels.${kind}`, expected: 'named differently', received: names,
    });
    expect(!odd, {fn, argument: `channels.${kind}`, expected: "of role 'forecast' or 'covariate'", received: odd});
  }
}

function checkMarks(argument: string, {data}: NdArray, expected: string): void {
  const odd = data.findIndex(v => v !== 0 && v !== 1);
  expect(odd < 0, {
    fn: 'trajectories', argument, expected, received: data[odd], remedy: `Its place has flat index ${odd}.`,
  });
}

function checkArray(argument: string, {shape, data}: NdArray, expected: readonly number[]): void {
  const fn = 'trajectories';
  expect(shape.length === expected.length && shape.every((n, i) => n === expected[i]), {
    fn, argument, expected: `of shape [${expected}]`, received: shape,
  });
  expect(data.length === size(shape), {
    fn, argument, expected: `${size(shape)} values for shape [${shape}]`, received: data.length,
  });
  const bad = data.findIndex(v => !Number.isFinite(v)), place = `The first bad value has flat index ${bad}.`;
  expect(bad < 0, {
    fn, argument, expected: 'finite everywhere', received: data[bad],
    remedy:
      `${place} Mark missing outcomes with observed = 0 and value 0, unknown treatments with known = 0 and value 0.`,
  });
}
