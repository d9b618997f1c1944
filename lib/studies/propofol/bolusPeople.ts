import {expect, expectWhole} from '../../errors';
import {simulatedCohort, trajectories, type Cohort, type Simulated} from '../../data';
import {fold, ndarray, normal, uniform, type NdArray, type Rng} from '../../math';
import {ofOneKind} from './doseFor';
import type {Compartments} from './kinetics/compartments';
import {eleveld} from './kinetics/eleveld';
import type {Person} from './kinetics/person';

/** Minutes between two samples. */
export const BOLUS_STEP = 2;

/** What moves the drug, beside compartments. */
export interface BolusTruth {
  /** By what share blood seems larger at once after a bolus, >= 0; it fades by e in 1.5 min. */
  readonly mixing: number;
  /** Share of clearance that is lost at high concentrations C, in [0, 1): `CL (1 - saturation C² / (C² + 9))`. */
  readonly saturation: number;
}

/** Nothing but a bolus that takes time to mix, as by Schüttler and Ihmsen. */
export const SLOW_MIXING: BolusTruth = Object.freeze({mixing: 1.61, saturation: 0});

/** And a clearance that saturates: what six constants of compartments cannot imitate. */
export const SATURABLE: BolusTruth = Object.freeze({mixing: 1.61, saturation: 0.85});

/** Compartments and nothing else. */
export const LINEAR_KINETICS: BolusTruth = Object.freeze({mixing: 0, saturation: 0});

/** Options of {@link bolusPeople}. */
export interface BolusPeopleOptions {
  readonly rng: Rng;
  /** People, >= 1. Default 400. */
  readonly units?: number;
  /** Samples of each, one every 2 min, >= 2. Default 16. */
  readonly times?: number;
  readonly truth?: BolusTruth;
  /**
   * Compartments of a person. Default: those of Eleveld's model, times chance with half of the published standard
   * deviations.
   */
  readonly compartments?: (person: Person, rng: Rng) => Compartments;
  /** Range of ages [years]. Default 18 to 60. */
  readonly age?: readonly [low: number, high: number];
  /** Range of weights [kg]. Default 50 to 90. */
  readonly weight?: readonly [low: number, high: number];
  /** Range of boluses [mg/kg]; one comes at time 0, others at any sample with this chance. Default 0.5 to 2, 0.12. */
  readonly boluses?: BolusHabit;
  /** Other boluses from a time index on. Default none. */
  readonly later?: BolusHabit & {readonly from: number};
  /** Standard deviation of the logarithm of what is measured, >= 0. Default 0.1. */
  readonly noise?: number;
}

/** How boluses are given. */
export interface BolusHabit {
  readonly size: readonly [low: number, high: number];
  readonly chance: number;
}

/** People with boluses. */
export interface BolusRun extends Simulated {
  /** `state` `[N, T, 2]`: concentrations in blood and at the effect site [mg/L]. */
  readonly truth: {readonly state: NdArray};
}

/**
 * People who are given boluses of propofol [mg/kg], with their concentrations in blood and at the effect site; in life
 * the latter would be read from the EEG. Statics are age / 50, weight / 70 and 1 for women.
 * @throws ArgumentError for sizes that make no sense
 * @reference Schüttler, Ihmsen 2000, Population pharmacokinetics of propofol: a multicenter study.
 * doi:10.1097/00000542-200003000-00017
 */
export function bolusPeople(options: BolusPeopleOptions): Cohort<BolusRun> {
  const {rng, units = 400, times = 16, truth = SATURABLE, noise = 0.1, later} = options, fn = 'bolusPeople';
  const {boluses = {size: [0.5, 2], chance: 0.12}, compartments = usual} = options;
  expectWhole(fn, {units});
  expectWhole(fn, {times}, 2);
  expect(noise >= 0, {fn, argument: 'noise', expected: '>= 0', received: noise});
  const everybody = people(options, units), n = units * times, error = normal(fold(rng, 'noise'), 2 * n);
  const bodies = everybody.map((person, i) => compartments(person, fold(fold(rng, 'compartments'), i)));
  const [chance, share] = ['chance', 'size'].map(name => uniform(fold(rng, name), n));
  const habit = (i: number, t: number) => {
    const {size: [low, high], chance: often} = later && t >= later.from ? later : boluses, k = i * times + t;
    return t === 0 || chance[k] < often ? low + (high - low) * share[k] : 0;
  };
  return simulatedCohort(({treatment, times: T, quietFrom}) => {
    const state = ndarray([units, T, 2]), doses = ndarray([units, T, 1]), outcomes = ndarray([units, T, 2]);
    for (let i = 0; i < units; i++) {
      let x: Drug = [0, 0, 0, 0, 0];
      for (let t = 0; t < T; t++) {
        const at = i * T + t, shown = [concentration(x, bodies[i], truth), x[3]];
        state.data.set(shown, 2 * at);
        outcomes.data.set(shown.map((v, j) =>
          v * (t > quietFrom ? 1 : Math.exp(noise * error[2 * (i * times + t) + j]))), 2 * at);
        doses.data[at] = treatment(i, t)?.[0] ?? habit(i, t);
        x = later2min(x, {body: bodies[i], truth, dose: doses.data[at] * everybody[i].weight});
      }
    }
    return {trajectories: recorded(everybody, outcomes, doses), truth: {state}};
  }, times);
}

