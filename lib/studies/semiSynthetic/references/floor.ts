import type {History, Plan} from '../../../data/history';
import {expectPlan} from '../../../data/question';
import {targetTimes, timesIn} from '../../../data/times';
import {expect} from '../../../errors';
import {ndarray} from '../../../math/ndarray';
import type {FittedForecaster, Forecaster} from '../../../models/forecaster';
import type {SemiSyntheticCohort} from '../cohort';
import {expectedOutcomes, residualLaw, type HiddenPart} from './expected';
import {recordAt} from './record';

/**
 * How much a floor is told of the hidden confounders: up to t_c, after which they stay as they are, or at all times.
 */
export type FloorKnowledge = 'up to t_c' | 'at all times';

/**
 * Expected outcomes with all functions, each patient's spline and the hidden confounders known: what is left is the
 * patient's own path and noise (and, for `'up to t_c'`, how the confounders move on). No method can know these; they
 * are floors, not rivals. It recognises the patients of `cohort`, and their twins, by their first outcome and refuses
 * all others.
 * @throws ArgumentError for another `knowledge`; from `forecast`: for patients of another cohort
 */
export function semiSyntheticFloor(cohort: SemiSyntheticCohort, knowledge: FloorKnowledge): Forecaster {
  const fn = 'semiSyntheticFloor', name = `confounders known ${knowledge}`;
  expect(['up to t_c', 'at all times'].includes(knowledge), {
    fn, argument: 'knowledge', expected: "'up to t_c' or 'at all times'", received: knowledge,
  });
  const {outcomes} = cohort.trajectories, width = outcomes.data.length / outcomes.shape[0];
  const patients = new Map(Array.from(cohort.stays, (_, i) => [outcomes.data[i * width], i]));
  const forecast = async (history: History, plan: Plan) => {
    expectPlan(name, history, plan);
    const [N, s] = plan.treatments.shape, c = timesIn(history.time) - 1, dy = outcomes.shape[2],
      out = new Float64Array(N * s * dy);
    const law = residualLaw(cohort.world, c);
    for (let i = 0; i < N; i++) {
      const record = recordAt(history, plan, i), patient = patients.get(record.outcomes[0]);
      expect(patient !== undefined, {
        fn: `${name}.forecast`, argument: 'history', expected: 'of patients of the cohort it was made with',
          received: record.outcomes[0],
        remedy: `Row ${i} starts with this outcome.`,
      });
      const hidden = hiddenPart(cohort, patient, c + s + 1, knowledge === 'up to t_c' ? c : Infinity);
      const expected = expectedOutcomes(cohort.world, law, record, hidden);
      for (let k = 0; k < s * dy; k++) out[i * s * dy + k] = expected[Math.floor(k / dy)];
    }
    return {time: targetTimes(plan), mean: ndarray([N, s, dy], out)};
  };
  const fitted: FittedForecaster = Object.freeze({name, information: 'truth', forecast});
  return Object.freeze({name, information: 'truth', fit: async () => fitted});
}

/** The truth of one patient for `length` hours, held from hour `until` on. */
function hiddenPart({world, stays, noise}: SemiSyntheticCohort, i: number, length: number, until: number): HiddenPart {
  const T = world.path.points.length, at = (t: number) => stays[i] * T + Math.min(t, until);
  return {
    spline: noise.spline[i],
    outcomeTerm: Float64Array.from({length}, (_, t) => world.outcomeTerm.data[at(t)]),
    policyTerms: Float64Array.from({length: 2 * length}, (_, k) => world.policyTerms.data[2 * at(k >> 1) + (k & 1)]),
  };
}
