import {
  comparedMethod, comparedMethods, type ComparedForecaster, type ComparedMethod, type ComparedMethodsOptions,
} from '../../experiments';
import {crn, gNet, latentNode, obsNode, type Policy} from '../../models';
import type {LearningOptions} from '../../training';

/** Options of {@link semiSyntheticForecasters}. */
export interface SemiSyntheticForecastersOptions extends ComparedMethodsOptions {
  /** Passes over the patients, each seen twice a pass, the same for every method; default 40. */
  readonly epochs?: number;
  /** Folder for checkpoints and training times. Default: none are written. */
  readonly checkpoints?: string;
  /**
   * `'bernoulli'`: treatments are given or not (default). `'gaussian'`: they are numbers, as in the released variant,
   * whose treatments are probabilities.
   */
  readonly policy?: Policy;
  /** Learning rate to start from, > 0, for every method; it falls to a hundredth. Default: each method's own. */
  readonly rate?: number;
  /** Changes to the training, for every method. */
  readonly training?: Partial<LearningOptions>;
}

/**
 * Strength of CRN's balancing where treatments are numbers, by the error on validation patients of three draws that no
 * table uses. The released treatments all but follow from the outcomes; their log density then has hardly a bound, and
 * at the strength that suits coins its gradient drives out of the representation what the outcomes depend on.
 */
const BALANCE_OF_NUMBERS = 1e-4;

/** Methods whose sizes or strengths are not those of the other comparisons. */
const SIZED: readonly ComparedMethod[] = [
  comparedMethod({
    treatments: 'doses', adjusts: 'none', network: () => latentNode({blocks: 12, width: 48, hidden: 64}),
  }),
  comparedMethod({treatments: 'doses', adjusts: 'g-formula', network: () => gNet({hidden: 64, width: 64})}),
  comparedMethod({
    treatments: 'on or off', adjusts: 'balance at every step',
    network: policy => crn(policy === 'gaussian' ? {policy, balance: BALANCE_OF_NUMBERS} : {policy}),
  }),
];

/**
 * ObsNODE that recognises its state anew after each hour of its own forecast: here the state at the decision alone, as
 * small as the normal form makes it, does not remember enough of past treatments. @paper A.2
 */
const RECURSIVE: ComparedMethod = comparedMethod({
  treatments: 'doses', adjusts: 'none',
  network: () => ({...obsNode({width: 32, hidden: 48, scheme: 'recursive'}), name: 'recursive ObsNODE'}),
});

/** What a method's training has that is not common to all. */
interface Own {
  readonly rate: number;
  /** Hours ahead that its loss looks; default 6. */
  readonly horizon?: number;
}

/**
 * Rates by the error on validation patients of a draw that no table uses. Sizes, G-Net's longer horizon and the
 * recursive form were chosen on that draw as well, with its errors under other plans in view.
 */
const OWN: Readonly<Record<string, Own>> = Object.freeze({
  'G-Net': {rate: 18e-3, horizon: 24}, 'CRN': {rate: 18e-3}, 'RMSN': {rate: 18e-3},
});

const HOURS = 49;

/**
 * The learned methods of the comparison for semi-synthetic patients, with ObsNODE a second time, in its recursive form:
 * decision times from the second hour on, as far as the whole horizon lies inside the series, and one way of choosing
 * weights for all.
 * @paper section 5.2, A.3.2
 * @throws ArgumentError for a method that does not exist
 */
export function semiSyntheticForecasters(
  {epochs = 40, checkpoints, models, more = [], policy = 'bernoulli', rate, training = {}}
  : SemiSyntheticForecastersOptions = {},
): ComparedForecaster[] {
  const listed = comparedMethods('semiSyntheticForecasters', {models, more: [RECURSIVE, ...more]});
  return listed.map(method => {
    const {name, adjusts, treatments, learn} = SIZED.find(sized => sized.name === method.name) ?? method;
    const {rate: best, horizon = 6} = OWN[name] ?? {rate: 6e-3}, from = rate ?? best;
    const decisions = Array.from({length: HOURS - 2 - horizon}, (_, k) => 1 + k);
    const forecaster = learn(policy, {
      epochs, batch: 228, repeats: 2, horizon, decisions, rate: {from, to: from / 100}, adam: {clipNorm: 1},
      ...(checkpoints === undefined ? {} : {checkpoints}), ...training,
    });
    return Object.freeze({name, adjusts, treatments, rate: from, forecaster});
  });
}