const usual = (person: Person, rng: Rng): Compartments => ofOneKind(eleveld(person), 1, rng, 0.5)[0];

function people({rng, age = [18, 60], weight = [50, 90]}: BolusPeopleOptions, units: number): Person[] {
  const drawn = (name: string) => uniform(fold(rng, name), units);
  const [ages, weights, sexes, heights] = ['age', 'weight', 'sex', 'height'].map(drawn);
  return Array.from({length: units}, (_, i) => {
    const female = sexes[i] < 0.5;
    return {
      age: age[0] + (age[1] - age[0]) * ages[i], weight: weight[0] + (weight[1] - weight[0]) * weights[i],
      sex: female ? 'female' : 'male', height: (female ? 158 : 170) + 14 * heights[i],
    };
  });
}

/** Amounts in three compartments [mg], concentration at the effect site [mg/L], share of mixing that is left. */
type Drug = readonly [number, number, number, number, number];

const concentration = ([x1, , , , mixing]: Drug, {v1}: Compartments, truth: BolusTruth) =>
  x1 / (v1 * (1 + truth.mixing * mixing));

/** Steps of classic Runge-Kutta between two samples, and how fast mixing fades [1/min]. */
const STEPS = 40, FADES = 1 / 1.5;

/** What becomes of the drug in 2 min that begin with a bolus [mg]. */
function later2min(
  before: Drug, {body, truth, dose}: {body: Compartments; truth: BolusTruth; dose: number},
): Drug {
  const h = BOLUS_STEP / STEPS, {v2, v3, cl, q2, q3, ke0} = body;
  const slope = (x: Drug): number[] => {
    const c = concentration(x, body, truth), [, x2, x3, effect, mixing] = x;
    const to2 = q2 * (c - x2 / v2), to3 = q3 * (c - x3 / v3);
    const cleared = cl * (1 - truth.saturation * c * c / (c * c + 9)) * c;
    return [-cleared - to2 - to3, to2, to3, ke0 * (c - effect), -FADES * mixing];
  };
  const moved = (x: Drug, by: readonly number[], dt: number) => x.map((v, k) => v + dt * by[k]) as unknown as Drug;
  let x: Drug = dose > 0 ? [before[0] + dose, before[1], before[2], before[3], 1] : before;
  for (let k = 0; k < STEPS; k++) {
    const a = slope(x), b = slope(moved(x, a, h / 2)), c = slope(moved(x, b, h / 2)), d = slope(moved(x, c, h));
    x = moved(x, a.map((v, j) => (v + 2 * b[j] + 2 * c[j] + d[j]) / 6), h);
  }
  return x;
}

function recorded(everybody: readonly Person[], outcomes: NdArray, treatments: NdArray) {
  const [units, T] = outcomes.shape;
  return trajectories({
    name: 'boluses of propofol', timeUnit: 'min', time: Float64Array.from({length: T}, (_, t) => t * BOLUS_STEP),
    outcomes, treatments, observed: ndarray(outcomes.shape, new Float64Array(2 * units * T).fill(1)),
    statics: ndarray([units, 3], Float64Array.from(everybody.flatMap(({age, weight, sex}) =>
      [age / 50, weight / 70, Number(sex === 'female')]))),
    channels: {
      outcomes: [{name: 'blood', unit: 'mg/L'}, {name: 'effect site', unit: 'mg/L'}],
      treatments: [{name: 'bolus', unit: 'mg/kg'}],
      statics: [{name: 'age / 50', unit: '1'}, {name: 'weight / 70', unit: '1'}, {name: 'female', unit: '1'}],
    },
  });
}
