import * as tf from '@tensorflow/tfjs';
import {expect, expectWhole} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import {countOf} from './times';
import type {Trajectories} from './trajectories';
import {
  NUMBERS, restored, standardised, TENSORS, transformed, TRANSFORMS, type ChannelScale, type Transform,
} from './transform';

/** The numbers a scaler is made of: plain data, to be stored with a model. */
export interface ScalerFields {
  /** `[d]` */
  readonly transform: readonly Transform[];
  /** `[d]`: smaller values are raised to this before a logarithm, larger ones are on. Not used by `'identity'`. */
  readonly floor: readonly number[];
  /** `[d]`, of the transformed values. */
  readonly mean: readonly number[];
  /** `[d]`, of the transformed values, above 0. */
  readonly sd: readonly number[];
}

/** Maps channels to zero mean and unit variance and back. */
export interface Scaler extends ScalerFields {
  /** `[..., d]` in the data's units -> `[..., d]` standardised; 0 where `observed` (same shape) is 0. */
  forward(values: NdArray, observed?: NdArray): NdArray;
  /** The way back. A value below the floor comes back as the floor. */
  inverse(values: NdArray): NdArray;
  /** As `forward`, for tensors `[..., d]`, recorded ones included. */
  forwardTensor<T extends tf.Tensor>(values: T): T;
  /** As `inverse`, for tensors `[..., d]`. */
  inverseTensor<T extends tf.Tensor>(values: T): T;
}

/** Whether a channel is standardised: always, never, or only if some training value is neither 0 nor 1. */
export type Standardise = boolean | 'unless binary';

/** How the channels of one kind are scaled; everything for all channels or one each. */
export interface ScalingOptions {
  /** Applied before standardising. Default `'identity'`. */
  readonly transform?: Transform | readonly Transform[];
  /** Default true. A channel that is not standardised keeps its (transformed) values: mean 0, sd 1. */
  readonly standardise?: Standardise | readonly Standardise[];
  /**
   * Smallest argument of a logarithm, above 0; default: the smallest positive value measured in training, per channel.
   * Or what a value has to be above to be on, finite; default 0.
   */
  readonly floor?: number | readonly number[];
}

/** Options of {@link fitScaler}. */
export interface FitScalerOptions extends ScalingOptions {
  /**
   * Which array to standardise. Default `'outcomes'`; for `'treatments'` the last time, whose treatment is never used,
   * is left out.
   */
  readonly of?: 'outcomes' | 'treatments' | 'statics';
  /** Use the first so many times only, in [1, T]; not for statics, which have none. Default: all. */
  readonly steps?: number;
}

/**
 * Standardisation learned from measured training values only (population standard deviation; a constant channel gets
 * 1).
 * @throws ArgumentError when a channel has no measured value, a logarithm meets no positive one, or an option does not
 * fit
 */
export function fitScaler(train: Trajectories, options: FitScalerOptions = {}): Scaler {
  const {transform = 'identity', standardise = true, of = 'outcomes', steps, floor} = options, fn = 'fitScaler';
  const {shape} = train[of], d = shape[shape.length - 1], until = lastTime(train, of, steps);
  const transforms = each('transform', transform, d), ways = each('standardise', standardise, d);
  const floors = floor === undefined ? [] : each('floor', floor, d);
  const fitted = transforms.map((kind, j) => {
    expect(TRANSFORMS.includes(kind), {fn, argument: 'transform', expected: TRANSFORMS.join(' or '), received: kind});
    const fits = floors[j] === undefined || floorFits(kind, floors[j]);
    expect(fits, {fn, argument: 'floor', expected: FLOOR, received: floor});
    return fitChannel(column(train, of, j, until), {transform: kind, standardise: ways[j], floor: floors[j]}, j);
  });
  const all = <K extends keyof ChannelScale>(key: K): ChannelScale[K][] => fitted.map(scale => scale[key]);
  return scaler({transform: all('transform'), floor: all('floor'), mean: all('mean'), sd: all('sd')});
}

/**
 * A scaler from stored numbers.
 * @throws ArgumentError unless there is a known transform, a finite mean and floor and a finite sd above 0 for every
 * channel
 */
export function scaler(fields: ScalerFields): Scaler {
  const {transform, floor, mean, sd} = fields, d = mean.length, fn = 'scaler';
  expect([transform, floor, sd].every(a => a.length === d), {
    fn, argument: 'fields', expected: `of ${d} channels each`, received: [transform.length, floor.length, sd.length],
  });
  const check = (argument: keyof ScalerFields, right: boolean, expected: string): void =>
    expect(right, {fn, argument, expected, received: fields[argument]});
  check('transform', transform.every(t => TRANSFORMS.includes(t)), TRANSFORMS.join(' or '));
  check('floor', floor.every((v, j) => floorFits(transform[j], v)), FLOOR);
  check('mean', mean.every(Number.isFinite), 'finite');
  check('sd', sd.every(s => s > 0 && Number.isFinite(s)), 'finite and above 0');
  const channels = mean.map((_, j) => ({transform: transform[j], floor: floor[j], mean: mean[j], sd: sd[j]}));
  const tensor = <T extends tf.Tensor>(name: string, values: T, f: typeof standardised<tf.Tensor>): T =>
    channelTensors(name, values, channels.map(scale => v => f(TENSORS, scale, v)));
  return Object.freeze({
    ...scalerFields(fields),
    forward: (values: NdArray, observed?: NdArray) => eachChannel('forward', values, d, (v, j, i) =>
      observed && observed.data[i] === 0 ? 0 : standardised(NUMBERS, channels[j], v)),
    inverse: (values: NdArray) => eachChannel('inverse', values, d, (z, j) => restored(NUMBERS, channels[j], z)),
    forwardTensor: <T extends tf.Tensor>(values: T) => tensor('forwardTensor', values, standardised),
    inverseTensor: <T extends tf.Tensor>(values: T) => tensor('inverseTensor', values, restored),
  });
}

