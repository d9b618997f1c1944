import * as tf from '@tensorflow/tfjs';
import {expect} from '../errors';
import {float64Space} from './float64';
import type {State, VectorSpace} from './space';
import {tensorSpace, withTensorSpace} from './tensor';

/** The vector space that `y` lives in. @throws ArgumentError when `y` is neither a Float64Array nor a tensor. */
export function spaceOf<Y extends State>(y: Y, fn: string, argument: string): VectorSpace<Y> {
  expectState(y, fn, argument);
  return (y instanceof Float64Array ? float64Space : tensorSpace()) as unknown as VectorSpace<Y>;
}

/** Runs `work` in the space of `y`, freeing every tensor that it does not return. */
export function inSpaceOf<Y extends State, T>(y: Y, work: (space: VectorSpace<Y>) => T): T {
  if (y instanceof Float64Array) return work(float64Space as unknown as VectorSpace<Y>);
  return withTensorSpace(space => space.tidy(() => work(space as unknown as VectorSpace<Y>)));
}

/** Throws an ArgumentError unless `y` is a Float64Array or a tensor. */
export function expectState(y: unknown, fn: string, argument: string): asserts y is State {
  expect(y instanceof Float64Array || y instanceof tf.Tensor, {
    fn, argument, expected: 'a Float64Array or a tensor', received: y,
    remedy: 'Plain arrays: wrap them in Float64Array.from(...).',
  });
}
