import {expect} from '../errors';
import {historyAt, timesOf, type Decision, type Forecast, type Plan, type Trajectories} from '../data';
import type {NdArray} from '../math/ndarray';
import {weightedQuantile} from '../math/statistics';
import type {DoseBar, ForecastLine, PatientPanel} from './trajectories';

/** What was asked of a forecaster, and what it answered. */
export interface Answer {
  /** Name of the plan, e.g. `'no drug'`. */
  readonly name: string;
  readonly plan: Plan;
  readonly forecast: Forecast;
}

/** Options of {@link forecastPanels}. */
export interface ForecastPanelsOptions {
  /** Which units the histories and plans were made of, in their order. Default: all. */
  readonly units?: ArrayLike<number>;
  /** Name of the outcome. Default: the first. */
  readonly outcome?: string;
  /** Share of the draws inside the band, in (0, 1), where a forecaster gives draws. Default 0.9. */
  readonly inside?: number;
}

/**
 * Panels of `trajectoriesFigure`: what was measured of some units before a decision and after it, the treatment until
 * then, and what is forecast under plans.
 * @param decision as for `historyAt`
 * @throws ArgumentError for an outcome that does not exist, answers of other units, and as `historyAt`
 */
export function forecastPanels(
  trajectories: Trajectories, decision: Decision, answers: readonly Answer[], options: ForecastPanelsOptions = {},
): PatientPanel[] {
  const {channels, ids, outcomes} = trajectories, all = Array.from({length: outcomes.shape[0]}, (_, i) => i);
  const units = Array.from(options.units ?? all), {inside = 0.9} = options, fn = 'forecastPanels';
  const names = channels.outcomes.map(({name}) => name), j = names.indexOf(options.outcome ?? names[0]);
  expect(j >= 0, {fn, argument: 'outcome', expected: `one of ${names.join(', ')}`, received: options.outcome});
  expect(inside > 0 && inside < 1, {fn, argument: 'inside', expected: 'in (0, 1)', received: inside});
  for (const {name, forecast} of answers) expect(forecast.mean.shape[0] === units.length, {
    fn, argument: 'answers', expected: `forecasts of ${units.length} units, as many as units has`,
    received: forecast.mean.shape, remedy: `It is ${JSON.stringify(name)}.`,
  });
  const history = historyAt(trajectories, decision, {units});
  return units.map((unit, row) => {
    const known = timesOf(history, row), seen = measured(trajectories, unit, j);
    return {
      name: ids[unit], decision: known[known.length - 1], ...seen,
      forecasts: answers.map(answer => line(answer, row, j, inside)),
      doses: channels.treatments.flatMap(({name}, k) => [
        ...bars({name}, known, history.treatments, [row, k]),
        ...answers.flatMap(({name: plan, plan: asked}) =>
          bars({name, plan}, timesOf(asked, row), asked.treatments, [row, k])),
      ]),
    };
  });
}

function measured(trajectories: Trajectories, unit: number, j: number): Pick<PatientPanel, 'time' | 'observed'> {
  const {outcomes, observed} = trajectories, [, T, d] = outcomes.shape, at = (k: number) => (unit * T + k) * d + j;
  const times = Array.from(timesOf(trajectories, unit)), seen = times.map((_, k) => observed.data[at(k)] === 1);
  const values = times.map((_, k) => outcomes.data[at(k)]), kept = (list: number[]) => list.filter((_, k) => seen[k]);
  return {time: kept(times), observed: kept(values)};
}

function line({name, plan, forecast}: Answer, row: number, j: number, inside: number): ForecastLine {
  const [N, s, d] = forecast.mean.shape, time = timesOf(plan, row).slice(1), {samples} = forecast;
  const mean = Array.from(time, (_, k) => forecast.mean.data[(row * s + k) * d + j]);
  if (!samples) return {name, time, mean};
  const draws = (k: number) =>
    Array.from({length: samples.shape[0]}, (_, m) => samples.data[((m * N + row) * s + k) * d + j]);
  const limit = (p: number) => Array.from(time, (_, k) => weightedQuantile(draws(k), p));
  return {name, time, mean, low: limit((1 - inside) / 2), high: limit((1 + inside) / 2)};
}

/** Doses of one treatment, equal ones in a row as one bar; none where it has values below 0, which no bar shows. */
function bars(
  {name, ...planned}: {readonly name: string; readonly plan?: string}, time: ArrayLike<number>,
  {shape: [, s, d], data}: NdArray, [row, k]: readonly [number, number],
): DoseBar[] {
  const found: DoseBar[] = [];
  for (let step = 0; step + 1 < time.length; step++) {
    const dose = data[(row * s + step) * d + k], last = found[found.length - 1];
    if (dose < 0) return [];
    if (last?.dose === dose) found[found.length - 1] = {...last, to: time[step + 1]};
    else found.push({treatment: name, from: time[step], to: time[step + 1], dose, ...planned});
  }
  return found;
}
