import {fold, uniform, type Rng} from '../../../math/rng';

/** Random numbers one after the other, where how many are needed depends on what was drawn before. */
export interface Draws {
  /** Uniform in (0, 1). */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
  /** True with probability `p`. */
  readonly chance: (p: number) => boolean;
  /** A whole number in `[low, high]`, ends included, each as likely. */
  readonly whole: (low: number, high: number) => number;
  /** Uniform in (low, high). */
  readonly between: (low: number, high: number) => number;
  /** One of the list, each as likely. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** A place in the list of weights, as likely as its weight. */
  readonly weighted: (weights: readonly number[]) => number;
}

const BLOCK = 64;

/** A stream of random numbers below `rng`; equal generators give equal streams. */
export function draws(rng: Rng): Draws {
  let block = 0, at = BLOCK, numbers: Float64Array = new Float64Array(0);
  const next = (): number => {
    if (at === BLOCK) [numbers, at] = [uniform(fold(rng, block++), BLOCK), 0];
    return numbers[at++];
  };
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return Object.freeze({
    uniform: next,
    normal: () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()),
    chance: (p: number) => next() < p,
    whole,
    between: (low: number, high: number) => low + (high - low) * next(),
    pick: <T>(list: readonly T[]) => list[whole(0, list.length - 1)],
    weighted: (weights: readonly number[]) => {
      let left = next() * weights.reduce((sum, w) => sum + w, 0);
      const found = weights.findIndex(w => (left -= w) < 0);
      return found < 0 ? weights.length - 1 : found;
    },
  });
}
