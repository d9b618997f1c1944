import {expect} from '../errors';
import {size, type NdArray} from '../math/ndarray';

/** Name and unit of one channel, e.g. `{name: 'heart rate', unit: '1/min'}`. */
export interface Channel {
  readonly name: string;
  readonly unit: string;
}

/**
 * N units followed over T common times. `treatments[:, t]` acts on `(time[t], time[t+1]]`, so the last one is never used.
 * Every simulator and reader makes these; every model and protocol takes them.
 */
export interface Trajectories {
  /** Where the data come from, e.g. `'ward, winter'`. */
  readonly name: string;
  /** `[T]`, strictly increasing. */
  readonly time: Float64Array;
  readonly timeUnit: string;
  /** `[N, T, dy]`; the value where `observed` is 0 means nothing (it is 0). */
  readonly outcomes: NdArray;
  /** `[N, T, da]`. */
  readonly treatments: NdArray;
  /** `[N, T, dy]`, 1 where an outcome was measured, else 0. */
  readonly observed: NdArray;
  /** `[N, ds]`, `ds` may be 0. */
  readonly statics: NdArray;
  readonly channels: {
    readonly outcomes: readonly Channel[];
    readonly treatments: readonly Channel[];
    readonly statics: readonly Channel[];
  };
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

/** Checks every shape and every number once and freezes the result. @throws ArgumentError naming the array and the first bad place. */
export function trajectories(fields: Trajectories): Trajectories {
  const {time, outcomes, treatments, observed, statics, channels} = fields, fn = 'trajectories';
  const [N, T, dy] = outcomes.shape;
  expect(outcomes.shape.length === 3, {fn, argument: 'outcomes', expected: 'of shape [N, T, dy]', received: outcomes.shape});
  expect(time.length === T, {fn, argument: 'time', expected: `${T} times, as many as outcomes has`, received: time.length});
  const late = Array.from(time).findIndex((t, i) => !Number.isFinite(t) || (i > 0 && t <= time[i - 1]));
  expect(late < 0, {fn, argument: 'time', expected: 'finite and strictly increasing', received: time, remedy: `Index ${late} holds ${time[late]}${late > 0 ? ` after ${time[late - 1]}` : ''}.`});
  checkArray('outcomes', outcomes, [N, T, channels.outcomes.length]);
  checkArray('treatments', treatments, [N, T, channels.treatments.length]);
  checkArray('observed', observed, [N, T, dy]);
  checkArray('statics', statics, [N, channels.statics.length]);
  const odd = observed.data.findIndex(v => v !== 0 && v !== 1);
  expect(odd < 0, {fn, argument: 'observed', expected: '1 where measured, else 0', received: observed.data[odd], remedy: `Its place has flat index ${odd}.`});
  for (const [kind, list] of Object.entries(channels) as [string, readonly Channel[]][]) {
    const names = list.map(({name}) => name);
    expect(new Set(names).size === names.length, {fn, argument: `channels.${kind}`, expected: 'named differently', received: names});
  }
  return Object.freeze({...fields});
}

function checkArray(argument: string, {shape, data}: NdArray, expected: readonly number[]): void {
  const fn = 'trajectories';
  expect(shape.length === expected.length && shape.every((n, i) => n === expected[i]), {fn, argument, expected: `of shape [${expected}]`, received: shape});
  expect(data.length === size(shape), {fn, argument, expected: `${size(shape)} values for shape [${shape}]`, received: data.length});
  const bad = data.findIndex(v => !Number.isFinite(v));
  expect(bad < 0, {fn, argument, expected: 'finite everywhere', received: data[bad],
    remedy: `The first bad value has flat index ${bad}. Mark missing outcomes with observed = 0 and value 0; drop units with unknown treatments.`});
}

/** Sizes `{dy, da, ds}` of `t`. */
export function seriesShape(t: Trajectories): SeriesShape {
  return {outcomes: t.outcomes.shape[2], treatments: t.treatments.shape[2], statics: t.statics.shape[1]};
}