/** The numbers of a scaler without its functions, frozen. @internal */
export const scalerFields = ({transform, floor, mean, sd}: ScalerFields): ScalerFields => Object.freeze({
  transform: Object.freeze([...transform]), floor: Object.freeze([...floor]),
  mean: Object.freeze([...mean]), sd: Object.freeze([...sd]),
});

const FLOOR = 'finite, and above 0 for a logarithm';

const floorFits = (transform: Transform, floor: number): boolean =>
  Number.isFinite(floor) && (floor > 0 || transform !== 'log');

function each<T extends string | boolean | number>(argument: string, given: T | readonly T[], d: number): readonly T[] {
  const list = typeof given === 'object' ? given : new Array<T>(d).fill(given);
  expect(list.length === d, {fn: 'fitScaler', argument, expected: `one, or ${d} of them`, received: given});
  return list;
}

/** How many times count. */
function lastTime(train: Trajectories, of: NonNullable<FitScalerOptions['of']>, steps?: number): number {
  if (of === 'statics') {
    const expected = 'left out for statics';
    expect(steps === undefined, {fn: 'fitScaler', argument: 'steps', expected, received: steps});
    return 1;
  }
  const T = train[of].shape[1], last = of === 'treatments' ? T - 1 : T;
  expectWhole('fitScaler', {steps: steps ?? last}, 1, T);
  return Math.min(steps ?? last, last);
}

function fitChannel(values: readonly number[], options: FitChannel, channel: number): ChannelScale {
  const {transform, standardise, floor} = options;
  const least = transform === 'identity' ? 0 : floor ?? (transform === 'log' ? smallestPositive(values, channel) : 0);
  const scale = {transform, floor: least}, seen = values.map(v => transformed(NUMBERS, scale, v));
  const left = standardise === 'unless binary' ? seen.every(v => v === 0 || v === 1) : !standardise;
  return {...scale, ...(left ? {mean: 0, sd: 1} : momentsOf(seen))};
}

interface FitChannel {
  readonly transform: Transform;
  readonly standardise: Standardise;
  readonly floor?: number;
}

function eachChannel(
  name: string, values: NdArray, d: number, f: (v: number, channel: number, index: number) => number,
): NdArray {
  expectChannels(name, values, d);
  const out = new Float64Array(values.data.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values.data[i], i % d, i);
  return ndarray(values.shape, out);
}

function channelTensors<T extends tf.Tensor>(
  name: string, values: T, ways: readonly ((v: tf.Tensor) => tf.Tensor)[],
): T {
  expectChannels(name, values, ways.length);
  if (ways.length === 0) return values;
  if (ways.length === 1) return ways[0](values) as T;
  return tf.concat(tf.split(values, ways.length, -1).map((v, j) => ways[j](v)), -1) as T;
}

function expectChannels(name: string, {shape}: {readonly shape: readonly number[]}, d: number): void {
  expect(shape[shape.length - 1] === d, {
    fn: `scaler.${name}`, argument: 'values', expected: `of shape [..., ${d}]`, received: shape,
  });
}

function column(train: Trajectories, of: NonNullable<FitScalerOptions['of']>, j: number, until: number): number[] {
  const {shape, data} = train[of], N = shape[0], d = shape[shape.length - 1], T = of === 'statics' ? 1 : shape[1];
  const out: number[] = [], isKnown = {
    outcomes: (_unit: number, _t: number, k: number) => train.observed.data[k] === 1,
    treatments: (unit: number, t: number) => t < countOf(train, unit) - 1,
    statics: () => true,
  };
  for (let i = 0; i < N; i++)
    for (let t = 0; t < until; t++) {
      const k = (i * T + t) * d + j;
      if (isKnown[of](i, t, k)) out.push(data[k]);
    }
  expect(out.length > 0, {
    fn: 'fitScaler', argument: 'train', expected: 'measured at least once in every channel',
    received: `channel ${j} without a value`,
  });
  return out;
}

function smallestPositive(values: readonly number[], channel: number): number {
  const least = values.reduce((least, v) => (v > 0 && v < least ? v : least), Infinity);
  expect(least < Infinity, {
    fn: 'fitScaler', argument: 'transform', expected: 'identity for a channel without positive values',
    received: `log for channel ${channel}`,
  });
  return least;
}

function momentsOf(values: readonly number[]): {mean: number; sd: number} {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  // The rounded mean of equal numbers may differ from them, by which nothing should be divided.
  if (values.every(v => v === values[0])) return {mean, sd: 1};
  return {mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1};
}
