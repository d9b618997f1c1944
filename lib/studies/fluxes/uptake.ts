import {expect} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {normal} from '../../math/normal';
import {fold, type Rng} from '../../math/rng';
import type {Ecosystem} from './respiration';

/** Grams of carbon in a mole. */
const CARBON = 12.011;

/** Half hours of an ecosystem that takes up carbon in the light and gives it off at all times. */
export interface Exchange {
  readonly name: string;
  /** `[n]`: days since the first of January. */
  readonly day: Float64Array;
  /** `[n]` [W/m²], or photons. */
  readonly light: Float64Array;
  /** `[n]` [°C] */
  readonly temperature: Float64Array;
  /** `[n]` [hPa] */
  readonly vpd: Float64Array;
  /** `[n]`: net exchange as measured, uptake negative [µmol/m²/s]. */
  readonly exchange: Float64Array;
  /** `[n]`: gross uptake, positive [µmol/m²/s]: true where it is simulated, else from nights. */
  readonly uptake: Float64Array;
  /** `[n]`: respiration [µmol/m²/s], likewise. */
  readonly respiration: Float64Array;
}

/** Uptake per unit of light of the simulated ecosystem [µmol/J]: best at 20 °C and in moist air. */
export const lightUse = (temperature: number, vpd: number): number =>
  0.5 * Math.exp(-((0.1 * (temperature - 20)) ** 2)) * Math.min(1, Math.exp(-0.1 * (vpd - 10))) / CARBON;

/** Options of {@link exchanging}. */
export interface ExchangingOptions {
  /** The only source of randomness. */
  readonly rng: Rng;
  /** Standard deviation of the error of net exchange, as a share of its size, >= 0. Default 0.2. */
  readonly noise?: number;
  /** Which half hours are on record: all, or those in daylight above so many W/m², >= 0. Default all. */
  readonly daylight?: number;
}

/**
 * Net exchange of a simulated ecosystem: respiration minus what the light, used as well as temperature and dryness
 * let it, takes up.
 * @throws ArgumentError for a negative noise, or a daylight that no half hour reaches
 * @reference Cohrs et al. 2024, Causal hybrid modeling with double machine learning. doi:10.1088/2632-2153/ad5a60
 */
export function exchanging(ecosystem: Ecosystem, {rng, noise = 0.2, daylight}: ExchangingOptions): Exchange {
  const fn = 'exchanging', {shortwave, temperature, vpd, respiration, day, name} = ecosystem;
  expect(noise >= 0, {fn, argument: 'noise', expected: '>= 0', received: noise});
  const kept = Array.from(day.keys()).filter(i => daylight === undefined || shortwave[i] > daylight);
  expect(kept.length > 0, {fn, argument: 'daylight', expected: 'below the brightest light', received: daylight});
  const of = (values: Float64Array) => Float64Array.from(kept, i => values[i]);
  const uptake = of(shortwave.map((light, i) => light * lightUse(temperature[i], vpd[i])));
  const net = of(respiration).map((r, k) => r - uptake[k]), error = normal(fold(rng, 'noise'), kept.length);
  return Object.freeze({
    name, day: of(day), light: of(shortwave), temperature: of(temperature), vpd: of(vpd), uptake,
    respiration: of(respiration), exchange: net.map((v, k) => v + noise * Math.abs(v) * error[k]),
  });
}

/** What uptake per light and respiration may depend on, `[n, 4]`: dryness, temperature, and the day as two numbers. */
export function conditions({vpd, temperature, day}: Pick<Exchange, 'vpd' | 'temperature' | 'day'>): NdArray {
  const year = (t: number) => 2 * Math.PI * t / 365;
  return ndarray([day.length, 4], Float64Array.from([...day].flatMap((t, i) =>
    [vpd[i], temperature[i], Math.sin(year(t)), Math.cos(year(t))])));
}
