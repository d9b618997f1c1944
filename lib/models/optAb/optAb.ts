import {expect} from '../../errors';
import type {Network} from '../network';
import {balancingLoss, balancingStrength} from '../adjustment/balancing';
import {expectPolicy, type Policy} from '../adjustment/propensity';
import {cdeForecaster, type CdeForecasterParams} from '../neuralCde/forecaster';
import type {NeuralCdeOptions} from '../neuralCde/settings';
import {expectNotNegative} from '../parts/options';
import {held} from './held';
import {saturatedAdversary} from './saturated';

/** Options of {@link optAb}. */
export interface OptAbOptions extends NeuralCdeOptions {
  /**
   * Largest strength of the reversed gradient from the treatment head, >= 0; default 0.001. 0 turns balancing off. Not
   * used by `'saturated'`.
   */
  readonly balancing?: number;
  /**
   * `'followed'`: the decoder follows the whole plan (default). `'held'`: it is shown the first planned treatment only
   * and takes it to go on, as the original does.
   */
  readonly plan?: 'followed' | 'held';
  /** What the treatment head takes treatments for; default `'bernoulli'`, on or off. */
  readonly policy?: Policy;
  /** `'reversal'`: a balancing term that works (default). `'saturated'`: the released one; see `saturatedAdversary`. */
  readonly adversary?: 'reversal' | 'saturated';
}

/**
 * OptAB: a neural CDE reads the history, another one forecasts the outcome of interest and side effects together under
 * treatments that are on or off; wrap it in `binaryTreatments` unless the data are so already. Every outcome of the
 * data counts the same in the loss.
 *
 * What it adjusts for: at most the first planned treatment, through a representation from which a treatment head cannot
 * tell it. What was said of later treatments for `doseAi` holds here too.
 * @throws ArgumentError for options outside their ranges.
 * @reference Wendland, Schenkel-Häger, Wenningmann, Kschischo 2024, OptAB, npj Digital Medicine,
 * doi:10.1038/s41746-024-01350-y
 * @reference Ganin, Lempitsky 2015, arXiv:1409.7495 (gradient reversal)
 */
export function optAb(
  {balancing = 0.001, plan = 'followed', adversary = 'reversal', policy = 'bernoulli', ...options}: OptAbOptions = {},
): Network<CdeForecasterParams> {
  expectNotNegative('optAb', {balancing});
  expectPolicy('optAb', policy);
  expect(['followed', 'held'].includes(plan), {
    fn: 'optAb', argument: 'plan', expected: "'followed' or 'held'", received: plan,
  });
  expect(['reversal', 'saturated'].includes(adversary), {
    fn: 'optAb', argument: 'adversary', expected: "'reversal' or 'saturated'", received: adversary,
  });
  return cdeForecaster({
    fn: 'optAb', name: plan === 'held' ? 'OptAB, treatment held' : 'OptAB', policy,
    config: {balancing, plan, adversary, policy},
    seen: plan === 'held' ? held : undefined,
    balance: (head, rows, {progress}) => (adversary === 'saturated'
      ? saturatedAdversary(head, rows.representation, rows.treatments)
      : balancingLoss(head, rows, balancingStrength(progress, balancing), policy)),
  }, options);
}
