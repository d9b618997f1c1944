import {historyAt, planAt, targetTimes, targetsAt, type History, type Plan, type Trajectories} from '../../data';
import {ndarray, ridge, type NdArray, type RidgeFit} from '../../math';
import type {FittedForecaster, Forecaster} from '../../models';

/**
 * A negative control in two stages. The outcome before the decision's, W, is not moved by the doses to come, yet by the
 * hidden cause: whatever the doses seem to do to W is confounding. Stage 1 foretells W from older outcomes and doses,
 * the present outcome and the plan; stage 2 regresses the outcome to come on the foretold W, the present outcome and
 * the plan, and on the doses' products with both. Linear in these, where the original (in whose manner this is) has
 * networks.
 *
 * What it needs: that W tells of the hidden cause whatever the treatment was, and that older records do too.
 * @param decision index of the one decision that it answers, >= 2
 * @reference Tchetgen Tchetgen, Ying, Cui, Shi, Miao 2020, An introduction to proximal causal learning.
 * arXiv:2009.10982
 * @reference Sun et al. 2025, Dual-stage individualized variables for counterfactual regression (DSIV-CFR).
 * arXiv:2505.09113
 */
export function negativeControl(decision: number): Forecaster {
  const name = 'negative control', information = 'history + plan';
  return Object.freeze({
    name, information,
    async fit(train: Trajectories) {
      const {shape: [, T]} = train.outcomes;
      const stages = Array.from({length: T - 1 - decision}, (_, k) => twoStages(train, decision, k + 1));
      const fitted: FittedForecaster = Object.freeze({
        name, information,
        async forecast(history: History, plan: Plan) {
          const [N, s] = plan.treatments.shape, mean = ndarray([N, s, 1]);
          stages.slice(0, s).forEach((answer, k) =>
            answer(history, plan).forEach((v, i) => (mean.data[i * s + k] = v)));
          return {time: targetTimes(plan), mean};
        },
      });
      return fitted;
    },
  });
}

/** Forecasts of one step ahead, `[N]`. */
function twoStages(train: Trajectories, decision: number, s: number): (history: History, plan: Plan) => Float64Array {
  const history = historyAt(train, decision), plan = planAt(train, decision, s), target = targetsAt(train, decision, s);
  const control = valuesAt(history, decision - 1), first = rows(history, i => firstStage(history, plan, s, i));
  const foretells = ridge(first, control, 1), foretold = applied(foretells, first);
  const second = rows(history, i => secondStage(history, plan, {s, i, foretold: foretold[i]}));
  const y = Float64Array.from({length: control.length}, (_, i) => target.outcomes.data[(i + 1) * s - 1]);
  const answers = ridge(second, y, 1);
  return (past, ahead) => {
    // Whoever is asked about has a control that was measured; nothing needs to be foretold, and no dose is news.
    const measured = valuesAt(past, decision - 1);
    return applied(answers, rows(past, i => secondStage(past, ahead, {s, i, foretold: measured[i]})));
  };
}

const valuesAt = ({outcomes: {shape: [N, known], data}}: History, t: number): Float64Array =>
  Float64Array.from({length: N}, (_, i) => data[i * known + t]);

/** Doses of the first s steps of unit i's plan. */
const doses = ({treatments: {shape: [, steps, da], data}}: Plan, s: number, i: number): number[] =>
  Array.from(data.subarray(i * steps * da, (i * steps + s) * da));

/** Outcomes but that before the decision's, all doses. */
function firstStage({outcomes, treatments}: History, plan: Plan, s: number, i: number): number[] {
  const [, known] = outcomes.shape, own = Array.from(outcomes.data.subarray(i * known, (i + 1) * known));
  const [, before, da] = treatments.shape;
  own.splice(known - 2, 1);
  return [...own, ...treatments.data.subarray(i * before * da, (i + 1) * before * da), ...doses(plan, s, i)];
}

/** The control, the present outcome, the last dose before, the plan, and the plan's products with these. */
function secondStage(
  {outcomes, treatments}: History, plan: Plan, {s, i, foretold}: {s: number; i: number; foretold: number},
): number[] {
  const [, known] = outcomes.shape, [, before, da] = treatments.shape, given = doses(plan, s, i);
  const last = Array.from(treatments.data.subarray(((i + 1) * before - 1) * da, (i + 1) * before * da));
  const state = [foretold, outcomes.data[(i + 1) * known - 1], ...last];
  return [...state, ...given, ...given.flatMap(dose => state.map(v => dose * v))];
}

function rows({outcomes: {shape: [N]}}: History, of: (i: number) => readonly number[]): NdArray {
  const all = Array.from({length: N}, (_, i) => of(i));
  return ndarray([N, all[0].length], Float64Array.from(all.flat()));
}

function applied({weights, intercept}: RidgeFit, {shape: [N, d], data}: NdArray): Float64Array {
  return Float64Array.from({length: N}, (_, i) =>
    weights.reduce((sum, w, k) => sum + w * data[i * d + k], intercept));
}
