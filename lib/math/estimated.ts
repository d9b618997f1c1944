import {expect} from '../errors';
import {mean, sd} from './statistics';

/** A mean over independent repetitions. */
export interface Estimated {
  readonly mean: number;
  /** Standard deviation of the mean. */
  readonly error: number;
}

/**
 * Mean and its standard error over repetitions that share nothing.
 * @param values at least 3
 * @throws ArgumentError for fewer than 3.
 */
export function estimated(values: readonly number[]): Estimated {
  expect(values.length >= 3, {fn: 'estimated', argument: 'values', expected: 'at least 3', received: values.length});
  return Object.freeze({mean: mean(values), error: sd(values) / Math.sqrt(values.length)});
}
