import {mean, sd} from '../../math';

/**
 * Mean of those in the group minus mean of the others, with its standard error.
 * @internal
 */
export function meanDifference(
  values: Float64Array, inGroup: (i: number) => boolean,
): {readonly group: number; readonly others: number; readonly effect: number; readonly standardError: number} {
  const [a, b] = [true, false].map(wanted => values.filter((_, i) => inGroup(i) === wanted));
  const standardError = Math.hypot(sd(a) / Math.sqrt(a.length), sd(b) / Math.sqrt(b.length));
  return {group: mean(a), others: mean(b), effect: mean(a) - mean(b), standardError};
}
