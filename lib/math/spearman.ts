import {jStat} from 'jstat';
import {expect} from '../errors';

/**
 * Spearman's rank correlation, equal values sharing their mean rank; `undefined` where one of the lists does not vary.
 * @param x `[n]`, finite
 * @param y `[n]`, finite
 * @throws ArgumentError for lists of different lengths, fewer than 2 values, or values that are not finite
 * @reference Spearman 1904, The proof and measurement of association between two things. doi:10.2307/1412159
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  const [a, b] = [Array.from(x), Array.from(y)];
  expect(a.length === b.length && a.length >= 2 && [...a, ...b].every(Number.isFinite), {
    fn: 'spearman', argument: 'x or y', expected: 'two lists of one length >= 2 of finite numbers',
    received: [a.length, b.length],
  });
  if ([a, b].some(list => list.every(v => v === list[0]))) return undefined;
  return jStat.spearmancoeff(a, b);
}
