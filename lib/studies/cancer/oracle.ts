import type {History, Plan} from '../../data/history';
import {expectPlan} from '../../data/question';
import {gridOf, targetTimes} from '../../data/times';
import {expect} from '../../errors';
import {ndarray} from '../../math/ndarray';
import type {CancerCohort} from './simulator/cohort';
import {cancerVariant} from './simulator/simulate';
import type {FittedForecaster, Forecaster} from '../../models/forecaster';

/**
 * Runs the simulator itself from the outcome at t_c, with each patient's true constants and no noise. No method can know these:
 * what is left is the noise of the coming steps, the floor of every table.
 * It recognises the patients of `cohort` (and their counterfactual twins) by their first outcomes and refuses all others.
 */
export function oracle(cohort: CancerCohort): Forecaster {
  const patients = identify(cohort);
  const fitted: FittedForecaster = Object.freeze({name: 'oracle', information: 'truth', forecast: async (history: History, plan: Plan) => truth(cohort, patients, history, plan)});
  return Object.freeze({name: 'oracle', information: 'truth', fit: async () => fitted});
}

const key = (volume: number, weight: number): string => `${volume} ${weight}`;

function identify({parameters}: CancerCohort): ReadonlyMap<string, number> {
  return new Map(Array.from(parameters.initialVolume, (volume, i) => [key(volume, parameters.initialWeight[i]), i]));
}

function truth(cohort: CancerCohort, patients: ReadonlyMap<string, number>, history: History, plan: Plan) {
  expectPlan('oracle', history, plan);
  [history, plan].forEach(asked => gridOf(asked, 'oracle.forecast'));
  const [N, s] = plan.treatments.shape, known = history.outcomes.shape[1], {advance} = cancerVariant(cohort.variant);
  const out = new Float64Array(N * s * 2), state = new Float64Array(2);
  for (let i = 0; i < N; i++) {
    const row = history.outcomes.data.subarray(i * known * 2, (i + 1) * known * 2), patient = patients.get(key(row[0], row[1]));
    expect(patient !== undefined, {
      fn: 'oracle.forecast', argument: 'history', expected: 'of patients of the cohort it was made with', received: [row[0], row[1]],
      remedy: `Row ${i} starts at this volume and weight.`,
    });
    state.set(row.subarray(-2));
    for (let k = 0; k < s; k++) {
      const a = (i * s + k) * 2;
      // A volume of 0 means that the patient has recovered or died: nothing moves any more.
      if (state[0] > 0) advance(cohort.parameters, patient, state, {chemo: plan.treatments.data[a], radio: plan.treatments.data[a + 1], noiseVolume: 0, noiseWeight: 0});
      out.set(state, a);
    }
  }
  return {time: targetTimes(plan), mean: ndarray([N, s, 2], out)};
}
