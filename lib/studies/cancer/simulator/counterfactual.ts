import {expect, expectWhole} from '../../../errors';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {resimulate, type CancerCohort} from './cohort';
import {between, firstSteps} from './noise';
import type {CancerPolicy} from './policy';

/** Doses from a decision on, `[N, s, 2]` (chemotherapy [mg/m³], radiotherapy [Gy]), or a policy that decides on the way. */
export type CancerPlan = NdArray | CancerPolicy;

/**
 * The same patients with the same noise, treated as in fact up to index `c` and by `plan` from then on: what would have
 * been. Doses are planned, not concentrations, because a dose can be chosen and a concentration partly inherited.
 * @param c decision index, in [0, T - 2]
 * @param plan with doses `[N, s, 2]` the series ends s steps after c; with a policy it keeps its length
 * @throws ArgumentError for a wrong shape, a dose that is not finite and >= 0, or a plan that outlasts the noise
 * @paper section 3.2, whose potential outcomes these are
 */
export function counterfactualTwins(cohort: CancerCohort, c: number, plan: CancerPlan): CancerCohort {
  const [N, T] = cohort.doses.shape, fn = 'counterfactualTwins';
  expectWhole(fn, {c}, 0, T - 2);
  if (typeof plan === 'function')
    return resimulate(cohort, after(cohort, c, plan), {name: `${cohort.trajectories.name}, twins from ${c}`});
  const [n, s, da] = plan.shape;
  expect(plan.shape.length === 3 && n === N && da === 2 && s >= 1 && c + s <= T - 1, {
    fn, argument: 'plan', expected: `of shape [${N}, s, 2] with s in [1, ${T - 1 - c}]`, received: plan.shape,
  });
  const planned: CancerPolicy = ({unit, step}) =>
    [plan.data[(unit * s + step - c) * 2], plan.data[(unit * s + step - c) * 2 + 1]];
  return resimulate(cohort, after(cohort, c, planned), {
    noise: firstSteps(cohort.noise, c + s), name: `${cohort.trajectories.name}, twins from ${c}`,
  });
}

/**
 * The doses in fact given in the `horizon` steps from index `c` on, `[N, horizon, 2]`.
 * @throws ArgumentError for an index outside [0, T), or a horizon outside [1, T - c]
 */
export function factualDoses(cohort: CancerCohort, c: number, horizon: number): NdArray {
  const fn = 'factualDoses', T = cohort.doses.shape[1];
  expectWhole(fn, {c}, 0, T - 1);
  expectWhole(fn, {horizon}, 1, T - c);
  return between(cohort.doses, c, c + horizon);
}

/**
 * Concentrations and doses of a dose plan, as in a forecaster's `Plan.treatments`.
 * @param doses `[N, s, 2]`
 * @param inherited `[N]`: concentration just before the plan starts
 * @param options what is left of a dose
 * @param options.carryOver share of the concentration left after a step, in [0, 1]. Default 0.5, as released; the
 * printed variant has 0
 * @throws ArgumentError for doses of another shape, or that are not finite and >= 0
 */
export function concentrations(
  doses: NdArray, inherited: ArrayLike<number>, {carryOver = 0.5}: {carryOver?: number} = {},
): NdArray {
  const [N, s, da] = doses.shape, out = doses.data.slice();
  expect(doses.shape.length === 3 && da === 2 && inherited.length === N, {
    fn: 'concentrations', argument: 'doses', expected: `of shape [${inherited.length}, s, 2]`, received: doses.shape,
  });
  expect(out.every(v => v >= 0 && v < Infinity), {
    fn: 'concentrations', argument: 'doses', expected: 'finite and >= 0', received: out,
  });
  for (let i = 0; i < N; i++)
    for (let k = 0, level = inherited[i]; k < s; k++)
      out[(i * s + k) * 2] = level = carryOver * level + out[(i * s + k) * 2];
  return ndarray(doses.shape, out);
}

/** The doses in fact given before index c, then the plan. */
function after(cohort: CancerCohort, c: number, plan: CancerPolicy): CancerPolicy {
  const [, T] = cohort.doses.shape, {data} = cohort.doses;
  return decision => {
    const given = (decision.unit * T + decision.step) * 2;
    return decision.step < c ? [data[given], data[given + 1]] : plan(decision);
  };
}
