import {expect, expectWhole} from '../../errors';
import {choice} from '../../math/discrete';
import {ndarray, type NdArray} from '../../math/ndarray';
import {fold, type Rng} from '../../math/rng';
import {truncatedNormal} from '../../math/truncatedNormal';
import type {EffectRows} from '../../estimation';
import {potentialRadiation} from './sun';
import {PER_DAY, type Weather} from './weather';

/** By how much respiration grows in the simulated ecosystem when it gets warmer by 10 °C. */
export const TRUE_Q10 = 1.5;

/** Half hours of a moving average: ten days. */
const WINDOW = 10 * PER_DAY;

/** Days that are left out at either end of the year, where averages reach beyond it. */
const MARGIN = 20;

/** A simulated ecosystem that breathes, in the half hours whose weather was measured. */
export interface Ecosystem {
  readonly name: string;
  /** `[n]`: days since the first of January. */
  readonly day: Float64Array;
  /** `[n]` [°C] */
  readonly temperature: Float64Array;
  /** `[n]` [hPa] */
  readonly vpd: Float64Array;
  /** `[n]` [W/m²] */
  readonly shortwave: Float64Array;
  /** `[n, 2]`: potential radiation averaged over ten days [W/m²], and how fast it changes, averaged likewise. */
  readonly features: NdArray;
  /** `[n]`: respiration at 15 °C [µmol/m²/s]. */
  readonly base: Float64Array;
  /** `[n]`: respiration, without noise [µmol/m²/s]. */
  readonly respiration: Float64Array;
}

/**
 * The released generator: respiration is `Rb Q10^(0.1 (T - 15))` with Q10 = 1.5, and Rb follows the season of the sun.
 * @throws ArgumentError for weather of less than 60 days
 * @reference Cohrs et al. 2024, Causal hybrid modeling with double machine learning. doi:10.1088/2632-2153/ad5a60
 */
export function breathing(weather: Weather): Ecosystem {
  const {day, latitude, measured, name} = weather, n = day.length;
  expectWhole('breathing', {'weather.day.length': n}, 60 * PER_DAY);
  const smooth = movingAverage(day.map(t => potentialRadiation(t, latitude)), WINDOW);
  const change = movingAverage(smooth.map((v, i) => 1e4 * ((smooth[i + 1] ?? v) - v)), WINDOW);
  const kept = Array.from({length: n}, (_, i) => i).filter(i =>
    measured[i] === 1 && i >= MARGIN * PER_DAY && i < n - MARGIN * PER_DAY);
  const of = (values: ArrayLike<number>) => Float64Array.from(kept, i => values[i]);
  const raw = of(smooth.map((v, i) => 0.01 * v - 0.005 * change[i])), least = raw.reduce((a, b) => Math.min(a, b));
  const temperature = of(weather.temperature), base = raw.map(v => 0.75 * (v - least + 0.1 * Math.PI));
  return Object.freeze({
    name, day: of(day), temperature, vpd: of(weather.vpd), shortwave: of(weather.shortwave), base,
    features: ndarray([kept.length, 2], Float64Array.from(kept.flatMap(i => [smooth[i], change[i]]))),
    respiration: base.map((b, i) => b * TRUE_Q10 ** (0.1 * (temperature[i] - 15))),
  });
}

/** Mean over `width` values around each, zeros beyond the ends: half of them before it, itself and the rest after. */
export function movingAverage(values: Float64Array, width: number): Float64Array {
  const n = values.length, before = Math.floor(width / 2), sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = sums[i] + values[i];
  return values.map((_, i) => (sums[Math.min(n, i - before + width)] - sums[Math.max(0, i - before)]) / width);
}

/** Some half hours of an ecosystem, measured with an error. */
export interface Breaths {
  /** `[n]`: numbers of the rows of the ecosystem, in random order. */
  readonly rows: Int32Array;
  /** `[n]`: what was measured [µmol/m²/s], above 0. */
  readonly measured: Float64Array;
  /** `[n]`: days since the first of January. */
  readonly day: Float64Array;
  /** `[n, 2]` */
  readonly features: NdArray;
  /** `[n]` [°C] */
  readonly temperature: Float64Array;
}

/** Options of {@link sampled}. */
export interface SampledOptions {
  /** The only source of randomness. */
  readonly rng: Rng;
  /** n, from 1 to all half hours. */
  readonly count: number;
  /** Standard deviation of the relative error before it is cut at ±0.95, >= 0. Default 0.2. */
  readonly noise?: number;
}

/** Draws half hours without replacement. @throws ArgumentError for more than there are, or a negative noise */
export function sampled(ecosystem: Ecosystem, {rng, count, noise = 0.2}: SampledOptions): Breaths {
  const {day, features, temperature, respiration} = ecosystem, fn = 'sampled';
  expectWhole(fn, {count}, 1, day.length);
  expect(noise >= 0, {fn, argument: 'noise', expected: '>= 0', received: noise});
  const rows = choice(fold(rng, 'rows'), day.length, count);
  const error = noise === 0
    ? new Float64Array(count)
    : truncatedNormal(fold(rng, 'noise'), count, {sd: noise, low: -0.95, high: 0.95});
  const seasons = [...rows].flatMap(i => [...features.data.subarray(2 * i, 2 * i + 2)]);
  return Object.freeze({
    rows, day: Float64Array.from(rows, i => day[i]), temperature: Float64Array.from(rows, i => temperature[i]),
    measured: Float64Array.from(rows, (i, k) => respiration[i] * (1 + error[k])),
    features: ndarray([count, 2], Float64Array.from(seasons)),
  });
}

/** Tens of degrees above 15 °C: the power of Q10. */
export const tens = (temperature: number): number => 0.1 * (temperature - 15);

/** Logarithm of respiration, tens of degrees and season: rows of a partially linear model whose effect is log Q10. */
export function logRows({measured, temperature, features}: Breaths): EffectRows {
  return Object.freeze({outcome: measured.map(Math.log), treatment: temperature.map(tens), features});
}

/** An exponential curve through all points, season left out: log respiration over tens of degrees. @returns Q10 */
export function exponentialFit(breaths: Breaths): number {
  const {outcome, treatment} = logRows(breaths), n = outcome.length;
  const [y, d] = [outcome, treatment].map(values => values.reduce((a, b) => a + b, 0) / n);
  const [both, own] = treatment.reduce(([both, own], t, i) =>
    [both + (t - d) * (outcome[i] - y), own + (t - d) ** 2], [0, 0]);
  return Math.exp(both / own);
}
