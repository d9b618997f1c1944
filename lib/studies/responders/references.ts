import {historyAt, planAt, type GridTrajectories} from '../../data';
import {ndarray, ridge, type NdArray} from '../../math';
import {RESPONDERS_DECISION as DECISION, type RespondersCohort} from './responders';

/** Doses after the decision, and so steps of a forecast. */
const STEPS = 2;

/**
 * The regression that forgets why doses were given: the last outcome on the outcome at the decision and both doses, by
 * least squares on training records.
 * @returns forecasts of the last outcome of other patients, given again for the step before: `[units, 2]`, row-major
 */
export function respondersNaive(training: GridTrajectories): (asked: GridTrajectories) => Float64Array {
  const {outcomes: {data: y, shape: [n, times]}} = training;
  const last = Float64Array.from({length: n}, (_, i) => y[(i + 1) * times - 1]);
  const {weights, intercept} = ridge(features(training), last, 1e-6);
  return asked => {
    const x = features(asked), [units, columns] = x.shape;
    return Float64Array.from({length: STEPS * units}, (_, k) => {
      const row = x.data.subarray(Math.floor(k / STEPS) * columns);
      return weights.reduce((s, w, j) => s + w * row[j], intercept);
    });
  };
}

/** Outcome at the decision and the doses planned from there, `[units, 3]`. */
function features(trajectories: GridTrajectories): NdArray {
  const {outcomes: {data: y, shape: [n, known]}} = historyAt(trajectories, DECISION);
  const {treatments: {data: a}} = planAt(trajectories, DECISION, STEPS);
  const rows = Array.from({length: n}, (_, i) =>
    [y[(i + 1) * known - 1], ...a.subarray(i * STEPS, (i + 1) * STEPS)]);
  return ndarray([n, 1 + STEPS], Float64Array.from(rows.flat()));
}

/** What only the simulator knows: the level without measurement error. `[units, 2]`, row-major. */
export function respondersOracle({truth: {level: {data, shape: [units, times]}}}: RespondersCohort): Float64Array {
  return Float64Array.from({length: STEPS * units}, (_, k) =>
    data[Math.floor(k / STEPS) * times + DECISION + 1 + k % STEPS]);
}
