import {expect} from '../errors';
import type {History, Plan} from './history';
import {gridOf, isGrid, lastTime, timesIn, timesOf} from './times';

/**
 * Checks that a plan continues a history: same units, starting at t_c, increasing times, finite treatments.
 * Every forecaster calls this first. @throws ArgumentError naming the forecaster
 */
export function expectPlan(forecaster: string, history: History, plan: Plan): void {
  const fn = `${forecaster}.forecast`, [N, known] = history.outcomes.shape, [n, s, da] = plan.treatments.shape;
  expect(plan.treatments.shape.length === 3 && n === N && da === history.treatments.shape[2], {
    fn, argument: 'plan.treatments', expected: `of shape [${N}, s, ${history.treatments.shape[2]}]`,
    received: plan.treatments.shape,
  });
  expect(timesIn(history.time) === known && history.treatments.shape[1] === known - 1, {
    fn, argument: 'history', expected: 'with one treatment fewer than outcomes',
    received: [known, history.treatments.shape[1]],
    remedy: 'Make it with historyAt().',
  });
  expect(s >= 1 && timesIn(plan.time) === s + 1, {
    fn, argument: 'plan.time', expected: `t_c and ${s} later times, at least one`, received: plan.time,
  });
  const alike = isGrid(plan.time) && isGrid(history.time) && !plan.counts && !history.counts;
  for (let i = 0; i < (alike ? 1 : N); i++) expectContinued(fn, history, plan, i);
  const bad = plan.treatments.data.findIndex(v => !Number.isFinite(v));
  expect(bad < 0, {
    fn, argument: 'plan.treatments', expected: 'finite everywhere', received: plan.treatments.data[bad],
    remedy: `The first bad value has flat index ${bad}.`,
  });
}

/**
 * Checks that a question lies on a grid, as far as that goes: for methods that know what happens between its times,
 * and nowhere else.
 * @param fn who asks, for the error
 * @throws ArgumentError where units have times of their own, or where a time is not the grid's
 */
export function expectOnGrid(fn: string, grid: Float64Array, history: History, plan: Plan): void {
  const known = gridOf(history, fn), times = [...known, ...gridOf(plan, fn).subarray(1)];
  const wrong = times.findIndex((t, k) => k < grid.length && t !== grid[k]);
  expect(wrong < 0, {
    fn, argument: wrong < known.length ? 'history.time' : 'plan.time', received: times[wrong],
    expected: `on the times that it knows, ${grid[wrong]} at index ${wrong}`,
    remedy: 'Decide and ask at these times, or ask a method that reads any.',
  });
}

function expectContinued(fn: string, history: History, plan: Plan, i: number): void {
  const now = lastTime(history, i), times = timesOf(plan, i);
  expect(times[0] === now && times.every((t, k) => k === 0 || t > times[k - 1]), {
    fn, argument: 'plan.time', expected: `increasing from t_c = ${now}`, received: times,
    ...(isGrid(plan.time) && isGrid(history.time) ? {} : {remedy: `It is row ${i}.`}),
  });
}
