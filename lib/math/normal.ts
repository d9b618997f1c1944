import {expect} from '../errors';
import {expectCount, uniform, type Rng} from './rng';

/** Options of {@link normal}. */
export interface NormalOptions {
  /** Mean, any finite number. Default 0. */
  readonly mean?: number;
  /** Standard deviation, >= 0. Default 1. */
  readonly sd?: number;
}

/**
 * `n` independent normal numbers, by the Box-Muller transform of `n` (rounded up to even) uniforms.
 * @throws ArgumentError for a bad `n`, `mean` or `sd`.
 * @reference Box, Muller 1958, A note on the generation of random normal deviates. doi:10.1214/aoms/1177706645
 */
export function normal(rng: Rng, n: number, {mean = 0, sd = 1}: NormalOptions = {}): Float64Array {
  expectNormal('normal', n, mean, sd);
  const pairs = Math.ceil(n / 2);
  const u = uniform(rng, 2 * pairs), out = new Float64Array(n);
  for (let i = 0; i < pairs; i++) {
    const radius = sd * Math.sqrt(-2 * Math.log(u[2 * i])), angle = 2 * Math.PI * u[2 * i + 1];
    out[2 * i] = mean + radius * Math.cos(angle);
    if (2 * i + 1 < n) out[2 * i + 1] = mean + radius * Math.sin(angle);
  }
  return out;
}

/**
 * `n` independent numbers whose logarithm is normal with this `mean` and `sd` (both of the logarithm, not of the
 * result).
 * @throws ArgumentError unless `n` is a whole number >= 0, `mean` finite and `sd` finite and >= 0.
 */
export function logNormal(rng: Rng, n: number, {mean = 0, sd = 1}: NormalOptions = {}): Float64Array {
  expectNormal('logNormal', n, mean, sd);
  return normal(rng, n, {mean, sd}).map(Math.exp);
}

/**
 * Shared argument checks of the normal samplers.
 * @internal
 * @throws ArgumentError unless `n` is a whole number >= 0, `mean` finite and `sd` finite and >= 0.
 */
export function expectNormal(fn: string, n: number, mean: number, sd: number): void {
  expectCount(fn, n);
  expect(Number.isFinite(mean), {fn, argument: 'mean', expected: 'a finite number', received: mean});
  expect(Number.isFinite(sd) && sd >= 0, {fn, argument: 'sd', expected: 'a finite number >= 0', received: sd});
}
