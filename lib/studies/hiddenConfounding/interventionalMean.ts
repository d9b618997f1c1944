import {targetTimes, expectPlan, type History, type Plan} from '../../data';
import {expect} from '../../errors';
import {ndarray} from '../../math';
import type {FittedForecaster, Forecaster} from '../../models';
import type {HiddenWorld} from './world';

/**
 * The best that a record allows: E[y | history, do(plan)], exactly, by whoever knows the world's numbers but not the
 * hidden process. A Kalman filter reads u from the outcomes and from the doses before the decision; from there on the
 * plan is set, so its doses tell nothing of u. This is equation (4) of the paper, in closed form.
 * @throws ArgumentError, from `forecast`: for a history that does not end at the world's decision
 * @paper eq. (4)
 * @reference Kalman 1960, A new approach to linear filtering and prediction problems. doi:10.1115/1.3662552
 */
export function interventionalMean(world: HiddenWorld): Forecaster {
  const name = 'best from the record', information = 'equations + history + plan';
  const fitted: FittedForecaster = Object.freeze({
    name, information, forecast: async (history: History, plan: Plan) => answer(world, history, plan),
  });
  return Object.freeze({name, information, fit: async () => fitted});
}

function answer(world: HiddenWorld, history: History, plan: Plan) {
  const fn = 'interventionalMean', [N, known] = history.outcomes.shape, s = plan.treatments.shape[1];
  expectPlan(fn, history, plan);
  expect(known === world.decision + 1, {
    fn, argument: 'history', expected: `${world.decision + 1} outcomes`, received: known,
  });
  const mean = ndarray([N, s, 1]), {decay, effects, push, kept} = world;
  for (let i = 0; i < N; i++) {
    let y = history.outcomes.data[(i + 1) * known - 1], u = hiddenGiven(world, history, i);
    for (let k = 0; k < s; k++) {
      const doses = plan.treatments.data.subarray((i * s + k) * 2, (i * s + k + 1) * 2);
      y = decay * y + effects[0] * doses[0] + effects[1] * doses[1]
        + world.window(world.decision + k, doses) * push * u;
      u *= kept;
      mean.data[i * s + k] = y;
    }
  }
  return {time: targetTimes(plan), mean};
}

/** E[u at the decision | history of unit i]. */
function hiddenGiven(world: HiddenWorld, {outcomes, treatments}: History, i: number): number {
  const {decay, effects, push, noise, confounding, level, doseSd, kept} = world, [, known] = outcomes.shape;
  let m = 0, P = 1;
  const sees = (value: number, gain: number, sd: number) => {
    const share = P * gain / (gain ** 2 * P + sd ** 2);
    m += share * (value - gain * m);
    P *= 1 - share * gain;
  };
  for (let t = 0; t + 1 < known; t++) {
    const at = i * known + t, doses = treatments.data.subarray((at - i) * 2, (at - i + 1) * 2);
    if (world.treats(t)) for (const dose of doses) sees(dose - level, confounding, doseSd);
    const moved = outcomes.data[at + 1] - decay * outcomes.data[at] - effects[0] * doses[0] - effects[1] * doses[1];
    sees(moved, world.window(t, doses) * push, noise);
    m *= kept;
    P = kept ** 2 * P + 1 - kept ** 2;
  }
  return m;
}
