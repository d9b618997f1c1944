import {expect} from '../errors';
import {expectNormal, normal, type NormalOptions} from './normal';
import {fold, uniform, type Rng} from './rng';

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** Smallest value, below `high`. Default -Infinity. */
  readonly low?: number;
  /** Largest value, above `low`. Default Infinity. */
  readonly high?: number;
}

/**
 * `n` independent normal numbers conditioned to lie in [low, high]; `mean` and `sd` are those before truncation.
 * Exact rejection sampling that stays fast however far the interval lies in a tail.
 * @throws ArgumentError for `sd <= 0` or an empty interval.
 * @reference Robert 1995, Simulation of truncated normal variables. doi:10.1007/BF00143942
 */
export function truncatedNormal(
  rng: Rng, n: number, {mean = 0, sd = 1, low = -Infinity, high = Infinity}: TruncatedNormalOptions = {},
): Float64Array {
  const fn = 'truncatedNormal';
  expectNormal(fn, n, mean, sd);
  expect(sd > 0, {fn, argument: 'sd', expected: 'above 0', received: sd});
  expect(low < high, {fn, argument: 'low', expected: `below high = ${high}`, received: low});
  const a = (low - mean) / sd, b = (high - mean) / sd;
  // The left tail is the mirror image of the right one.
  const [z, sign] = b < 0 ? [standard(rng, n, -b, -a), -1] : [standard(rng, n, a, b), 1];
  return z.map(value => Math.min(high, Math.max(low, mean + sign * sd * value)));
}

/** Proposes `n` values and the acceptance probability of each. */
type Proposal = (rng: Rng, n: number) => {values: Float64Array; accept: Float64Array};

/** `n` standard normal numbers in [a, b], b >= 0: proposes for all places that are still open, round after round. */
function standard(rng: Rng, n: number, a: number, b: number): Float64Array {
  const propose = choose(a, b), out = new Float64Array(n);
  for (let done = 0, round = 0; done < n; round++) {
    const source = fold(rng, round), open = n - done;
    const {values, accept} = propose(fold(source, 'value'), open), u = uniform(fold(source, 'accept'), open);
    for (let i = 0; i < open; i++) if (u[i] < accept[i]) out[done++] = values[i];
  }
  return out;
}

function choose(a: number, b: number): Proposal {
  if (a <= 0) return b - a > Math.sqrt(2 * Math.PI) ? fromNormal(a, b) : fromUniform(a, b, 0);
  // Beyond this a^2 overflows; the root of a^2 + 4 is a itself long before.
  const root = a < 1e150 ? Math.sqrt(a * a + 4) : a;
  const widest = (2 * Math.sqrt(Math.E) / (a + root)) * Math.exp((a * a - a * root) / 4);
  return b - a <= widest ? fromUniform(a, b, a) : fromExponential(a, b, (a + root) / 2);
}

const fromNormal = (a: number, b: number): Proposal => (rng, n) => {
  const values = normal(rng, n);
  return {values, accept: values.map(z => (z >= a && z <= b ? 1 : 0))};
};

/** `mode` is the point of [a, b] nearest to 0, where the density is highest. */
const fromUniform = (a: number, b: number, mode: number): Proposal => (rng, n) => {
  const values = uniform(rng, n).map(u => a + (b - a) * u);
  return {values, accept: values.map(z => Math.exp((mode - z) * (mode + z) / 2))};
};

const fromExponential = (a: number, b: number, rate: number): Proposal => (rng, n) => {
  const values = uniform(rng, n).map(u => a - Math.log(u) / rate);
  return {values, accept: values.map(z => (z <= b ? Math.exp(-((z - rate) ** 2) / 2) : 0))};
};
