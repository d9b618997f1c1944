import {expect} from '../../errors';

/** Number of sets that are looked at before a finder gives up: some tens of seconds. */
export const MOST_SETS = 1e6;

/** Subsets of `items` with up to `largest` members, smallest first, made one at a time. */
export function* subsets<T>(items: readonly T[], largest: number): Generator<T[]> {
  for (let size = 0; size <= Math.min(largest, items.length); size++) yield* combinations(items, items.length, size);
}

/** Choices of `size` among the first `n`, in the order of their last members. */
function* combinations<T>(items: readonly T[], n: number, size: number): Generator<T[]> {
  if (size === 0) { yield []; return; }
  for (let last = size - 1; last < n; last++) {
    for (const rest of combinations(items, last, size - 1)) yield [...rest, items[last]];
  }
}

/** How many {@link subsets} there are. */
export function countSubsets(n: number, largest: number): number {
  let total = 0;
  for (let size = 0, choices = 1; size <= Math.min(largest, n); choices = choices * (n - size) / (size + 1), size++) {
    total += choices;
  }
  return total;
}

/** Throws when more than {@link MOST_SETS} sets would have to be looked at. */
export function expectFew(sets: number, candidates: number, fn: string): void {
  expect(sets <= MOST_SETS, {
    fn, argument: 'largest', expected: `small enough for at most ${MOST_SETS} sets to look at`,
    received: `${sets} sets among ${candidates} candidate nodes`,
    remedy: 'Ask for smaller sets with {largest}, or check one set with checkBackDoor or checkConditionalFrontDoor.',
  });
}
