import {expect, expectWhole} from '../../errors';

/**
 * When the hidden process moves the outcome, and so can be seen in it. `'every input'`: always. `'exciting inputs'`: in
 * proportion to the mean dose, so only in someone who is treated. `'no input'`: from the decision on, a late effect
 * that no record shows before.
 */
export type HiddenKind = 'every input' | 'exciting inputs' | 'no input';

/** Numbers of {@link hiddenWorld}. */
export interface HiddenWorldOptions {
  /** Default `'every input'`. */
  readonly kind?: HiddenKind;
  /** gamma, what the hidden process adds to each dose, finite; default 1. 0: nobody who treats knows of it. */
  readonly confounding?: number;
  /** tau, steps in which the hidden process forgets all but 1/e of itself, > 0; default 20. */
  readonly memory?: number;
  /** Whether there is treatment before the decision, by the same policy; default true. */
  readonly treatedBefore?: boolean;
  /** Index of the decision, >= 2; default 8: nine outcomes are known. */
  readonly decision?: number;
  /** Steps after it, >= 1; default 3. */
  readonly horizon?: number;
  /** What the hidden process adds to the outcome in one step, finite; default 1. */
  readonly push?: number;
  /** What a unit of each of the two treatments adds to the outcome in one step; default 0.5 and -0.5. */
  readonly effects?: readonly [number, number];
  /** What is left of an outcome after one step, in [0, 1); default 0.8. */
  readonly decay?: number;
  /** Standard deviation of what happens to the outcome by chance in one step, > 0; default 0.1. */
  readonly noise?: number;
}

/** All numbers of a world, and what follows from them. */
export interface HiddenWorld extends Required<HiddenWorldOptions> {
  /** Correlation of the hidden process one step apart, exp(-1/memory). */
  readonly kept: number;
  /** Mean dose of the policy and of every plan. */
  readonly level: number;
  /** Standard deviation of a dose that the hidden process has no part in. */
  readonly doseSd: number;
  /** Whether the policy treats from index t on. */
  readonly treats: (t: number) => boolean;
  /** By how much of `push` the hidden process moves the outcome from index t on, under these doses. */
  readonly window: (t: number, doses: ArrayLike<number>) => number;
}

/**
 * The smallest world of hidden confounding with a state:
 *
 *     u_{t+1} = kept u_t + noise                                             nobody records it
 *     a_tj    = level + gamma u_t + noise,  j = 1, 2                         the policy knows it
 *     y_{t+1} = decay y_t + b a_t + window(t, a_t) push u_t + noise          the outcome, measured as it is
 *
 * with u of variance 1 at all times: an Ornstein-Uhlenbeck process seen once a step.
 * @throws ArgumentError for numbers outside their ranges
 * @paper equation (3): the hidden state moves outcome and treatment
 */
export function hiddenWorld(options: HiddenWorldOptions = {}): HiddenWorld {
  const fn = 'hiddenWorld', world = {...DEFAULTS, ...options}, {kind, memory, decision, horizon, decay, noise} = world;
  expect(HIDDEN_KINDS.includes(kind), {
    fn, argument: 'kind', expected: `one of ${HIDDEN_KINDS.join(', ')}`, received: kind,
  });
  expectWhole(fn, {decision}, 2);
  expectWhole(fn, {horizon});
  for (const [argument, received] of Object.entries({memory, noise})) {
    expect(received > 0 && Number.isFinite(received), {fn, argument, expected: 'a number > 0', received});
  }
  expect(decay >= 0 && decay < 1, {fn, argument: 'decay', expected: 'in [0, 1)', received: decay});
  const {confounding, push, effects} = world, finite = [confounding, push, ...effects];
  expect(effects.length === 2 && finite.every(Number.isFinite), {
    fn, argument: 'options', expected: 'a finite confounding and push, and two finite effects', received: finite,
  });
  return Object.freeze({
    ...world, kept: Math.exp(-1 / memory), level: 1, doseSd: 1,
    treats: (t: number) => world.treatedBefore || t >= decision,
    window: (t: number, doses: ArrayLike<number>) => {
      if (kind === 'exciting inputs') return (doses[0] + doses[1]) / 2;
      return kind === 'every input' || t >= decision ? 1 : 0;
    },
  });
}

/** The three kinds. */
export const HIDDEN_KINDS: readonly HiddenKind[] = Object.freeze(['every input', 'exciting inputs', 'no input']);

const DEFAULTS = Object.freeze({
  kind: 'every input', confounding: 1, memory: 20, treatedBefore: true, decision: 8, horizon: 3, push: 1,
  effects: [0.5, -0.5], decay: 0.8, noise: 0.1,
} satisfies Required<HiddenWorldOptions>);
