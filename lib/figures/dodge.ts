/**
 * Places for labels that wish to stand at `wished`, so that they neither overlap nor leave `[low, high]`, with the
 * least sum of squared displacements.
 * @param wished middles, from low to high
 * @param heights of the labels in the same order
 * @returns middles, or nothing where the labels have no room
 * @reference Ayer, Brunk, Ewing, Reid, Silverman 1955, An empirical distribution function for sampling with incomplete
 * information (pool adjacent violators). doi:10.1214/aoms/1177728423
 */
export function dodged(
  wished: readonly number[], heights: readonly number[], [low, high]: readonly [number, number],
): number[] | undefined {
  if (heights.reduce((sum, height) => sum + height, 0) > high - low) return undefined;
  const before = heights.map((_, k) => heights.slice(0, k).reduce((sum, height) => sum + height, 0) + heights[k] / 2);
  const pools: {sum: number; count: number}[] = [];
  wished.forEach((place, k) => {
    pools.push({sum: place - before[k], count: 1});
    for (let last = pools.length - 1; last > 0 && mean(pools[last - 1]) > mean(pools[last]); last--) {
      const {sum, count} = pools.pop()!;
      pools[last - 1] = {sum: pools[last - 1].sum + sum, count: pools[last - 1].count + count};
    }
  });
  const total = heights.reduce((sum, height) => sum + height, 0);
  const starts = pools.flatMap(pool => Array<number>(pool.count).fill(mean(pool)));
  return starts.map((start, k) => Math.min(high - total, Math.max(low, start)) + before[k]);
}

const mean = ({sum, count}: {sum: number; count: number}): number => sum / count;
