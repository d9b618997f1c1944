import {expect} from '../../errors';
import {simulatedCohort, trajectories, type Cohort, type GridTrajectories, type Simulated} from '../../data';
import {fold, ndarray, normal, type NdArray, type Rng} from '../../math';
import {asStates, swing} from './dynamics';

/** Numbers of {@link confoundedPendulum}. */
export interface ConfoundedPendulumOptions {
  /** Patients, >= 1; default 600. */
  readonly units?: number;
  /** Time points, >= 2; default 10. */
  readonly steps?: number;
  /** Weight of the hidden confounder in the policy, >= 0; default 1. */
  readonly confounding?: number;
  /** Standard deviation of the outcome's disturbance ε, >= 0; default 0.4. */
  readonly outcomeNoise?: number;
  /** Sets the treatment to `dose` from time index `from` on, whatever the policy says: an intervention. Default none. */
  readonly plan?: {readonly from: number; readonly dose: number};
}

/** Pendulums seen every half unit of time. */
export interface PendulumRun extends Simulated {
  /** `state` `[N, T, 2]`: angle [rad] and speed [rad/s]. `disturbance` `[N, T]`: ε. */
  readonly truth: {readonly state: NdArray; readonly disturbance: NdArray};
}

/**
 * Damped pendulums `θ' = ω, ω' = -sin θ - 0.3 ω + a`, seen as `y = θ + noise ε` every half unit of time, under the
 * policy `a = -0.8 y + confounding ε + extra`. The same `rng` with and without a plan gives the same patients and
 * disturbances.
 * @throws ArgumentError for sizes that make no sense, or a plan that is none
 * @paper equation (3) with a hidden confounder that is fresh at each time
 */
export function confoundedPendulum(rng: Rng, options: ConfoundedPendulumOptions = {}): Cohort<PendulumRun> {
  const {units, steps, confounding, outcomeNoise, plan} = checked(options);
  const start = asStates(normal(fold(rng, 'start'), 2 * units, {sd: 0.8}));
  const hidden = Array.from({length: steps}, (_, t) => normal(fold(fold(rng, 'ε'), t), units));
  const extra = hidden.map((_, t) => normal(fold(fold(rng, 'policy'), t), units, {sd: 0.5}));
  const name = `pendulum, confounding ${confounding}${plan ? `, dose ${plan.dose} from index ${plan.from}` : ''}`;
  return simulatedCohort(({treatment, times, quietFrom}) => {
    const shape = [units, times, 1], outcomes = ndarray(shape), treatments = ndarray(shape);
    const states = ndarray([units, times, 2]), disturbance = ndarray([units, times]);
    const policy = (i: number, t: number, y: number) =>
      (plan && t >= plan.from ? plan.dose : -0.8 * y + confounding * hidden[t][i] + extra[t][i]);
    for (let t = 0, state = start; t < times; t++) {
      for (let i = 0, at = t; i < units; i++, at += times) {
        states.data.set(state.subarray(2 * i, 2 * i + 2), 2 * at);
        disturbance.data[at] = hidden[t][i];
        outcomes.data[at] = state[2 * i] + (t > quietFrom ? 0 : outcomeNoise * hidden[t][i]);
        treatments.data[at] = treatment(i, t)?.[0] ?? policy(i, t, outcomes.data[at]);
      }
      state = swing(state, treatments.data.filter((_, k) => k % times === t), 0.125);
    }
    return {trajectories: recorded(name, outcomes, treatments), truth: {state: states, disturbance}};
  }, steps);
}

function checked({units = 600, steps = 10, confounding = 1, outcomeNoise = 0.4, plan}: ConfoundedPendulumOptions) {
  const fn = 'confoundedPendulum';
  expect(Number.isInteger(units) && units >= 1 && Number.isInteger(steps) && steps >= 2, {
    fn, argument: 'options', expected: 'whole numbers units >= 1 and steps >= 2', received: [units, steps],
  });
  expect(plan === undefined || (Number.isInteger(plan.from) && plan.from >= 0 && Number.isFinite(plan.dose)), {
    fn, argument: 'plan', expected: 'a time index from >= 0 and a finite dose',
    received: plan && [plan.from, plan.dose],
  });
  return {units, steps, confounding, outcomeNoise, plan};
}

function recorded(name: string, outcomes: NdArray, treatments: NdArray): GridTrajectories {
  const [units, times] = outcomes.shape;
  return trajectories({
    name, timeUnit: 's', time: Float64Array.from({length: times}, (_, t) => t / 2), outcomes, treatments,
    observed: ndarray(outcomes.shape, new Float64Array(units * times).fill(1)), statics: ndarray([units, 0]),
    channels: {outcomes: [{name: 'angle', unit: 'rad'}], treatments: [{name: 'torque', unit: '1/s²'}], statics: []},
  });
}
