import {jStat} from 'jstat';
import {expect} from '../errors';
import {mean, sd} from '../math/statistics';

/** How two methods differ on the same draws. */
export interface PairedDifference {
  /** Mean of `a - b`. */
  readonly mean: number;
  /** Limits of the interval. */
  readonly low: number;
  readonly high: number;
  /** Number of pairs. */
  readonly count: number;
}

/** Options of {@link pairedDifference}. */
export interface PairedOptions {
  /** Probability that the interval holds the true mean difference, in (0, 1); default 0.95. */
  readonly level?: number;
}

/**
 * Mean difference of two methods that were tried on the same draws, with Student's interval. Draws that are hard for
 * one method are hard for all; pairing takes that out, so a difference can be clear where the two spreads overlap.
 * @param a `[n]`, one number a draw, n at least 3 @param b `[n]`, of the same draws
 * @throws ArgumentError for fewer than 3 draws, lists of different lengths, or a level outside (0, 1)
 * @reference Student 1908, The probable error of a mean. doi:10.1093/biomet/6.1.1
 */
export function pairedDifference(
  a: readonly number[], b: readonly number[], {level = 0.95}: PairedOptions = {},
): PairedDifference {
  const fn = 'pairedDifference', n = a.length;
  expect(n >= 3, {fn, argument: 'a', expected: 'at least 3 numbers', received: n, remedy: 'Run more seeds.'});
  expect(b.length === n, {fn, argument: 'b', expected: `${n} numbers, one for each of a`, received: b.length});
  expect(level > 0 && level < 1, {fn, argument: 'level', expected: 'in (0, 1)', received: level});
  const differences = a.map((v, k) => v - b[k]), centre = mean(differences);
  const half = jStat.studentt.inv((1 + level) / 2, n - 1) * sd(differences) / Math.sqrt(n);
  return Object.freeze({mean: centre, low: centre - half, high: centre + half, count: n});
}

/** Errors of one method, one a draw. */
export interface Contender {
  readonly name: string;
  /** `[n]`, above 0, the draws in the same order for every contender. */
  readonly errors: readonly number[];
}

/**
 * Who may be called best: the method with the lowest mean, and every other whose paired interval to it reaches zero or
 * below. Intervals are those of the logarithms: errors of methods differ by factors, and a method that sometimes fails
 * badly should not pass for equal because its spread is large.
 * @returns names, the lowest mean first
 * @throws ArgumentError for fewer than 3 draws, contenders with different numbers of them, or errors that are not above
 * 0
 */
export function winners(contenders: readonly Contender[], options: PairedOptions = {}): string[] {
  expect(contenders.length > 0, {
    fn: 'winners', argument: 'contenders', expected: 'at least one', received: contenders.length,
  });
  const bad = contenders.find(({errors}) => !errors.every(v => v > 0));
  expect(!bad, {fn: 'winners', argument: 'contenders', expected: 'with errors above 0', received: bad?.name});
  const ranked = [...contenders].sort((a, b) => mean(a.errors) - mean(b.errors)), [best] = ranked;
  return ranked.filter(one => one === best || relativeDifference(one.errors, best.errors, options).low <= 0)
    .map(({name}) => name);
}

/**
 * {@link pairedDifference} of logarithms: below 0 where `a` is the lower, -0.1 for about 10 % lower.
 * @param a above 0
 * @param b above 0
 * @throws ArgumentError as {@link pairedDifference}
 */
export function relativeDifference(
  a: readonly number[], b: readonly number[], options: PairedOptions = {},
): PairedDifference {
  return pairedDifference(a.map(Math.log), b.map(Math.log), options);
}
