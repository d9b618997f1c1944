import {fitScaler} from '../data/scaler';
import type {Trajectories} from '../data/trajectories';
import {expect, expectWhole} from '../errors';

/** The unit in which errors are reported. */
export interface Scaling {
  /** Says what one unit is; scalings of different names cannot share a table. */
  readonly name: string;
  /** `[dy]`: errors are divided by these; an outcome with `undefined` is left out. */
  readonly divisors: readonly (number | undefined)[];
}

/**
 * Standard deviation of the training outcomes, all units and times pooled (population form).
 * @param steps use the first so many times only; in [1, T]. Default: all
 */
export function trainingSd(train: Trajectories, {steps}: {steps?: number} = {}): Scaling {
  return Object.freeze({
    name: `training sd${steps ? `, first ${steps} times` : ''}`, divisors: fitScaler(train, {steps}).sd,
  });
}

/**
 * Standard deviation of the test outcomes, all units and times pooled: what the paper's text describes.
 * @paper section 5
 */
export function testSd(test: Trajectories): Scaling {
  return Object.freeze({name: 'test sd', divisors: fitScaler(test).sd});
}

/**
 * Percent of a largest value.
 * @param largest `[dy]`, above 0, or `undefined` for an outcome to leave out.
 * @throws ArgumentError for a largest value that is not finite and above 0
 */
export function percentOf(largest: readonly (number | undefined)[]): Scaling {
  expect(largest.every(v => v === undefined || (v > 0 && v < Infinity)), {
    fn: 'percentOf', argument: 'largest', expected: 'finite numbers above 0 or undefined', received: largest,
  });
  return Object.freeze({
    name: `percent of ${largest.map(v => v ?? '-').join(', ')}`, divisors: largest.map(v => v && v / 100),
  });
}

/**
 * The data's own units.
 * @param outcomes how many outcomes there are, dy
 * @throws ArgumentError unless that is a whole number >= 1
 */
export function unscaled(outcomes: number): Scaling {
  expectWhole('unscaled', {outcomes});
  return Object.freeze({name: 'data units', divisors: new Array<number>(outcomes).fill(1)});
}
