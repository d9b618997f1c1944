import assert from 'node:assert/strict';
import fc from 'fast-check';
import {historyAt, planAt, type Trajectories} from '../../lib/data';
import type {FittedForecaster} from '../../lib/models';

/**
 * Checks that forecasts for random decision times and horizons do not change when the future outcomes and all
 * treatments outside history and plan do, and that they change with the plan exactly when `usesPlan` says so.
 */
export async function expectSeesOnlyHistoryAndPlan(
  fitted: FittedForecaster, data: Trajectories, {usesPlan, runs = 8}: {usesPlan: boolean; runs?: number},
): Promise<void> {
  const T = data.outcomes.shape[1];
  const situations = fc.integer({min: 1, max: T - 3}).chain(c => fc.tuple(
    fc.constant(c), fc.integer({min: 2, max: Math.min(6, T - 1 - c)}), fc.double({min: 0.5, max: 3, noNaN: true}),
  ));
  await fc.assert(fc.asyncProperty(situations, async ([c, horizon, change]) => {
    const answer = async (world: Trajectories) =>
      Array.from((await fitted.forecast(historyAt(world, c), planAt(world, c, horizon))).mean.data);
    const truth = await answer(data);
    assert.deepEqual(
      await answer(changed(data, change, {outcomesFrom: c + 1, treatments: k => k >= c + horizon})), truth,
      `future after c = ${c}`,
    );
    const underOtherPlan =
      await answer(changed(data, change, {outcomesFrom: T, treatments: k => k >= c && k < c + horizon}));
    assert.equal(underOtherPlan.some((v, i) => v !== truth[i]), usesPlan, `plan at c = ${c}`);
  }), {numRuns: runs, seed: 1});
}

function changed(
  data: Trajectories, change: number,
  {outcomesFrom, treatments}: {outcomesFrom: number; treatments: (k: number) => boolean},
): Trajectories {
  const along = (array: Trajectories['outcomes'], hit: (k: number) => boolean) => {
    const [, T, d] = array.shape;
    return {...array, data: array.data.map((v, i) => hit(Math.floor(i / d) % T) ? v * change + 1 : v)};
  };
  return {
    ...data, outcomes: along(data.outcomes, k => k >= outcomesFrom), treatments: along(data.treatments, treatments),
  };
}
