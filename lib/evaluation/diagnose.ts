import {historyAt, planAt, targetsAt, unitsAt} from '../data/cut';
import type {Forecast} from '../data/history';
import {countOf} from '../data/times';
import type {Trajectories} from '../data/trajectories';
import {expect, expectWhole, isWhole} from '../errors';
import type {NdArray} from '../math/ndarray';
import type {FittedForecaster} from '../models/forecaster';
import {byTime, type Plans, type ScoredDecision} from './protocol';

/** A way in which a model can be lost while its error still looks like a number. */
export type Failure = 'diverged' | 'not finite' | 'ran away' | 'collapsed to the mean' | 'collapsed to the last value'
  | 'blind to the plan' | 'exploding weights';

/** One thing that is wrong with a model, and what to try. */
export interface Finding {
  readonly forecaster: string;
  readonly failure: Failure;
  /** The number behind it, in words. */
  readonly evidence: string;
  readonly advice: string;
}

/** Options of {@link diagnose}. */
export interface DiagnoseOptions {
  /** Decision index, or a time in the data's unit. Default index 8. */
  readonly decision?: ScoredDecision;
  /** Step ahead that is looked at, >= 1; after a time, a duration. Default 6. */
  readonly horizon?: number;
  /** A model whose forecasts vary less than this share of what the truth varies is lost; in (0, 1). Default 0.1. */
  readonly share?: number;
  /**
   * Counterfactual plans; with them the model is also asked whether the plan moves its forecasts. At least two a
   * decision.
   */
  readonly plans?: Plans;
}

const ADVICE: Readonly<Record<Failure, string>> = {
  'diverged': 'Lower the learning rate, set clipNorm, or look for extreme values in the data.',
  'not finite':
    'Look for a logarithm or division of zero in the model, and for outcomes far outside the training data.',
  'ran away': 'Train longer or at a lower rate, limit what is fed back, or average draws on the transformed scale.',
  'collapsed to the mean':
    'Weaken the balancing or the regularisation, or train longer: the forecasts no longer depend on the unit.',
  'collapsed to the last value':
    'Train longer or at a higher rate: the head that adds the change has not left its start.',
  'blind to the plan':
    'Check that the plan enters the decoder, and weaken the balancing: the forecasts no longer depend on treatment.',
  'exploding weights': 'Truncate the weights more, use stabilised numerators that know the history, or ask about '
    + 'plans nearer to the data.',
};

/**
 * Looks for the ways in which a model is lost without an error message. Findings are to be shown beside the model's
 * numbers, or instead of them; an empty list means that none of these was found, not that the model is good.
 * @throws ArgumentError for options out of range or a decision at which fewer than two units are measured with a
 * target
 */
export async function diagnose(
  fitted: FittedForecaster, test: Trajectories, options: DiagnoseOptions = {},
): Promise<Finding[]> {
  const {decision = 8, horizon = 6, share = 0.1, plans} = options, T = test.outcomes.shape[1], fn = 'diagnose';
  expect(share > 0 && share < 1, {fn, argument: 'share', expected: 'in (0, 1)', received: share});
  if (!byTime(decision)) {
    expectWhole(fn, {decision}, 0, T - 2);
    expect(isWhole(horizon, 1, T - 1 - decision), {
      fn, argument: 'horizon', expected: `in [1, ${T - 1 - decision}] and whole, from decision ${decision}`,
      received: horizon,
    });
  } else expect(horizon > 0 && horizon < Infinity, {
    fn, argument: 'horizon', expected: 'a duration > 0', received: horizon,
  });
  const about = (data: Trajectories) => answer(fitted, data, decision, horizon);
  const found = fitted.weigh && !byTime(decision) ? weighed(await fitted.weigh(test, {decision, horizon}), share) : [];
  const factual = await about(test);
  if (!factual.forecast.every(Number.isFinite)) found.push([
    'not finite', `${factual.forecast.filter(v => !Number.isFinite(v)).length} forecasts are not finite`,
  ]);
  else found.push(...ranAway(factual, share), ...collapsed(factual, share));
  if (plans) found.push(...blind(await Promise.all(plans.at(test, decision).map(about)), share));
  return found.map(([failure, evidence]) =>
    Object.freeze({forecaster: fitted.name, failure, evidence, advice: ADVICE[failure]}));
}

/** The finding of a fit that ended in an error. */
export function failedFit(forecaster: string, error: Error): Finding {
  return Object.freeze({forecaster, failure: 'diverged', evidence: error.message, advice: ADVICE.diverged});
}

type Found = readonly [Failure, string];

/** Outcome 0 at one step ahead, for units measured there. */
interface Answer {
  readonly forecast: readonly number[];
  readonly truth: readonly number[];
  readonly last: readonly number[];
  readonly units: readonly number[];
}

/**
 * After an index: the step `horizon` ahead, for units measured at the decision, too. After a time: each unit's last
 * measured time within the horizon, and its last measurement before the decision.
 */
