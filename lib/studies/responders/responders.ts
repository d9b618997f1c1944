import {expect, expectWhole} from '../../errors';
import {
  simulatedCohort, trajectories, type Cohort, type GridTrajectories, type History, type Plan, type Simulated,
} from '../../data';
import {bernoulli, fold, ndarray, normal, type NdArray, type Rng} from '../../math';
import {fieldOf, inputDependent} from '../../systems';

/** Numbers of {@link respondersCohort}; the closed forms need the same ones. */
export interface RespondersOptions {
  /** Patients, >= 1; default 1000. */
  readonly units?: number;
  /** How strongly the clinician, who sees x2, lets it decide: treats with probability `sigmoid(preference x2)`, >= 0; default 2. */
  readonly preference?: number;
  /** Dose that everybody gets in the first interval, >= 0; default 0: no test. */
  readonly testDose?: number;
  /** Standard deviation of the measurement error, > 0; default 0.3. */
  readonly noise?: number;
  /** Sets the doses of the last two intervals, whatever the clinician thinks: an intervention. Default none. */
  readonly plan?: readonly [number, number];
}

/** Times 0 ... 4; the decision is at index {@link RESPONDERS_DECISION}. */
export interface RespondersRun extends Simulated {
  /** `response` `[units]`: x2, +1 or -1. `level` `[units, 5]`: x1 without measurement error. */
  readonly truth: {readonly response: NdArray; readonly level: NdArray};
}

/** Patients and what no record holds. */
export type RespondersCohort = Cohort<RespondersRun>;

/** Index of the first time at which the clinician decides. */
export const RESPONDERS_DECISION = 2;

/** Rates of (x1, x2). They change only with the dose, so that a step of their own length is exact. */
const rates = fieldOf(inputDependent);

const TIMES = 5, START_SD = 1, DEFAULTS = {units: 1000, preference: 2, testDose: 0, noise: 0.3};

/**
 * The input-dependent system `x1' = a x2, x2' = 0` seen as `y = x1 + error` at times 0 ... 4. Everybody gets the test
 * dose in the first interval and nothing in the second; then a clinician who sees x2 doses 0 or 1, twice. The same
 * `rng` with and without a plan gives the same patients and errors.
 * @throws ArgumentError for options outside their ranges
 * @paper equation (3), with a policy that depends on the hidden part of the state
 */
export function respondersCohort(rng: Rng, options: RespondersOptions = {}): RespondersCohort {
  const {units, preference, testDose, noise, plan} = checked(options);
  const response = Float64Array.from(bernoulli(fold(rng, 'x2'), units, 0.5), b => 2 * b - 1);
  const seen = Array.from(response, s => 1 / (1 + Math.exp(-preference * s)));
  const start = normal(fold(rng, 'x1'), units, {sd: START_SD});
  const error = normal(fold(rng, 'error'), units * TIMES, {sd: noise});
  const chosen = [0, 1].map(k => bernoulli(fold(fold(rng, 'clinician'), k), units, seen));
  const dose = (i: number, t: number) =>
    (t === 0 ? testDose : t < RESPONDERS_DECISION || t === TIMES - 1 ? 0 : plan ? plan[t - 2] : chosen[t - 2][i]);
  const name = `responders, preference ${preference}, test dose ${testDose}${plan ? `, doses set to ${plan}` : ''}`;
  return simulatedCohort(({treatment, times, quietFrom}) => {
    const shape = [units, times, 1], level = ndarray([units, times]), doses = ndarray(shape), outcomes = ndarray(shape);
    for (let i = 0, at = 0; i < units; i++) for (let t = 0; t < times; t++, at++) {
      doses.data[at] = treatment(i, t)?.[0] ?? dose(i, t);
      if (t === 0) level.data[at] = start[i];
      else level.data[at] = level.data[at - 1] + rates([level.data[at - 1], response[i]], [doses.data[at - 1]])[0];
      outcomes.data[at] = level.data[at] + (t > quietFrom ? 0 : error[i * TIMES + t]);
    }
    return {trajectories: recorded(name, outcomes, doses), truth: {response: ndarray([units], response), level}};
  }, TIMES);
}

