import {expect} from '../errors';
import type {History, Plan} from './history';

/**
 * Checks that a plan continues a history: same units, starting at t_c, increasing times, finite treatments.
 * Every forecaster calls this first. @throws ArgumentError naming the forecaster
 */
export function expectPlan(forecaster: string, history: History, plan: Plan): void {
  const fn = `${forecaster}.forecast`, [N, known] = history.outcomes.shape, [n, s, da] = plan.treatments.shape;
  expect(plan.treatments.shape.length === 3 && n === N && da === history.treatments.shape[2], {
    fn, argument: 'plan.treatments', expected: `of shape [${N}, s, ${history.treatments.shape[2]}]`, received: plan.treatments.shape,
  });
  expect(history.time.length === known && history.treatments.shape[1] === known - 1, {
    fn, argument: 'history', expected: 'with one treatment fewer than outcomes', received: [known, history.treatments.shape[1]], remedy: 'Make it with historyAt().',
  });
  expect(s >= 1 && plan.time.length === s + 1, {fn, argument: 'plan.time', expected: `t_c and ${s} later times, at least one`, received: plan.time});
  expect(plan.time[0] === history.time[known - 1] && plan.time.every((t, k) => k === 0 || t > plan.time[k - 1]), {
    fn, argument: 'plan.time', expected: `increasing from t_c = ${history.time[known - 1]}`, received: plan.time,
  });
  const bad = plan.treatments.data.findIndex(v => !Number.isFinite(v));
  expect(bad < 0, {
    fn, argument: 'plan.treatments', expected: 'finite everywhere', received: plan.treatments.data[bad],
    remedy: `The first bad value has flat index ${bad}.`,
  });
}
