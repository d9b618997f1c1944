import {expect, expectWhole} from '../../../errors';
import type {MaternOptions} from '../../../math/matern';

/**
 * The three readings of the simulator: `released` as the published code runs it (no effect), `printed` as the paper
 * prints it (Table 5), `informative` with effects and hidden confounding strong enough to matter.
 */
export type SemiSyntheticVariant = 'released' | 'printed' | 'informative';

/**
 * Every choice of the simulator. Print leaves room; each option that settles something says what is printed and what
 * was decided.
 *
 * Not optional, because there is one sensible reading:
 * - the sum of eq. (11) runs over the `window` hours before t and divides by (w - k)^2, which is 0 for a treatment at k
 *   = w: it is read as the lag t - k, from 1 on, so that a treatment never changes the outcome of its own hour;
 * - the minimum over treatments is over the products `1[A = 1] P beta`: with beta < 0 the strongest treatment that is
 *   given acts, with beta > 0 nothing acts unless all are given;
 * - P in the effect is the probability at that hour of *this* path: on counterfactual paths it is computed anew from
 *   their outcomes;
 * - all treatments act on the outcome (`beta_lj = beta`), and before the first hour the average of past outcomes is 0.
 * @paper A.3.2, eqs. (10) to (12), Table 5
 */
export interface SemiSyntheticModel {
  readonly variant: SemiSyntheticVariant;
  /**
   * What enters the smooth functions: standardised values or standardised logarithms. Print is silent; the code has
   * values.
   */
  readonly scale: 'values' | 'logarithms';
  /**
   * Whether phi_Y and the Phi_l are brought to mean 0 and standard deviation 1 over all stays and hours. Print is
   * silent, the code leaves them: then their mean, which no record can tell from the bias, decides how many are
   * treated.
   */
  readonly standardised: boolean;
  /** Weights alpha_s, alpha_g, alpha_phi of spline, patient's path and hidden confounders. @paper Table 5 */
  readonly weights: {readonly spline: number; readonly path: number; readonly hidden: number};
  /**
   * Standard deviation of eta, the noise of each hour. Print: 0.005; the code has the *variance* .005, scaled by
   * alpha_g.
   */
  readonly noiseSd: number;
  /**
   * Print: "three cubic B-splines". The code has degree 4 and no knot inside. Coefficients and shares are the code's.
   */
  readonly splines: 'clamped cubic' | 'released quartic';
  /** Kernel of the patient's path. Print: "a Matern kernel"; the code has smoothness 5/2 and length 25 h. */
  readonly kernel: Pick<MaternOptions, 'smoothness' | 'lengthScale'>;
  /** d_y. Print is silent and draws one panel; the code stores the same outcome twice. */
  readonly outcomes: 1 | 2;
  /** beta, maximum effect. Absent from Table 5; the code has -1, never applied. */
  readonly beta: number;
  /** w, hours over which a treatment acts, at least 1. @paper Table 5: nu */
  readonly window: number;
  /** How an effect fades with the lag. Print: its square; the code: its root, never applied. */
  readonly fading: 'square' | 'root';
  /** Policy. */
  readonly policy: {
    /** gamma_A for each treatment. Table 5 calls it gamma_z. */
    readonly outcome: readonly [number, number];
    /** gamma_eps for each treatment: the strength of hidden confounding. Table 5 calls it gamma_0. */
    readonly hidden: readonly [number, number];
    readonly bias: readonly [number, number];
    /** Hours averaged, as lags from the latest to the earliest. Print: a subset before t; the code has t-3 ... t. */
    readonly lags: readonly [latest: number, earliest: number];
    /** Print: a draw. The code keeps the probability itself as treatment. */
    readonly treatment: 'drawn' | 'probability';
  };
}

/**
 * Rates and standard deviations of the smooth functions, and the splines, as in the released code. Print gives none of
 * them.
 */
export const released = Object.freeze({
  outcomeFunction: {rate: 0.005, sd: 4}, policyFunction: {rate: 0.001, sd: 0.5}, features: 100,
  splines: {coefficients: [[1, 0.9, 0, -0.5, -1], [1, 1, 0.5, 0.2, 0.2], [-0.3, -0.2, -0.2, -0.3, -0.2]],
    shares: [0.35, 0.35, 0.3]},
});

const printedModel: SemiSyntheticModel = {
  variant: 'printed', scale: 'values', standardised: false, weights: {spline: 2, path: 0.5, hidden: 1}, noiseSd: 0.005,
  splines: 'clamped cubic', kernel: {smoothness: 2.5, lengthScale: 25}, outcomes: 1, beta: -1, window: 20,
    fading: 'square',
  policy: {outcome: [0.3, 0.3], hidden: [0.3, 0.1], bias: [-2, -2], lags: [1, 4], treatment: 'drawn'},
};

const MODELS: Readonly<Record<SemiSyntheticVariant, SemiSyntheticModel>> = {
  printed: printedModel,
  released: {
    ...printedModel, variant: 'released', noiseSd: 0.5 * Math.sqrt(0.005), splines: 'released quartic', outcomes: 2,
      beta: 0,
    fading: 'root', policy: {...printedModel.policy, lags: [0, 3], treatment: 'probability'},
  },
  informative: {
    ...printedModel, variant: 'informative', scale: 'logarithms', standardised: true, beta: -3,
    policy: {...printedModel.policy, hidden: [1, 1]},
  },
};

/** What is to be changed of a variant; see {@link semiSyntheticModel}. */
export interface SemiSyntheticChanges extends Partial<Omit<SemiSyntheticModel, 'variant' | 'policy'>> {
  /** gamma_eps of both treatments, finite, usually 0 ... 4. Default: the variant's. */
  readonly strength?: number;
  readonly policy?: Partial<SemiSyntheticModel['policy']>;
}

/**
 * A variant by name, with changes.
 * @throws ArgumentError for a name that does not exist, a window below 1 or a number that is not finite
 */
export function semiSyntheticModel(variant: SemiSyntheticVariant,
  changes: SemiSyntheticChanges = {}): SemiSyntheticModel {
  const fn = 'semiSyntheticModel', {strength, policy, ...others} = changes;
  expect(Object.hasOwn(MODELS, variant), {
    fn, argument: 'variant', expected: "'released', 'printed' or 'informative'", received: variant,
  });
  const base = MODELS[variant], hidden = strength === undefined ? {} : {hidden: [strength, strength] as const};
  const model: SemiSyntheticModel = {...base, ...others, policy: {...base.policy, ...hidden, ...policy}};
  expectWhole(fn, {window: model.window});
  const {outcome, hidden: strengths, bias} = model.policy;
  const numbers = {strength: strengths, beta: [model.beta], noiseSd: [model.noiseSd], outcome, bias};
  for (const [argument, received] of Object.entries(numbers))
    expect(received.every(Number.isFinite), {fn, argument, expected: 'finite', received});
  expect(model.noiseSd > 0, {fn, argument: 'noiseSd', expected: 'above 0', received: model.noiseSd});
  return Object.freeze(model);
}
