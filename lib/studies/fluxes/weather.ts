import {expectWhole} from '../../errors';
import {normal} from '../../math/normal';
import {fold, type Rng} from '../../math/rng';
import {potentialRadiation} from './sun';

/** Half hours of a year in a day. */
export const PER_DAY = 48;

/** Weather at one place, half hour by half hour, without a gap in time. */
export interface Weather {
  readonly name: string;
  /** Degrees north. */
  readonly latitude: number;
  /** `[n]`: middle of each half hour, days since the first of January. */
  readonly day: Float64Array;
  /** `[n]`: 1 where all that follows was measured. */
  readonly measured: Uint8Array;
  /** `[n]`: air temperature [°C]. */
  readonly temperature: Float64Array;
  /** `[n]`: vapour pressure deficit [hPa]. */
  readonly vpd: Float64Array;
  /** `[n]`: short-wave radiation at the ground [W/m²]. */
  readonly shortwave: Float64Array;
}

/** Pressure of saturated vapour [hPa] at a temperature [°C]. @reference Magnus's formula, Alduchov, Eskridge 1996 */
export const saturation = (temperature: number): number =>
  6.1094 * Math.exp(17.625 * temperature / (temperature + 243.04));

/** Latitude of the tower at Tharandt, near Dresden [degrees north]. */
export const THARANDT = 50.96;

/**
 * A year that nobody measured, of a place like Tharandt: seasons and days follow the sun, warm and cold spells come and
 * go within days, clouds within hours, dew points lie below the coolest hour of the day.
 * @param rng the only source of randomness @param days of the year, from the first of January on, >= 60. Default 365
 * @throws ArgumentError unless `days` is a whole number >= 60
 */
export function simulatedWeather(rng: Rng, days = 365): Weather {
  expectWhole('simulatedWeather', {days}, 60);
  const n = days * PER_DAY, day = Float64Array.from({length: n}, (_, i) => (i + 0.5) / PER_DAY);
  const sun = day.map(t => potentialRadiation(t, THARANDT));
  const daily = Float64Array.from({length: days}, (_, d) =>
    sun.subarray(d * PER_DAY, (d + 1) * PER_DAY).reduce((a, b) => a + b, 0) / PER_DAY);
  const spell = fading(fold(rng, 'spells'), n, 3 * PER_DAY, 4.2), cloud = fading(fold(rng, 'clouds'), n, 8, 1.2);
  const dry = fading(fold(rng, 'dew'), n, 2 * PER_DAY, 1.5);
  const clear = cloud.map((v, i) => 0.15 + 0.6 / (1 + Math.exp(-v - 0.12 * spell[i])));
  const temperature = new Float64Array(n), vpd = new Float64Array(n);
  // Ground and air warm up behind the sun: by a month over the year, by some hours over the day.
  let season = daily[0], warm = 0;
  for (let i = 0; i < n; i++) {
    const of = daily[Math.floor(i / PER_DAY)];
    season += (of - season) / (30 * PER_DAY);
    warm += (sun[i] * clear[i] - of * 0.45 - warm) / (5 * 2);
    temperature[i] = -3.5 + 0.047 * season + 0.016 * warm + spell[i];
    const dew = -4.5 + 0.045 * season + 0.7 * spell[i] - Math.abs(dry[i]);
    vpd[i] = Math.max(0, saturation(temperature[i]) - saturation(dew));
  }
  return Object.freeze({
    name: 'simulated weather', latitude: THARANDT, day, measured: new Uint8Array(n).fill(1),
    temperature, vpd, shortwave: sun.map((v, i) => v * clear[i]),
  });
}

/** A stationary process of sd `sd` whose correlation falls to 1/e within `steps`. */
function fading(rng: Rng, n: number, steps: number, sd: number): Float64Array {
  const keep = Math.exp(-1 / steps), noise = normal(rng, n, {sd: sd * Math.sqrt(1 - keep * keep)});
  const first = normal(fold(rng, 'first'), 1, {sd})[0];
  let value = first;
  return noise.map(e => (value = keep * value + e));
}
