import {expect, isWhole} from '../errors';
import {permutation} from '../math/discrete';
import type {Rng} from '../math/rng';

/**
 * Rows split at random into sets of about the sizes asked for, all rows of a group in one set: stays by patient, cells
 * by plate. Whole groups are dealt out in random order, each to the first set with room for it; one that fits nowhere
 * goes where there is most room.
 * @param groups `[n]`: whose each row is
 * @param sizes rows of each set, with a sum of n
 * @returns rows of each set, `[sizes.length][about size]`
 * @throws ArgumentError for sizes that are no whole numbers >= 0 or whose sum is not n
 */
export function splitGroups(groups: readonly string[], sizes: readonly number[], rng: Rng): Int32Array[] {
  const n = groups.length, total = sizes.reduce((a, b) => a + b, 0), sets: number[][] = sizes.map(() => []);
  expect(sizes.length > 0 && sizes.every(size => isWhole(size, 0)) && total === n, {
    fn: 'splitGroups', argument: 'sizes', expected: `whole numbers >= 0 with a sum of ${n}`, received: sizes,
  });
  const own = new Map<string, number[]>();
  groups.forEach((group, i) => own.set(group, [...(own.get(group) ?? []), i]));
  const rows = [...own.values()];
  for (const k of permutation(rng, rows.length)) {
    const room = sizes.map((size, g) => size - sets[g].length), fits = room.findIndex(r => r >= rows[k].length);
    sets[fits >= 0 ? fits : room.indexOf(Math.max(...room))].push(...rows[k]);
  }
  return sets.map(set => Int32Array.from(set));
}
