import {expect} from '../errors';

/** A dense float64 array in row-major order. Treat it as immutable: functions return new ones. */
export interface NdArray {
  /** Sizes, outermost first, e.g. `[N, T, dy]`. */
  readonly shape: readonly number[];
  /** `shape[0] * shape[1] * ...` values, last axis fastest. */
  readonly data: Float64Array;
}

/** Wraps `data` with its `shape`, without a copy. @throws ArgumentError when their sizes differ. */
export function ndarray(shape: readonly number[], data: Float64Array = new Float64Array(size(shape))): NdArray {
  expect(shape.every(n => Number.isInteger(n) && n >= 0), {
    fn: 'ndarray', argument: 'shape', expected: 'whole numbers >= 0', received: shape,
  });
  expect(data.length === size(shape), {
    fn: 'ndarray', argument: 'data', expected: `${size(shape)} values for shape [${shape}]`, received: data.length,
  });
  return Object.freeze({shape: Object.freeze([...shape]), data});
}

/** Number of values an array of this shape holds. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