async function answer(
  fitted: FittedForecaster, data: Trajectories, decision: ScoredDecision, horizon: number,
): Promise<Answer> {
  const asked = unitsAt(data, decision, horizon), byIndex = !byTime(decision);
  expectEnough(asked, decision);
  const history = historyAt(data, decision, {units: asked}), plan = planAt(data, decision, horizon, {units: asked});
  const target = targetsAt(data, decision, horizon, {units: asked});
  const {mean}: Forecast = await fitted.forecast(history, plan);
  const [rows, steps, dy] = target.outcomes.shape, known = history.outcomes.shape[1];
  const ahead = (i: number) => i * steps + (byIndex ? horizon - 1 : lastSeen(target.observed, i, steps - 1));
  const now = (i: number) => i * known + (byIndex ? countOf(history, i) - 1 : lastSeen(history.observed, i, known - 1));
  const seen = (array: NdArray, place: number) => array.data[place * dy] !== 0;
  const found = Array.from({length: byIndex && horizon > steps ? 0 : rows}, (_, i) => i).filter(i =>
    seen(target.observed, ahead(i)) && seen(history.observed, now(i)));
  expectEnough(found, decision);
  const at = ({data: values}: NdArray, place: (i: number) => number) => found.map(i => values[place(i) * dy]);
  return {
    units: found.map(i => asked[i]), forecast: at(mean, ahead), truth: at(target.outcomes, ahead),
    last: at(history.outcomes, now),
  };
}

function expectEnough(units: ArrayLike<number>, decision: ScoredDecision): void {
  expect(units.length >= 2, {
    fn: 'diagnose', argument: 'decision', expected: 'with at least two units measured there and within the horizon',
    received: decision, remedy: `There are ${units.length}. Ask about another decision, or further ahead.`,
  });
}

/**
 * The last of the first `from + 1` times at which outcome 0 of row `i` was measured; 0 where none was, which nobody
 * takes for one.
 */
function lastSeen({shape: [, T, dy], data}: NdArray, i: number, from: number): number {
  let k = from;
  while (k > 0 && data[(i * T + k) * dy] === 0) k--;
  return k;
}

/**
 * Spread that a few extreme units do not decide: half the range of the middle two thirds, about a standard deviation.
 */
function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
  return (at(5 / 6) - at(1 / 6)) / 2;
}

function collapsed({forecast, truth, last}: Answer, share: number): Found[] {
  const compare = (failure: Failure, f: readonly number[], t: readonly number[], what: string): Found[] => {
    const ratio = spread(f) / spread(t);
    return ratio < share ? [[failure, `${what} vary over units by ${percent(ratio)} of what the truth varies`]] : [];
  };
  const change = (values: readonly number[]) => values.map((v, i) => v - last[i]);
  return [
    ...compare('collapsed to the mean', forecast, truth, 'forecasts'),
    ...compare('collapsed to the last value', change(forecast), change(truth), 'forecast changes'),
  ];
}

/** An error many times what the truth varies: whoever answered the mean would do better by that factor. */
function ranAway({forecast, truth}: Answer, share: number): Found[] {
  const squares = forecast.reduce((sum, v, i) => sum + (v - truth[i]) ** 2, 0) / forecast.length;
  const ratio = Math.sqrt(squares / variance(truth));
  return ratio > 1 / share
    ? [['ran away', `the root mean squared error is ${ratio.toFixed(0)} times the standard deviation of the truth`]]
    : [];
}

/** Root mean square over units of the spread over plans, of the forecasts and of the truth. */
function blind(answers: readonly Answer[], share: number): Found[] {
  expect(answers.length >= 2, {
    fn: 'diagnose', argument: 'plans', expected: 'at least two plans a decision', received: answers.length,
  });
  const shared = answers[0].units.filter(unit => answers.every(a => a.units.includes(unit)));
  const over = (of: 'forecast' | 'truth') =>
    Math.sqrt(shared.reduce((sum, unit) => sum + variance(answers.map(a => a[of][a.units.indexOf(unit)])), 0));
  const ratio = over('forecast') / over('truth');
  return ratio < share
    ? [['blind to the plan', `forecasts vary over plans by ${percent(ratio)} of what the truth varies`]]
    : [];
}

function weighed(weights: ArrayLike<number>, share: number): Found[] {
  const ratio = effectiveShare(weights);
  return ratio < share
    ? [['exploding weights', `the weighted rows say as much as ${percent(ratio)} of them would unweighted`]]
    : [];
}

/**
 * `(sum w)^2 / (n sum w^2)`, in (0, 1]: 1 when all weights are equal.
 * @throws ArgumentError unless weights are finite, >= 0 and not all 0
 */
export function effectiveShare(weights: ArrayLike<number>): number {
  const all = Array.from(weights), sum = all.reduce((a, b) => a + b, 0);
  expect(sum > 0 && all.every(w => w >= 0 && w < Infinity), {
    fn: 'effectiveShare', argument: 'weights', expected: 'finite numbers >= 0, not all 0', received: all,
  });
  return sum ** 2 / (all.length * all.reduce((a, b) => a + b * b, 0));
}

const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;

function variance(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}
