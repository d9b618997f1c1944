import {simulatedCohort, trajectories, type Cohort, type GridTrajectories, type Simulated} from '../../data';
import {expect, expectWhole} from '../../errors';
import {bernoulli, fold, ndarray, normal, type NdArray, type Rng} from '../../math';

/** Numbers of the toy; the closed forms need the same ones. */
export interface TwoStepOptions {
  /** How strongly the outcome decides treatment, finite: treated with probability `sigmoid(confounding * Y)`. 0 treats at random. Default 2. */
  readonly confounding?: number;
  /** What a treatment adds to the next outcome, finite. Default -1: treatment lowers it. */
  readonly effect?: number;
  /** Standard deviation of what happens by chance in one step, > 0. Default 1. */
  readonly noise?: number;
}

/** Options of {@link twoStepCohort}. */
export interface TwoStepCohortOptions extends TwoStepOptions {
  /** N, at least 1. Default 1000. */
  readonly units?: number;
  /** Sets both treatments whatever the outcomes are: an intervention. Default: as the policy decides. */
  readonly plan?: readonly [number, number];
}

/** Units at times 0, 1, 2; outcome `level`, treatment 0 or 1. */
export interface TwoStepRun extends Simulated {
  /** `propensity` `[units, 2]`: the probability with which the policy treats at times 0 and 1. */
  readonly truth: {readonly propensity: NdArray};
}

/** Simulated units with what is true of them. */
export type TwoStepCohort = Cohort<TwoStepRun>;

const DEFAULTS = Object.freeze({confounding: 2, effect: -1, noise: 1});

/**
 * The smallest case of time-varying confounding: two treatments, and an outcome in between that answers the first and
 * decides the second.
 *
 * `Y0 ~ N(0, 1)`, `A0 ~ Bernoulli(sigmoid(g Y0))`, `Y1 = Y0 + b A0 + e1`, `A1 ~ Bernoulli(sigmoid(g Y1))`,
 * `Y2 = Y1 + b A1 + e2`, with `e1, e2 ~ N(0, noise^2)`. The same `rng` with and without a plan gives the same units and
 * chance.
 * @throws ArgumentError for options outside their ranges
 * @reference Robins 1986, A new approach to causal inference in mortality studies with a sustained exposure period.
 * doi:10.1016/0270-0255(86)90088-6
 */
export function twoStepCohort(rng: Rng, {units = 1000, plan, ...options}: TwoStepCohortOptions = {}): TwoStepCohort {
  const {confounding, effect, noise} = twoStepNumbers('twoStepCohort', options);
  expectWhole('twoStepCohort', {units});
  expect(!plan || plan.length === 2 && plan.every(Number.isFinite), {
    fn: 'twoStepCohort', argument: 'plan', expected: 'two finite numbers', received: plan,
  });
  const chance = [0, 1].map(k => normal(fold(rng, `chance ${k}`), units, {sd: noise}));
  const start = normal(fold(rng, 'start'), units);
  const name = `two steps, confounding ${confounding}${plan ? `, treatments set to ${plan}` : ''}`;
  return simulatedCohort(({treatment, times, quietFrom}) => {
    const level = ndarray([units, times, 1]), given = ndarray([units, times, 1]), propensity = ndarray([units, 2]);
    start.forEach((y, i) => (level.data[times * i] = y));
    for (let t = 0; t < Math.min(times, 2); t++) {
      const odds = Float64Array.from({length: units}, (_, i) => sigmoid(confounding * level.data[times * i + t]));
      const chosen = bernoulli(fold(rng, `choice ${t}`), units, odds);
      for (let i = 0, at = t; i < units; i++, at += times) {
        propensity.data[2 * i + t] = odds[i];
        if (t + 1 === times) continue;
        given.data[at] = treatment(i, t)?.[0] ?? (plan ? plan[t] : chosen[i]);
        level.data[at + 1] = level.data[at] + effect * given.data[at] + (t < quietFrom ? chance[t][i] : 0);
      }
    }
    return {trajectories: recorded(name, level, given), truth: {propensity}};
  }, 3);
}

/**
 * Fills in the defaults and checks.
 * @internal
 * @throws ArgumentError naming `fn`, for options outside their ranges
 */
export function twoStepNumbers(fn: string, options: TwoStepOptions): Required<TwoStepOptions> {
  const all = {...DEFAULTS, ...options};
  for (const argument of ['confounding', 'effect'] as const)
    expect(Number.isFinite(all[argument]), {fn, argument, expected: 'a finite number', received: all[argument]});
  expect(all.noise > 0 && Number.isFinite(all.noise), {
    fn, argument: 'noise', expected: 'a number > 0', received: all.noise,
  });
  return all;
}

/** @internal */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function recorded(name: string, level: NdArray, given: NdArray): GridTrajectories {
  const {shape} = level, time = Float64Array.of(0, 1, 2).slice(0, shape[1]);
  return trajectories({
    name, time, timeUnit: 'step', outcomes: level, treatments: given,
    observed: ndarray(shape, new Float64Array(level.data.length).fill(1)), statics: ndarray([shape[0], 0]),
    channels: {outcomes: [{name: 'level', unit: '1'}], treatments: [{name: 'treated', unit: '1'}], statics: []},
  });
}
