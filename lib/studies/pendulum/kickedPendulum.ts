import {expect, expectWhole} from '../../errors';
import {simulatedCohort, trajectories, type Cohort, type Simulated} from '../../data';
import {fold, ndarray, normal, uniform, type NdArray, type Rng} from '../../math';

/** Seconds between two looks at a pendulum. */
export const KICK_STEP = 0.1;

/** Gravity [m/s²], as the published pendulum has it. */
export const GRAVITY = 10;

/** What friction does, and how a kick works; what a textbook leaves out. */
export interface KickedTruth {
  /** Friction `(base + covariate c) ω + drag ω |ω|` [1/s², from 1/s and 1/rad], each >= 0. */
  readonly base: number;
  readonly covariate: number;
  readonly drag: number;
  /** A kick works by `1 - loss sin² θ`, in [0, 1]. */
  readonly loss: number;
}

/** Linear friction, the same for all: what one fitted constant can repair. */
export const LINEAR_FRICTION: KickedTruth = Object.freeze({base: 0.7, covariate: 0, drag: 0, loss: 0.4});

/** Friction that depends on what is known of the pendulum and on its speed: what no one constant can repair. */
export const RICH_FRICTION: KickedTruth = Object.freeze({base: 0.2, covariate: 0.6, drag: 0.15, loss: 0.6});

/** Nothing but the textbook's pendulum. */
export const NO_FRICTION: KickedTruth = Object.freeze({base: 0, covariate: 0, drag: 0, loss: 0});

/** Options of {@link kickedPendulum}. */
export interface KickedPendulumOptions {
  readonly rng: Rng;
  /** Pendulums, >= 1. Default 500. */
  readonly units?: number;
  /** Looks at each, >= 2. Default 51. */
  readonly times?: number;
  readonly truth?: KickedTruth;
  /** Range of lengths [m]. Default 1 to 2. */
  readonly length?: readonly [low: number, high: number];
  /** Range of the size of the first angle [rad]. Default 0 to π / 6. */
  readonly angle?: readonly [low: number, high: number];
  /** Range of the size of kicks [m²/s] and how many come in a second. Default 0 to 1, 0.8. */
  readonly kicks?: {readonly size: readonly [low: number, high: number]; readonly rate: number};
  /** Other kicks from a time index on. Default none. */
  readonly later?: {
    readonly from: number; readonly size: readonly [low: number, high: number]; readonly rate: number;
  };
  /** Whether pendulums far out are kicked more often. Default false. */
  readonly confounded?: boolean;
  /** The pull of the earth [m/s²], above 0. Default 10. */
  readonly gravity?: number;
  /** Sd of the error of angle [rad] and speed [rad/s], >= 0. Default 0.02. */
  readonly noise?: number;
}

/** Pendulums with kicks. */
export interface KickedRun extends Simulated {
  /** `state` `[N, T, 2]`: angle [rad] and speed [rad/s]; `length` `[N]` [m]. */
  readonly truth: {readonly state: NdArray; readonly length: NdArray};
}

/**
 * Pendulums of unknown length that lose speed by friction and are kicked now and then: a kick a at an angle θ changes
 * the speed by `(1 - loss sin² θ) a / length²` at once. The one static is a number c in [0, 1] on which friction may
 * depend. Between looks the motion follows four classic Runge-Kutta steps.
 * @throws ArgumentError for sizes that make no sense
 * @reference Linial, Ravid, Eytan, Shalit 2021, Generative ODE modeling with known unknowns.
 * doi:10.1145/3450439.3451866
 */
