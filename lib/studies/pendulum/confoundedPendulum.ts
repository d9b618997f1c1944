import {expect} from '../../errors';
import {trajectories, type GridTrajectories} from '../../data';
import {fold, ndarray, normal, type Rng} from '../../math';
import {odeTerm, orThrow, rk4, solve} from '../../ode';

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

/**
 * Damped pendulums `θ' = ω, ω' = -sin θ - 0.3 ω + a`, seen as `y = θ + noise ε` every half unit of time, under the policy
 * `a = -0.8 y + confounding ε + extra`. The same `rng` with and without a plan gives the same patients and disturbances.
 * @paper equation (3) with a hidden confounder that is fresh at each time
 */
export function confoundedPendulum(rng: Rng, {units = 600, steps = 10, confounding = 1, outcomeNoise = 0.4, plan}: ConfoundedPendulumOptions = {}): GridTrajectories {
  expect(Number.isInteger(units) && units >= 1 && Number.isInteger(steps) && steps >= 2, {fn: 'confoundedPendulum', argument: 'options', expected: 'whole numbers units >= 1 and steps >= 2', received: [units, steps]});
  expect(plan === undefined || (Number.isInteger(plan.from) && plan.from >= 0 && Number.isFinite(plan.dose)), {fn: 'confoundedPendulum', argument: 'plan', expected: 'a time index from >= 0 and a finite dose', received: plan && [plan.from, plan.dose]});
  const outcomes = new Float64Array(units * steps), treatments = new Float64Array(units * steps);
  let state = normal(fold(rng, 'start'), 2 * units, {sd: 0.8});
  for (let t = 0; t < steps; t++) {
    const hidden = normal(fold(fold(rng, 'ε'), t), units), extra = normal(fold(fold(rng, 'policy'), t), units, {sd: 0.5});
    for (let i = 0; i < units; i++) {
      const y = state[i] + outcomeNoise * hidden[i];
      outcomes[i * steps + t] = y;
      treatments[i * steps + t] = plan && t >= plan.from ? plan.dose : -0.8 * y + confounding * hidden[i] + extra[i];
    }
    state = swing(state, i => treatments[i * steps + t]);
  }
  return trajectories({
    name: `pendulum, confounding ${confounding}${plan ? `, dose ${plan.dose} from index ${plan.from}` : ''}`, timeUnit: 's',
    time: Float64Array.from({length: steps}, (_, t) => t / 2), outcomes: ndarray([units, steps, 1], outcomes), treatments: ndarray([units, steps, 1], treatments),
    observed: ndarray([units, steps, 1], new Float64Array(units * steps).fill(1)), statics: ndarray([units, 0]),
    channels: {outcomes: [{name: 'angle', unit: 'rad'}], treatments: [{name: 'torque', unit: '1/s²'}], statics: []},
  });
}

/** Half a unit of time: angles `[n]`, then velocities `[n]`. */
function swing(state: Float64Array, torque: (i: number) => number): Float64Array {
  const n = state.length / 2;
  const term = odeTerm<Float64Array>((_t, s) => {
    const d = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) { d[i] = s[n + i]; d[n + i] = -Math.sin(s[i]) - 0.3 * s[n + i] + torque(i); }
    return d;
  });
  return orThrow(solve(term, {solver: rk4, t0: 0, t1: 0.5, y0: state, dt: 0.125})).ys.at(-1)!;
}
