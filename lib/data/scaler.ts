import {expect, expectWhole} from '../errors';
import {ndarray, type NdArray} from '../math/ndarray';
import {countOf} from './times';
import type {Trajectories} from './trajectories';

/** Applied to a value before standardising it. */
export type Transform = 'identity' | 'log';

/** The numbers a scaler is made of: plain data, to be stored with a model. */
export interface ScalerFields {
  /** `[d]` */
  readonly transform: readonly Transform[];
  /** `[d]`: smaller values are raised to this before a logarithm. Not used by `'identity'`. */
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
}

/** Options of {@link fitScaler}. */
export interface FitScalerOptions {
  /** One for all channels or one each. Default `'identity'`. */
  readonly transform?: Transform | readonly Transform[];
  /** Which array to standardise. Default `'outcomes'`; for `'treatments'` the last time, whose treatment is never used, is left out. */
  readonly of?: 'outcomes' | 'treatments';
  /** Use the first so many times only, in [1, T]. Default: all. */
  readonly steps?: number;
  /** Smallest argument of a logarithm, above 0. Default: the smallest positive value measured in training, per channel. */
  readonly floor?: number;
}

/**
 * Standardisation learned from measured training values only (population standard deviation; a constant channel gets 1).
 * @throws ArgumentError when a channel has no measured value or a logarithm meets no positive one.
 */
export function fitScaler(train: Trajectories, {transform = 'identity', of = 'outcomes', steps, floor}: FitScalerOptions = {}): Scaler {
  const values = train[of], [, T, d] = values.shape, last = of === 'treatments' ? T - 1 : T, until = steps ?? last;
  expectWhole('fitScaler', {steps: until}, 1, T);
  expect(floor === undefined || floor > 0, {fn: 'fitScaler', argument: 'floor', expected: 'above 0', received: floor});
  const transforms = typeof transform === 'string' ? new Array<Transform>(d).fill(transform) : [...transform];
  expect(transforms.length === d, {fn: 'fitScaler', argument: 'transform', expected: `one, or ${d} of them`, received: transform});
  const columns = Array.from({length: d}, (_, j) => column(train, of, j, Math.min(until, last)));
  const floors = columns.map((x, j) => (transforms[j] === 'log' ? (floor ?? smallestPositive(x, j)) : 0));
  const moments = columns.map((x, j) => momentsOf(x.map(v => apply(transforms[j], floors[j], v))));
  return scaler({transform: transforms, floor: floors, mean: moments.map(m => m.mean), sd: moments.map(m => m.sd || 1)});
}

/** A scaler from stored numbers. */
export function scaler({transform, floor, mean, sd}: ScalerFields): Scaler {
  const d = mean.length;
  expect([transform, floor, sd].every(a => a.length === d), {
    fn: 'scaler', argument: 'fields', expected: `of ${d} channels each`, received: [transform.length, floor.length, sd.length],
  });
  expect(sd.every(s => s > 0 && Number.isFinite(s)), {fn: 'scaler', argument: 'sd', expected: 'finite and above 0', received: sd});
  return Object.freeze({
    transform, floor, mean, sd,
    forward: (values: NdArray, observed?: NdArray) => eachChannel('forward', values, d, (v, j, i) =>
      observed && observed.data[i] === 0 ? 0 : (apply(transform[j], floor[j], v) - mean[j]) / sd[j]),
    inverse: (values: NdArray) => eachChannel('inverse', values, d, (z, j) => (transform[j] === 'log' ? Math.exp(z * sd[j] + mean[j]) : z * sd[j] + mean[j])),
  });
}

/** The same trajectories with standardised outcomes and treatments; unobserved outcomes become 0, the training mean. */
export function scaleTrajectories(trajectories: Trajectories, {outcomes, treatments}: {outcomes?: Scaler; treatments?: Scaler}): Trajectories {
  return Object.freeze({
    ...trajectories,
    outcomes: outcomes ? outcomes.forward(trajectories.outcomes, trajectories.observed) : trajectories.outcomes,
    treatments: treatments ? treatments.forward(trajectories.treatments) : trajectories.treatments,
  });
}

const apply = (transform: Transform, floor: number, v: number): number => (transform === 'log' ? Math.log(Math.max(v, floor)) : v);

function eachChannel(fn: string, values: NdArray, d: number, f: (v: number, channel: number, index: number) => number): NdArray {
  expect(values.shape[values.shape.length - 1] === d, {
    fn: `scaler.${fn}`, argument: 'values', expected: `of shape [..., ${d}]`, received: values.shape,
  });
  const out = new Float64Array(values.data.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values.data[i], i % d, i);
  return ndarray(values.shape, out);
}

function column(train: Trajectories, of: 'outcomes' | 'treatments', j: number, until: number): number[] {
  const [N, T, d] = train[of].shape, out: number[] = [];
  for (let i = 0; i < N; i++)
    for (let t = 0; t < until; t++)
      if (of === 'treatments' ? t < countOf(train, i) - 1 : train.observed.data[(i * T + t) * d + j] === 1) out.push(train[of].data[(i * T + t) * d + j]);
  expect(out.length > 0, {
    fn: 'fitScaler', argument: 'train', expected: 'measured at least once in every channel', received: `channel ${j} without a value`,
  });
  return out;
}

function smallestPositive(values: readonly number[], channel: number): number {
  const least = values.reduce((least, v) => (v > 0 && v < least ? v : least), Infinity);
  expect(least < Infinity, {
    fn: 'fitScaler', argument: 'transform', expected: 'identity for a channel without positive values', received: `log for channel ${channel}`,
  });
  return least;
}

function momentsOf(values: readonly number[]): {mean: number; sd: number} {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return {mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)};
}
