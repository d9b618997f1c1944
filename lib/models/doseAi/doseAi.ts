import type {Network} from '../network';
import {balancingLoss, balancingStrength} from '../adjustment/balancing';
import {expectPolicy, type Policy} from '../adjustment/propensity';
import {cdeForecaster, type CdeForecasterParams} from '../neuralCde/forecaster';
import type {NeuralCdeOptions} from '../neuralCde/settings';
import {expectNotNegative} from '../parts/options';

/** Options of {@link doseAi}. */
export interface DoseAiOptions extends NeuralCdeOptions {
  /** Largest strength of the reversed gradient from the dose head, >= 0; default 0.001. 0 turns balancing off. */
  readonly balancing?: number;
  /** How treatments are taken to be chosen; default `'gaussian'`, continuous doses. */
  readonly policy?: Policy;
}

/**
 * DoseAI: a neural CDE reads the history, another one follows continuous doses along the plan.
 *
 * A dose head keeps z(t_c) from telling which dose comes next. The original lowers the absolute rank correlation
 * between predicted and given dose, in encoder and head alike, so a head that learns nothing satisfies it. Here the
 * head fits a normal distribution of the dose, and its gradient reaches the encoder reversed: only a representation
 * that hides the dose satisfies it. Encoder and decoder are trained together, with fields of one hidden layer instead
 * of up to 26 layers.
 *
 * What it adjusts for: at most the first planned dose, through balance. Later doses answer to outcomes inside the plan,
 * which a decoder that goes straight to every horizon does not see: its forecasts under other plans keep that bias.
 * @throws ArgumentError for options outside their ranges.
 * @reference Wendland, Kschischo 2025, Dynamic dose optimization under side effect constraints using counterfactual
 * outcome prediction, LNCS 15735, ISBN 978-3-031-95841-0
 * @reference Ganin, Lempitsky 2015, arXiv:1409.7495 (gradient reversal)
 */
export function doseAi(
  {balancing = 0.001, policy = 'gaussian', ...options}: DoseAiOptions = {},
): Network<CdeForecasterParams> {
  expectNotNegative('doseAi', {balancing});
  expectPolicy('doseAi', policy);
  return cdeForecaster({
    fn: 'doseAi', name: 'DoseAI', policy, config: {balancing, policy},
    balance: (head, rows, {progress}) => balancingLoss(head, rows, balancingStrength(progress, balancing), policy),
  }, options);
}