export function kickedPendulum(options: KickedPendulumOptions): Cohort<KickedRun> {
  const {rng, units = 500, times = 51, truth = RICH_FRICTION, noise = 0.02, gravity = GRAVITY} = options;
  expectWhole('kickedPendulum', {units});
  expectWhole('kickedPendulum', {times}, 2);
  expect(noise >= 0, {fn: 'kickedPendulum', argument: 'noise', expected: '>= 0', received: noise});
  expect(gravity > 0, {fn: 'kickedPendulum', argument: 'gravity', expected: 'above 0', received: gravity});
  const draw = drawn(options, units, times);
  const error = normal(fold(rng, 'noise'), 2 * units * times).map(v => noise * v);
  return simulatedCohort(({treatment, times: T, quietFrom}) => {
    const outcomes = ndarray([units, T, 2]), treatments = ndarray([units, T, 1]), state = ndarray([units, T, 2]);
    for (let i = 0; i < units; i++) {
      let x: Motion = [draw.angle[i], 0];
      for (let t = 0; t < T; t++) {
        state.data.set(x, 2 * (i * T + t));
        for (let j = 0; j < 2; j++)
          outcomes.data[2 * (i * T + t) + j] = x[j] + (t > quietFrom ? 0 : error[2 * (i * times + t) + j]);
        const kick = treatment(i, t)?.[0] ?? draw.kick(i, t, x[0]);
        treatments.data[i * T + t] = kick;
        x = swung(x, {kick, length: draw.length[i], c: draw.c[i], truth, gravity});
      }
    }
    const length = ndarray([units], draw.length);
    return {trajectories: recorded({outcomes, treatments, c: draw.c}), truth: {state, length}};
  }, times);
}

type Motion = readonly [angle: number, speed: number];

/** What chance decides before anything moves. */
function drawn(options: KickedPendulumOptions, units: number, times: number) {
  const {rng, length = [1, 2], angle = [0, Math.PI / 6], kicks = {size: [0, 1], rate: 0.8}, later} = options;
  const between = (name: string, [low, high]: readonly [number, number], n = units) =>
    uniform(fold(rng, name), n).map(u => low + (high - low) * u);
  const side = (name: string, n: number) => uniform(fold(rng, name), n).map(u => (u < 0.5 ? -1 : 1));
  const sides = side('side', units), n = units * times, chance = uniform(fold(rng, 'chance'), n);
  const signs = side('sign', n), share = uniform(fold(rng, 'size'), n);
  return {
    length: between('length', length), c: uniform(fold(rng, 'c'), units),
    angle: between('angle', angle).map((v, i) => v * sides[i]),
    kick(i: number, t: number, now: number): number {
      const {size: [low, high], rate} = later && t >= later.from ? later : kicks, k = i * times + t;
      const often = options.confounded ? 2 / (1 + Math.exp(-4 * (Math.abs(now) - 0.3))) : 1;
      return chance[k] < rate * KICK_STEP * often ? signs[k] * (low + (high - low) * share[k]) : 0;
    },
  };
}

/** Angle and speed one step later. */
function swung(
  [angle, speed]: Motion, {kick, length, c, truth, gravity}: {
    kick: number; length: number; c: number; truth: KickedTruth; gravity: number;
  },
): Motion {
  const {base, covariate, drag, loss} = truth, h = KICK_STEP / 4;
  const force = (q: number, v: number) =>
    -gravity / length * Math.sin(q) - (base + covariate * c) * v - drag * v * Math.abs(v);
  let q = angle, v = speed + (1 - loss * Math.sin(angle) ** 2) * kick / length ** 2;
  for (let k = 0; k < 4; k++) {
    const a1 = force(q, v), q2 = q + h / 2 * v, v2 = v + h / 2 * a1, a2 = force(q2, v2);
    const q3 = q + h / 2 * v2, v3 = v + h / 2 * a2, a3 = force(q3, v3), q4 = q + h * v3, v4 = v + h * a3;
    q += h / 6 * (v + 2 * v2 + 2 * v3 + v4);
    v += h / 6 * (a1 + 2 * a2 + 2 * a3 + force(q4, v4));
  }
  return [q, v];
}

function recorded({outcomes, treatments, c}: {outcomes: NdArray; treatments: NdArray; c: Float64Array}) {
  const [units, T] = outcomes.shape;
  return trajectories({
    name: 'kicked pendulum', timeUnit: 's', time: Float64Array.from({length: T}, (_, t) => t * KICK_STEP), outcomes,
    treatments, observed: ndarray(outcomes.shape, new Float64Array(2 * units * T).fill(1)),
    statics: ndarray([units, 1], c),
    channels: {
      outcomes: [{name: 'angle', unit: 'rad'}, {name: 'speed', unit: 'rad/s'}],
      treatments: [{name: 'kick', unit: 'm²/s'}], statics: [{name: 'covariate', unit: '1'}],
    },
  });
}
