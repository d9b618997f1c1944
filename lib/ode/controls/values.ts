import {expect} from '../../errors';
import type {State, VectorSpace} from '../space';
import {expectState, spaceOf} from '../spaces';

/**
 * Checks the values at the knots, and gives the vector space they live in.
 * @internal
 * @throws ArgumentError unless they are as many as asked for, finite and of one shape.
 */
export function spaceOfValues<U extends State>(fn: string, values: readonly U[], count: number): VectorSpace<U> {
  expect(values.length === count, {fn, argument: 'values', expected: `${count} values`, received: values.length});
  values.forEach((value, i) => expectValue(fn, value, values[0], i));
  return spaceOf(values[0], fn, 'values[0]');
}

function expectValue(fn: string, value: State, first: State, i: number): void {
  const argument = `values[${i}]`;
  expectState(value, fn, argument);
  const shape = shapeOf(value), wanted = shapeOf(first);
  expect(`${shape}` === `${wanted}`, {fn, argument, expected: `of shape [${wanted}] like values[0]`, received: shape});
  // A tensor's numbers are left where they are: reading them back would stop a program from being recorded.
  if (value instanceof Float64Array)
    expect(value.every(Number.isFinite), {
      fn, argument, expected: 'finite', received: value,
      remedy: 'Fill or drop missing values first, with a mask channel if need be.',
    });
}

const shapeOf = (value: State): readonly number[] => (value instanceof Float64Array ? [value.length] : value.shape);
