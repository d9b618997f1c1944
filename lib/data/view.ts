import {expect, expectWhole} from '../errors';
import type {NdArray} from '../math/ndarray';

/**
 * One unit's values over time: `[T]` of `[N, T, d]`.
 * @throws ArgumentError for an array of another shape, or a unit or channel that it does not have
 */
export function unitSeries(array: NdArray, unit: number, channel: number): Float64Array {
  const [N, T, d] = expectPlace('unitSeries', array, {unit, channel});
  expect(unit < N, {fn: 'unitSeries', argument: 'unit', expected: `below N = ${N}`, received: unit});
  return Float64Array.from({length: T}, (_, t) => array.data[(unit * T + t) * d + channel]);
}

/**
 * All units' values at one time index: `[N]` of `[N, T, d]`.
 * @throws ArgumentError for an array of another shape, or a time index or channel that it does not have
 */
export function snapshot(array: NdArray, t: number, channel: number): Float64Array {
  const [N, T, d] = expectPlace('snapshot', array, {t, channel});
  expect(t < T, {fn: 'snapshot', argument: 't', expected: `below T = ${T}`, received: t});
  return Float64Array.from({length: N}, (_, i) => array.data[(i * T + t) * d + channel]);
}

function expectPlace(fn: string, {shape}: NdArray, {channel, ...index}: Record<string, number>): readonly number[] {
  expect(shape.length === 3, {fn, argument: 'array', expected: 'of shape [N, T, d]', received: shape});
  expectWhole(fn, index, 0);
  expectWhole(fn, {channel}, 0, shape[2] - 1);
  return shape;
}