/**
 * The mean outcome under a plan by equation (4), in closed form: p(z | history) holds x1 and x2 = +-1 (Bayes' rule for
 * two Gaussians), each is carried along the plan, and the outcomes are averaged. Doses in the history tell nothing by
 * themselves: all were set by protocol.
 * @returns `[units, steps]`, row-major
 * @throws ArgumentError for options outside their ranges
 * @paper equation (4)
 */
export function respondersAdjusted(history: History, plan: Plan, options: RespondersOptions = {}): Float64Array {
  return averaged(history, plan, options, () => 0);
}

/**
 * The mean of the *recorded* outcome given history and the doses that followed: what a squared loss on records asks
 * for. It differs from {@link respondersAdjusted} by taking the clinician's choices as evidence on x2.
 * @returns `[units, steps]`, row-major
 * @throws ArgumentError for options outside their ranges
 */
export function respondersRecorded(history: History, plan: Plan, options: RespondersOptions = {}): Float64Array {
  const {preference} = checked(options);
  return averaged(history, plan, options, doses => preference * doses.reduce((s, a) => s + 2 * a - 1, 0));
}

/** Log odds of x2 = +1 are those from outcomes plus `evidence` from the doses up to each step. */
function averaged(
  history: History, plan: Plan, options: RespondersOptions, evidence: (doses: readonly number[]) => number,
): Float64Array {
  const {noise} = checked(options), [units, times] = history.outcomes.shape, [, steps] = plan.treatments.shape;
  const shrink = START_SD ** 2 / (noise ** 2 + times * START_SD ** 2), out = new Float64Array(units * steps);
  for (let i = 0; i < units; i++) {
    const y = Array.from(history.outcomes.data.subarray(i * times, (i + 1) * times));
    const given = runningSum(history.treatments.data.subarray(i * (times - 1), i * (times - 1) + times - 1));
    const total = sum(y);
    const odds = 2 * sum(given.map((v, k) => v * (y[k] - shrink * total))) / noise ** 2;
    const doses = Array.from(plan.treatments.data.subarray(i * steps, (i + 1) * steps));
    for (let k = 0; k < steps; k++) {
      const response = Math.tanh((odds + evidence(doses.slice(0, k + 1))) / 2);
      const received = given[times - 1] + sum(doses.slice(0, k + 1));
      out[i * steps + k] = shrink * (total - response * sum(given)) + response * received;
    }
  }
  return out;
}

/** Dose received by each time of the history, 0 at the first. */
function runningSum(doses: ArrayLike<number>): number[] {
  const given = [0];
  for (let k = 0; k < doses.length; k++) given.push(given[k] + doses[k]);
  return given;
}

function checked(
  options: RespondersOptions,
): Required<Omit<RespondersOptions, 'plan'>> & Pick<RespondersOptions, 'plan'> {
  const all = {...DEFAULTS, ...options}, {units, preference, testDose, noise} = all;
  expectWhole('respondersCohort', {units});
  expect(preference >= 0 && Number.isFinite(preference), {
    fn: 'respondersCohort', argument: 'preference', expected: 'a number >= 0', received: preference,
  });
  expect(testDose >= 0 && Number.isFinite(testDose), {
    fn: 'respondersCohort', argument: 'testDose', expected: 'a number >= 0', received: testDose,
  });
  expect(noise > 0 && Number.isFinite(noise), {
    fn: 'respondersCohort', argument: 'noise', expected: 'a number > 0', received: noise,
  });
  return all;
}

function recorded(name: string, outcomes: NdArray, doses: NdArray): GridTrajectories {
  const [units, times] = outcomes.shape;
  return trajectories({
    name, timeUnit: 'd', time: Float64Array.from({length: times}, (_, t) => t), outcomes, treatments: doses,
    observed: ndarray(outcomes.shape, new Float64Array(units * times).fill(1)), statics: ndarray([units, 0]),
    channels: {outcomes: [{name: 'level', unit: '1'}], treatments: [{name: 'dose', unit: '1/d'}], statics: []},
  });
}

const sum = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0);
