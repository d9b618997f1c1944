import {expect, expectWhole} from '../errors';
import {permutation} from '../math/discrete';
import type {Rng} from '../math/rng';

/**
 * Which of `count` parts each row belongs to, by chance and as equal in size as can be.
 * @param groups `[n]`: rows with equal numbers stay together, so that what they share cannot help one part to guess
 * the other; or n alone, where every row goes by itself
 * @param count of parts, >= 2
 * @returns `[n]`, each in 0 ... count - 1
 * @throws ArgumentError for NaN or fewer groups than parts
 */
export function foldsOf(groups: ArrayLike<number> | number, count: number, rng: Rng): Int32Array {
  const fn = 'foldsOf';
  expectWhole(fn, {count}, 2);
  const label = typeof groups === 'number' ? Float64Array.from({length: groups}, (_, i) => i) : groups;
  const bad = Array.from(label).findIndex(v => Number.isNaN(v));
  expect(bad < 0, {fn, argument: 'groups', expected: 'numbers', received: NaN, remedy: `Row ${bad}.`});
  const distinct = [...new Set(Array.from(label))];
  expect(distinct.length >= count, {
    fn, argument: 'groups', expected: `of at least ${count} kinds, one a part`, received: distinct.length,
    remedy: 'Ask for fewer parts, or make groups smaller.',
  });
  const place = permutation(rng, distinct.length), part = new Map<number, number>();
  place.forEach((at, k) => part.set(distinct[at], k % count));
  return Int32Array.from(label, g => part.get(g)!);
}

/**
 * The number of the block of time that each row lies in: blocks of equal width, the first from the earliest time on.
 * As `groups` they keep neighbours in one part.
 * @param times `[n]`, finite, no two equal @param width above 0, in units of `times`
 * @returns `[n]`
 * @throws ArgumentError for times that are not finite or come twice
 */
export function timeBlocks(times: ArrayLike<number>, width: number): Int32Array {
  const fn = 'timeBlocks';
  expectTimes(fn, times);
  expect(width > 0 && width < Infinity, {fn, argument: 'width', expected: 'finite and above 0', received: width});
  let first = Infinity;
  for (let i = 0; i < times.length; i++) first = Math.min(first, times[i]);
  return Int32Array.from(times, t => Math.floor((t - first) / width));
}

/** Throws an ArgumentError naming `fn` for times that are not finite or come twice. */
export function expectTimes(fn: string, times: ArrayLike<number>): void {
  const argument = 'times', bad = Array.from(times).findIndex(t => !Number.isFinite(t));
  expect(bad < 0, {fn, argument, expected: 'finite', received: times[bad], remedy: `Row ${bad}.`});
  const sorted = Float64Array.from(times).sort(), twice = sorted.findIndex((t, i) => i > 0 && t === sorted[i - 1]);
  expect(twice < 0, {
    fn, argument, expected: 'different from row to row', received: sorted[twice],
    remedy: 'This time comes twice: keep one of its rows, or take groups of your own.',
  });
}
