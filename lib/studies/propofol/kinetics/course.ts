import {expm} from '../../../math';
import {rateConstants, type Compartments} from './compartments';
import {expectDosing, type Dosing} from './dosing';

/** Blood, tissues and the effect site over time. */
export interface Course {
  /** `[m]` [min] */
  readonly times: Float64Array;
  /** `[m]`: concentrations in blood and at the effect site [mg/L]. */
  readonly plasma: Float64Array;
  readonly effect: Float64Array;
  /** `[m][4]`: amounts in the three compartments [mg], concentration at the effect site. */
  readonly states: readonly Float64Array[];
}

/**
 * The course of all states, exactly: infusions are constant between events, so the matrix exponential of the system
 * with its input carries the state over; a bolus is a jump. Slower than `plasma`, and a check on it.
 * @param times `[m]` [min], none before the one before it
 * @throws ArgumentError for times that go back, negative doses, or compartments that cannot be
 */
export function course(compartments: Compartments, dosing: Dosing, times: ArrayLike<number>): Course {
  expectDosing('course', dosing, times);
  const {time, rate, bolus} = dosing, n = time.length, carry = propagator(compartments), states: Float64Array[] = [];
  let state: Float64Array = new Float64Array(4), at = 0;
  for (; at < times.length && times[at] < time[0]; at++) states.push(new Float64Array(4));
  for (let k = 0; k < n; k++) {
    state = Float64Array.from(state);
    state[0] += bolus[k];
    const end = k + 1 < n ? time[k + 1] : Infinity;
    for (; at < times.length && times[at] < end; at++) states.push(carry(state, rate[k], times[at] - time[k]));
    if (k + 1 < n) state = carry(state, rate[k], end - time[k]);
  }
  return Object.freeze({
    times: Float64Array.from(times), states: Object.freeze(states),
    plasma: Float64Array.from(states, ([x1]) => x1 / compartments.v1), effect: Float64Array.from(states, s => s[3]),
  });
}

/** From a state under an infusion to the state `dt` later. */
function propagator(compartments: Compartments) {
  const {k10, k12, k21, k13, k31} = rateConstants(compartments), {ke0, v1} = compartments;
  const matrix = (u: number, dt: number) => [
    [-(k10 + k12 + k13), k21, k31, 0, u], [k12, -k21, 0, 0, 0], [k13, 0, -k31, 0, 0], [ke0 / v1, 0, 0, -ke0, 0],
    [0, 0, 0, 0, 0],
  ].map(row => row.map(v => v * dt));
  return (state: Float64Array, u: number, dt: number): Float64Array => {
    const power = expm(matrix(u, dt));
    return state.map((_, i) => state.reduce((sum, x, j) => sum + power.get(i, j) * x, power.get(i, 4)));
  };
}
