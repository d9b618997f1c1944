import {expect} from '../errors';
import {expectCount, uniform, type Rng} from './rng';

/**
 * `n` independent draws of an index 0 ... k-1 with these probabilities.
 * @param probabilities `[k]`, each >= 0, summing to 1 within 1e-9
 * @throws ArgumentError unless `n` is a whole number >= 0 and `probabilities` are some.
 */
export function categorical(rng: Rng, n: number, probabilities: ArrayLike<number>): Int32Array {
  expectCount('categorical', n);
  const p = Array.from(probabilities), total = p.reduce((sum, value) => sum + value, 0);
  expect(p.every(value => value >= 0) && Math.abs(total - 1) <= 1e-9, {
    fn: 'categorical', argument: 'probabilities', expected: 'numbers >= 0 that sum to 1', received: p,
    remedy: 'Divide them by their sum.',
  });
  // Summing to 1 only up to rounding: the last index of positive probability takes what is left.
  const last = p.findLastIndex(value => value > 0);
  return Int32Array.from(uniform(rng, n), u => {
    let k = 0;
    for (let sum = p[0]; u >= sum && k < last; sum += p[k]) k++;
    return k;
  });
}

/**
 * `n` independent draws of 0 or 1.
 * @param p probability of a 1, in [0, 1]: one for all draws, or `[n]`
 * @throws ArgumentError unless `n` is a whole number >= 0 and `p`, one or `n` of them, in [0, 1].
 */
export function bernoulli(rng: Rng, n: number, p: number | ArrayLike<number>): Int32Array {
  expectCount('bernoulli', n);
  const each = typeof p === 'number' ? null : p;
  expect(!each || each.length === n, {
    fn: 'bernoulli', argument: 'p', expected: `one number or ${n} of them`, received: p,
  });
  const valid = (value: number): boolean => value >= 0 && value <= 1;
  expect(each ? Array.from(each).every(valid) : valid(p as number), {
    fn: 'bernoulli', argument: 'p', expected: 'in [0, 1]', received: p,
  });
  return Int32Array.from(uniform(rng, n), (u, i) => (u < (each ? each[i] : (p as number)) ? 1 : 0));
}

/** Options of {@link integers}. */
export interface IntegersOptions {
  /** Smallest value. Default 0. */
  readonly low?: number;
  /** One more than the largest value, at most 2^31. */
  readonly high: number;
}

/**
 * `n` independent whole numbers, uniform on low ... high - 1 (each probability exact to within (high - low) 2^-52 of
 * itself, at most 2^-20: 52 random bits).
 * @throws ArgumentError unless `n` >= 0, `low` and `high` > `low` are whole numbers within their limits.
 */
export function integers(rng: Rng, n: number, {low = 0, high}: IntegersOptions): Int32Array {
  expectCount('integers', n);
  const int32 = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= 2 ** 31;
  expect(int32(low), {fn: 'integers', argument: 'low', expected: 'a whole number of at most 32 bits', received: low});
  expect(int32(high) && high > low, {
    fn: 'integers', argument: 'high', expected: `a whole number above low = ${low}`, received: high,
  });
  return Int32Array.from(uniform(rng, n), u => low + Math.floor(u * (high - low)));
}

/**
 * The numbers 0 ... n-1 in random order, all orders equally likely.
 * @throws ArgumentError unless `n` is a whole number >= 0.
 */
export function permutation(rng: Rng, n: number): Int32Array {
  expectCount('permutation', n);
  return choice(rng, n, n);
}

/** Options of {@link choice}. */
export interface ChoiceOptions {
  /** Whether an index may come more than once. Default false. */
  readonly replace?: boolean;
}

/**
 * `k` of the indices 0 ... n-1, in random order.
 * @throws ArgumentError when `k > n` without replacement, or `n` is 0 and `k` is not.
 */
export function choice(rng: Rng, n: number, k: number, {replace = false}: ChoiceOptions = {}): Int32Array {
  expectCount('choice', n);
  expect(Number.isInteger(k) && k >= 0 && (k <= n || (replace && n > 0)), {
    fn: 'choice', argument: 'k',
    expected: replace ? `a whole number >= 0, with n = ${n} above 0` : `a whole number in [0, n = ${n}]`, received: k,
  });
  if (replace) return k === 0 ? new Int32Array(0) : integers(rng, k, {high: n});
  return shuffle(uniform(rng, k), n);
}

/** The first places of a Fisher-Yates shuffle of 0 ... n-1, one uniform number each. */
function shuffle(u: Float64Array, n: number): Int32Array {
  const order = Int32Array.from({length: n}, (_, i) => i);
  for (let i = 0; i < u.length; i++) {
    const j = i + Math.floor(u[i] * (n - i));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order.slice(0, u.length);
}
