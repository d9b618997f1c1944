import {expect} from '../errors';
import {bernoulli, fold, mean, normal, sd, type Rng} from '../math';

/** Two worlds with the same data and different truths, and what one test dose does to them. */
export interface CounterExample {
  /** Effect read off the data: mean outcome of the treated minus that of the untreated. Equal in both worlds. */
  readonly observed: number;
  /** E[y | do(a = 1)] where the clinician sees x2 and x2 is even-handed. */
  readonly knowingClinician: number;
  /** E[y | do(a = 1)] where treatment is a coin toss and x2 leans by itself. */
  readonly coinToss: number;
}

/**
 * `x1' = a x2, x2' = 0, y = x1` over one unit of time, x1(0) = 0, x2 = +1 or -1, unseen. Untreated, y stays 0 and tells
 * nothing of x2. World 1: x2 is +1 for half the patients and the clinician, who sees it, treats with probability
 * `sigmoid(preference x2)`. World 2: treatment is a coin toss and x2 = +1 with probability `sigmoid(preference)`. Both
 * give the same law of (treatment, outcome); the effect of treating everybody is 0 in one and `tanh(preference / 2)` in
 * the other.
 * @throws ArgumentError unless `preference` is finite.
 * @paper section 4.1: the state must be observable from the history
 */
export function counterExample(preference: number): CounterExample {
  expect(Number.isFinite(preference), {
    fn: 'counterExample', argument: 'preference', expected: 'a finite number', received: preference,
  });
  const lean = Math.tanh(preference / 2);
  return {observed: lean, knowingClinician: 0, coinToss: lean};
}

/** One simulated patient group of {@link sampleCounterExample}. */
export interface CounterExampleSample {
  readonly treatment: Int32Array;
  /** Outcome as it happened. */
  readonly outcome: Float64Array;
  /** Outcome of the same patients had all been treated. */
  readonly ifTreated: Float64Array;
  /** Outcome just after a test dose of length `testDose`, given to all before the clinician decides. */
  readonly afterTest: Float64Array;
}

/** Options of {@link sampleCounterExample}. */
export interface CounterExampleOptions {
  readonly world: 'knowing clinician' | 'coin toss';
  /** How strongly x2 and treatment go together; default 2. */
  readonly preference?: number;
  /** Length of the test dose, >= 0; default 0.1. */
  readonly testDose?: number;
  /** Standard deviation of the noise on each outcome, >= 0; default 0.02. */
  readonly noise?: number;
}

/** Draws `n` patients of one of the two worlds. */
export function sampleCounterExample(
  rng: Rng, n: number, {world, preference = 2, testDose = 0.1, noise = 0.02}: CounterExampleOptions,
): CounterExampleSample {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x)), knowing = world === 'knowing clinician';
  const x2 = Array.from(bernoulli(fold(rng, 'x2'), n, knowing ? 0.5 : sigmoid(preference)), b => 2 * b - 1);
  const treatment = bernoulli(fold(rng, 'treatment'), n, x2.map(x => (knowing ? sigmoid(preference * x) : 0.5)));
  const e = normal(fold(rng, 'noise'), 2 * n, {sd: noise});
  return {
    treatment,
    outcome: Float64Array.from({length: n}, (_, i) => treatment[i] * x2[i] + e[i]),
    ifTreated: Float64Array.from({length: n}, (_, i) => x2[i] + e[i]),
    afterTest: Float64Array.from({length: n}, (_, i) => testDose * x2[i] + e[n + i]),
  };
}

/** A mean with its standard error. */
export interface MeanEstimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * What can be estimated from a sample: the naive effect, the truth, and the effect adjusted for the sign of the test
 * response.
 */
export function estimateCounterExample(
  {treatment, outcome, ifTreated, afterTest}: CounterExampleSample,
): {readonly naive: MeanEstimate; readonly truth: MeanEstimate; readonly adjusted: MeanEstimate} {
  const pick = (keep: (i: number) => boolean) => outcome.filter((_, i) => keep(i));
  const groups = [1, -1].map(sign => ({
    share: mean(afterTest.map(v => (Math.sign(v) === sign ? 1 : 0))),
    treated: pick(i => treatment[i] === 1 && Math.sign(afterTest[i]) === sign),
  }));
  const parts = groups.map(g =>
    ({value: g.share * mean(g.treated), variance: g.share ** 2 * sd(g.treated) ** 2 / g.treated.length}));
  const shares = groups[0].share * groups[1].share * (mean(groups[0].treated) - mean(groups[1].treated)) ** 2
    / outcome.length;
  return {
    naive: estimateOf(pick(i => treatment[i] === 1)), truth: estimateOf(ifTreated),
    adjusted: {
      value: parts[0].value + parts[1].value, standardError: Math.sqrt(parts[0].variance + parts[1].variance + shares),
    },
  };
}

function estimateOf(values: Float64Array): MeanEstimate {
  return {value: mean(values), standardError: sd(values) / Math.sqrt(values.length)};
}
