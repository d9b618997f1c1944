import {splitGroups} from '../../../data/groups';
import {expect} from '../../../errors';
import type {Rng} from '../../../math/rng';
import type {Substrate} from './substrate';

/** Rows of a substrate for each purpose. */
export interface StaySplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** Of 861 stays: 552 to train, 138 to validate, 171 to test. */
const SHARES = [552 / 861, 138 / 861];

/**
 * Splits stays at random, all stays of a patient together.
 * @throws ArgumentError when a group would be empty
 */
export function splitStays({patients}: Pick<Substrate, 'patients'>, rng: Rng): StaySplit {
  const n = patients.length, [train, validation] = SHARES.map(share => Math.round(share * n));
  const groups = splitGroups(patients, [train, validation, n - train - validation], rng);
  expect(groups.every(group => group.length > 0), {
    fn: 'splitStays', argument: 'substrate', expected: 'with stays for three groups',
    received: groups.map(group => group.length),
  });
  return Object.freeze({train: groups[0], validation: groups[1], test: groups[2]});
}
