import type {GridHistory, GridPlan} from '../../data/history';
import {ndarray, type NdArray} from '../../math/ndarray';

/** The first `count` steps of a plan. */
export const firstSteps = (plan: GridPlan, count: number): GridPlan => steps(plan, 0, count);

/** Step `k` of a plan, alone. */
export const stepOf = (plan: GridPlan, k: number): GridPlan => steps(plan, k, k + 1);

function steps({time, treatments: {shape: [N, s, da], data}}: GridPlan, from: number, to: number): GridPlan {
  const out = new Float64Array(N * (to - from) * da);
  for (let i = 0; i < N; i++) out.set(data.subarray((i * s + from) * da, (i * s + to) * da), i * (to - from) * da);
  return {time: time.slice(from, to + 1), treatments: ndarray([N, to - from, da], out)};
}

/** A history one step later, as if `outcomes`, `[N, dy]`, had been measured there. */
export function continued(history: GridHistory, step: GridPlan, outcomes: NdArray): GridHistory {
  const [N, dy] = outcomes.shape, seen = ndarray([N, dy], new Float64Array(N * dy).fill(1));
  return {
    time: Float64Array.of(...history.time, step.time[1]), statics: history.statics,
    outcomes: appended(history.outcomes, outcomes), observed: appended(history.observed, seen),
    treatments: appended(history.treatments, step.treatments),
  };
}

/** `[N, T, d]` and one row a unit more. */
function appended({shape: [N, T, d], data}: NdArray, rows: NdArray): NdArray {
  const out = new Float64Array(N * (T + 1) * d);
  for (let i = 0; i < N; i++) {
    out.set(data.subarray(i * T * d, (i + 1) * T * d), i * (T + 1) * d);
    out.set(rows.data.subarray(i * d, (i + 1) * d), (i * (T + 1) + T) * d);
  }
  return ndarray([N, T + 1, d], out);
}
