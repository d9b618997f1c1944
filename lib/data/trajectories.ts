import {expect} from '../errors';
import type {NdArray} from '../math/ndarray';

/** Name and unit of one channel, e.g. `{name: 'tumour volume', unit: 'cm³'}`. */
export interface Channel {
  readonly name: string;
  readonly unit: string;
}

/**
 * N units followed over T common times. `treatments[:, t]` acts on `(time[t], time[t+1]]`, so the last one is never used.
 * Every simulator and reader makes these; every model and protocol takes them.
 */
export interface Trajectories {
  /** Where the data come from, e.g. `'cancer, gamma 4'`. */
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
  const {time, outcomes, treatments, observed, statics, channels} = fields;
  const [N, T, dy] = outcomes.shape;
  const check = (argument: string, array: NdArray, shape: readonly number[]) => {
    expect(array.shape.length === shape.length && array.shape.every((n, i) => n === shape[i]),
      {fn: 'trajectories', argument, expected: `of shape [${shape}]`, received: array.shape});
    const bad = array.data.findIndex(v => !Number.isFinite(v));
    expect(bad < 0, {fn: 'trajectories', argument, expected: 'finite everywhere', received: array.data[bad],
      remedy: `The first bad value has flat index ${bad}. Mark missing outcomes with observed = 0 and value 0; drop units with unknown treatments.`});
  };
  expect(outcomes.shape.length === 3, {fn: 'trajectories', argument: 'outcomes', expected: 'of shape [N, T, dy]', received: outcomes.shape});
  expect(time.length === T && time.every((t, i) => i === 0 || t > time[i - 1]), {fn: 'trajectories', argument: 'time', expected: `${T} strictly increasing times`, received: time});
  check('outcomes', outcomes, [N, T, channels.outcomes.length]);
  check('treatments', treatments, [N, T, channels.treatments.length]);
  check('observed', observed, [N, T, dy]);
  check('statics', statics, [N, channels.statics.length]);
  return Object.freeze({...fields});
}

/** Sizes `{dy, da, ds}` of `t`. */
export function seriesShape(t: Trajectories): SeriesShape {
  return {outcomes: t.outcomes.shape[2], treatments: t.treatments.shape[2], statics: t.statics.shape[1]};
}
