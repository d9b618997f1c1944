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

export interface PairedOptions {
  /** Probability that the interval holds the true mean difference, in (0, 1); default 0.95. */
  readonly level?: number;
}

/**
 * Mean difference of two methods that were tried on the same draws, with Student's interval. Draws that are hard for one method are hard
 * for all; pairing takes that out, so a difference can be clear where the two spreads overlap.
 * @param a `[n]`, one number a draw, n at least 3 @param b `[n]`, of the same draws
 * @reference Student 1908, The probable error of a mean. doi:10.1093/biomet/6.1.1
 */
export function pairedDifference(a: readonly number[], b: readonly number[], {level = 0.95}: PairedOptions = {}): PairedDifference {
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
  /** `[n]`, the draws in the same order for every contender. */
  readonly errors: readonly number[];
}

/**
 * Who may be called best: the method with the lowest mean, and every other whose paired interval to it reaches zero or below.
 * @returns names, the lowest mean first
 * @throws ArgumentError for fewer than 3 draws or contenders with different numbers of them
 */
export function winners(contenders: readonly Contender[], options: PairedOptions = {}): string[] {
  expect(contenders.length > 0, {fn: 'winners', argument: 'contenders', expected: 'at least one', received: contenders.length});
  const ranked = [...contenders].sort((a, b) => mean(a.errors) - mean(b.errors)), [best] = ranked;
  return ranked.filter(one => one === best || pairedDifference(one.errors, best.errors, options).low <= 0).map(({name}) => name);
}
