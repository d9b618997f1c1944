import {odeTerm, orThrow, rk4, solve} from '../../ode';
import {fieldOf, pendulumSystem} from '../../systems';

/** The pendulums of this study: gravity over length is 1. */
const field = fieldOf(pendulumSystem, {g: 1, d: 0.3});

/**
 * N pendulums half a unit of time later, by classic Runge-Kutta steps.
 * @param states `[N * 2]`, angle and speed of one after the other
 * @param torque `[N]`, constant meanwhile
 * @param dt step, at most half a unit
 */
export function swing(states: Float64Array, torque: Float64Array, dt: number): Float64Array {
  const term = odeTerm<Float64Array>((_t, s) => field(s, torque));
  return orThrow(solve(term, {solver: rk4, t0: 0, t1: 0.5, y0: states, dt})).ys.at(-1)!;
}

/** Numbers drawn as all angles, then all speeds, in the order of states: `[N * 2]`. */
export function asStates(draws: Float64Array): Float64Array {
  const n = draws.length / 2;
  return Float64Array.from(draws, (_, k) => draws[(k % 2) * n + (k >> 1)]);
}
