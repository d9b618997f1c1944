import {expect, expectWhole} from '../errors';
import type {NdArray} from '../math/ndarray';
import type {GridTrajectories} from './trajectories';

/** One run of a simulator. */
export interface Simulated {
  readonly trajectories: GridTrajectories;
  /** What no record holds, by name: hidden states, constants, propensities. Each `[N, ...]`. */
  readonly truth: Readonly<Record<string, NdArray>>;
}

/** Who decides in a run of a simulator, how long it lasts and where chance ends. */
export interface Scenario {
  /**
   * Treatment `[da]` that is set in the interval from index `t` on, whatever the simulator's policy says; undefined
   * where that decides.
   */
  readonly treatment: (unit: number, t: number) => ArrayLike<number> | undefined;
  /** How many of the simulator's times are simulated, from the first on. */
  readonly times: number;
  /** From this index on nothing happens by chance: steps that start there and outcomes after it carry no noise. */
  readonly quietFrom: number;
}

/** Options of `twins`. */
export interface TwinsOptions {
  /** Noise after the decision: the units' own, or none. Default `'same'`. */
  readonly noise?: 'same' | 'none';
}

/**
 * Simulated units. Models get `trajectories`; the rest is for references and tests.
 *
 * `twins(decision, plan)` are the same units with the same noise before and after the decision, treated as they were
 * up to index `decision` and by `plan` `[N, s, da]` from then on; they end s steps later. A plan holds treatments as
 * the trajectories record them.
 */
export type Cohort<S extends Simulated = Simulated> = S & {
  /** The same units under another plan, see above. */
  readonly twins: (decision: number, plan: NdArray, options?: TwinsOptions) => Cohort<S>;
};

/**
 * Makes a cohort of a simulator.
 * @param simulate a pure function of the scenario: random numbers are drawn before or from generators of their own, so
 *   that every run has the same units and noise
 * @param times T, how long the units are followed when nobody intervenes
 * @throws ArgumentError, from `twins`: for a plan of another shape, with numbers that are not finite, or that outlasts
 *   the simulator
 */
export function simulatedCohort<S extends Simulated>(simulate: (scenario: Scenario) => S, times: number): Cohort<S> {
  return cohortUnder({treatment: () => undefined, times, quietFrom: Infinity});

  function cohortUnder(scenario: Scenario, name?: string): Cohort<S> {
    const run = simulate(scenario), {trajectories: series} = run;
    const trajectories = Object.freeze({...series, name: name ?? series.name});
    return Object.freeze({
      ...run, trajectories,
      twins(decision: number, plan: NdArray, {noise = 'same'}: TwinsOptions = {}) {
        expectTwins(trajectories, decision, plan, times);
        return cohortUnder(planned(scenario, decision, plan, noise), `${trajectories.name}, twins from ${decision}`);
      },
    });
  }
}

/** The scenario up to the decision, then the plan. */
function planned(before: Scenario, decision: number, plan: NdArray, noise: 'same' | 'none'): Scenario {
  const {shape: [, s, da], data} = plan, row = (k: number) => data.subarray(k * da, (k + 1) * da);
  const set = (unit: number, k: number) => (k < s ? row(unit * s + k) : undefined);
  return {
    treatment: (unit, t) => (t < decision ? before.treatment(unit, t) : set(unit, t - decision)),
    times: decision + s + 1,
    quietFrom: noise === 'none' ? Math.min(decision, before.quietFrom) : before.quietFrom,
  };
}

function expectTwins({outcomes, treatments}: GridTrajectories, decision: number, plan: NdArray, times: number): void {
  const {shape, data} = plan, [N, T] = outcomes.shape, da = treatments.shape[2], fn = 'twins';
  const most = times - 1 - decision;
  expectWhole(fn, {decision}, 0, Math.min(T - 1, times - 2));
  const [n, s, width] = shape;
  expect(shape.length === 3 && n === N && width === da && s >= 1 && s <= most, {
    fn, argument: 'plan', expected: `of shape [${N}, s, ${da}] with s in [1, ${most}]`, received: shape,
  });
  const bad = data.findIndex(v => !Number.isFinite(v));
  expect(bad < 0, {
    fn, argument: 'plan', expected: 'finite everywhere', received: data[bad],
    remedy: `Its place has flat index ${bad}.`,
  });
}
