import type {History, Plan} from '../../../data/history';
import type {PatientRecord} from './expected';

/** One patient's record out of a question; of equal outcome columns the first. */
export function recordAt({outcomes, treatments}: History, plan: Plan | undefined, i: number): PatientRecord {
  const [, known, dy] = outcomes.shape, before = 2 * (known - 1), ahead = plan ? 2 * plan.treatments.shape[1] : 0;
  const given = new Float64Array(before + ahead);
  given.set(treatments.data.subarray(i * before, (i + 1) * before));
  if (plan) given.set(plan.treatments.data.subarray(i * ahead, (i + 1) * ahead), before);
  return {
    outcomes: Float64Array.from({length: known}, (_, t) => outcomes.data[(i * known + t) * dy]), treatments: given,
  };
}
