import {expect} from '../../../errors';
import {permutation} from '../../../math/discrete';
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
  const sizes = [train, validation, n - train - validation], groups: number[][] = [[], [], []];
  const own = new Map<string, number[]>();
  patients.forEach((patient, i) => own.set(patient, [...(own.get(patient) ?? []), i]));
  const rows = [...own.values()];
  for (const k of permutation(rng, rows.length)) {
    // A patient whose stays fit nowhere goes where there is most room.
    const room = sizes.map((size, g) => size - groups[g].length), fits = room.findIndex(r => r >= rows[k].length);
    groups[fits >= 0 ? fits : room.indexOf(Math.max(...room))].push(...rows[k]);
  }
  expect(groups.every(group => group.length > 0), {
    fn: 'splitStays', argument: 'substrate', expected: 'with stays for three groups',
    received: groups.map(group => group.length),
  });
  const [a, b, c] = groups.map(group => Int32Array.from(group));
  return Object.freeze({train: a, validation: b, test: c});
}
