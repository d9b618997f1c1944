import {historyAt, planAt, targetsAt, type Targets} from '../data/cut';
import type {Forecast, History, Plan} from '../data/history';
import {expect, expectWhole, isWhole} from '../errors';
import type {Trajectories} from '../data/trajectories';
import type {FittedForecaster} from '../models/forecaster';
import type {Plans} from './protocol';

/** A way in which a model can be lost while its error still looks like a number. */
export type Failure = 'diverged' | 'not finite' | 'ran away' | 'collapsed to the mean' | 'collapsed to the last value' | 'blind to the plan' | 'exploding weights';

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
  /** Decision index. Default 8. */
  readonly decision?: number;
  /** Step ahead that is looked at, >= 1. Default 6. */
  readonly horizon?: number;
  /** A model whose forecasts vary less than this share of what the truth varies is lost; in (0, 1). Default 0.1. */
  readonly share?: number;
  /** Counterfactual plans; with them the model is also asked whether the plan moves its forecasts. At least two a decision. */
  readonly plans?: Plans;
}

const ADVICE: Readonly<Record<Failure, string>> = {
  'diverged': 'Lower the learning rate, set clipNorm, or look for extreme values in the data.',
  'not finite': 'Look for a logarithm or division of zero in the model, and for outcomes far outside the training data.',
  'ran away': 'Train longer or at a lower rate, limit what is fed back, or average draws on the transformed scale.',
  'collapsed to the mean': 'Weaken the balancing or the regularisation, or train longer: the forecasts no longer depend on the unit.',
  'collapsed to the last value': 'Train longer or at a higher rate: the head that adds the change has not left its start.',
  'blind to the plan': 'Check that the plan enters the decoder, and weaken the balancing: the forecasts no longer depend on treatment.',
  'exploding weights': 'Truncate the weights more, use stabilised numerators that know the history, or ask about plans nearer to the data.',
};

/**
 * Looks for the ways in which a model is lost without an error message. Findings are to be shown beside the model's numbers, or instead
 * of them; an empty list means that none of these was found, not that the model is good.
 * @throws ArgumentError for options out of range or a decision without enough targets
 */
export async function diagnose(fitted: FittedForecaster, test: Trajectories, options: DiagnoseOptions = {}): Promise<Finding[]> {
  const {decision = 8, horizon = 6, share = 0.1, plans} = options, T = test.time.length, fn = 'diagnose';
  expect(share > 0 && share < 1, {fn, argument: 'share', expected: 'in (0, 1)', received: share});
  expectWhole(fn, {decision}, 0, T - 2);
  expect(isWhole(horizon, 1, T - 1 - decision), {fn, argument: 'horizon', expected: `in [1, ${T - 1 - decision}] and whole, from decision ${decision}`, received: horizon});
  const about = (data: Trajectories) => answer(fitted, data, decision, horizon);
  const found = fitted.weigh ? weighed(await fitted.weigh(test, {decision, horizon}), share) : [], factual = await about(test);
  if (!factual.forecast.every(Number.isFinite)) found.push(['not finite', `${factual.forecast.filter(v => !Number.isFinite(v)).length} forecasts are not finite`]);
  else found.push(...ranAway(factual, share), ...collapsed(factual, share));
  if (plans) found.push(...blind(await Promise.all(plans.at(test, decision).map(about)), share));
  return found.map(([failure, evidence]) => Object.freeze({forecaster: fitted.name, failure, evidence, advice: ADVICE[failure]}));
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

async function answer(fitted: FittedForecaster, data: Trajectories, c: number, s: number): Promise<Answer> {
  const history: History = historyAt(data, c), plan: Plan = planAt(data, c, s), target: Targets = targetsAt(data, c, s);
  const {mean}: Forecast = await fitted.forecast(history, plan), [N, steps, dy] = target.outcomes.shape, known = history.time.length;
  const at = (i: number) => (i * steps + s - 1) * dy, now = (i: number) => (i * known + known - 1) * dy;
  const units = Array.from({length: N}, (_, i) => i).filter(i => target.observed.data[at(i)] !== 0 && history.observed.data[now(i)] !== 0);
  return {units, forecast: units.map(i => mean.data[at(i)]), truth: units.map(i => target.outcomes.data[at(i)]), last: units.map(i => history.outcomes.data[now(i)])};
}

/** Spread that a few extreme units do not decide: half the range of the middle two thirds, about a standard deviation. */
function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), at = (p: number) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
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
  const squares = forecast.reduce((sum, v, i) => sum + (v - truth[i]) ** 2, 0) / forecast.length, ratio = Math.sqrt(squares / variance(truth));
  return ratio > 1 / share ? [['ran away', `the root mean squared error is ${ratio.toFixed(0)} times the standard deviation of the truth`]] : [];
}

/** Root mean square over units of the spread over plans, of the forecasts and of the truth. */
function blind(answers: readonly Answer[], share: number): Found[] {
  expect(answers.length >= 2, {fn: 'diagnose', argument: 'plans', expected: 'at least two plans a decision', received: answers.length});
  const shared = answers[0].units.filter(unit => answers.every(a => a.units.includes(unit)));
  const over = (of: 'forecast' | 'truth') => Math.sqrt(shared.reduce((sum, unit) => sum + variance(answers.map(a => a[of][a.units.indexOf(unit)])), 0));
  const ratio = over('forecast') / over('truth');
  return ratio < share ? [['blind to the plan', `forecasts vary over plans by ${percent(ratio)} of what the truth varies`]] : [];
}

function weighed(weights: ArrayLike<number>, share: number): Found[] {
  const ratio = effectiveShare(weights);
  return ratio < share ? [['exploding weights', `the weighted rows say as much as ${percent(ratio)} of them would unweighted`]] : [];
}

/** `(sum w)^2 / (n sum w^2)`, in (0, 1]: 1 when all weights are equal. @throws ArgumentError unless weights are finite, >= 0 and not all 0 */
export function effectiveShare(weights: ArrayLike<number>): number {
  const all = Array.from(weights), sum = all.reduce((a, b) => a + b, 0);
  expect(sum > 0 && all.every(w => w >= 0 && w < Infinity), {fn: 'effectiveShare', argument: 'weights', expected: 'finite numbers >= 0, not all 0', received: all});
  return sum ** 2 / (all.length * all.reduce((a, b) => a + b * b, 0));
}

const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;

function variance(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}
