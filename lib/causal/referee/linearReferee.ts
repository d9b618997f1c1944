import {expect} from '../../errors';
import {intervene, linearPrediction, linearScm, regress, type LinearPrediction, type LinearScm} from './linearScm';
import {stateSpaceModel, unroll, type StateSpaceModelOptions} from '../graph/unroll';

/** Numbers of the scalar linear state-space model. */
export interface LinearStateSpaceOptions extends StateSpaceModelOptions {
  /** Number of time points, >= 2; default 4. */
  readonly steps?: number;
  /** z' = decay z + effect a + noise; default 0.9. */
  readonly decay?: number;
  /** Effect of the treatment on the state; default 0.5. */
  readonly effect?: number;
  /** Weight of the hidden confounder in treatment and outcome, the strength of confounding; default 1. */
  readonly confounding?: number;
  /** How much the policy leans on the present outcome (a quarter of it on each earlier value); default 0.6. */
  readonly policy?: number;
  /** Memory of the confounder where it is a process; default 0.8. */
  readonly memory?: number;
  /** Standard deviation of the state's own noise, >= 0; default 0.3. */
  readonly stateNoise?: number;
  /** Standard deviation of the outcome's own noise, >= 0; default 0.4. */
  readonly outcomeNoise?: number;
}

/**
 * The numbers of {@link linearStateSpace} , defaults filled in; `policyNoise` is the standard deviation of the
 * treatment's own noise.
 */
export function stateSpaceNumbers({
  decay = 0.9, effect = 0.5, confounding = 1, policy = 0.6, memory = 0.8, stateNoise = 0.3, outcomeNoise = 0.4,
}: LinearStateSpaceOptions) {
  return {decay, effect, confounding, policy, memory, stateNoise, outcomeNoise, policyNoise: 0.7};
}

/**
 * The state-space model of figure 1 with linear mechanisms: `Z_{t+1} = decay Z_t + effect A_t + w`,
 * `Y_t = Z_t + c ε_t + v`, `A_t = policy of the past + c ε_t + n`.
 * @throws ArgumentError unless `steps` is a whole number >= 2.
 * @paper equation (3), linear case
 */
export function linearStateSpace(options: LinearStateSpaceOptions = {}): LinearScm {
  const {steps = 4} = options;
  const {decay, effect, confounding, policy, memory, stateNoise, outcomeNoise, policyNoise} =
    stateSpaceNumbers(options);
  expect(Number.isInteger(steps) && steps >= 2, {
    fn: 'linearStateSpace', argument: 'steps', expected: 'a whole number >= 2', received: steps,
  });
  const graph = unroll(stateSpaceModel(options), {steps, measured: ['Z']});
  const same = (a: string, b: string) => a.slice(1) === b.slice(1);
  return linearScm(graph, (a, b) => {
    switch (`${a[0]}${b[0]}`) {
      case 'ZZ': return decay;
      case 'AZ': return effect;
      case 'ZY': return 1;
      case 'εA': case 'εY': return confounding;
      case 'εε': return memory;
      case 'YA': return same(a, b) ? policy : policy / 4;
      default: return policy / 4;
    }
  }, node => ({Z: node === 'Z0' ? 1 : stateNoise, Y: outcomeNoise, A: policyNoise, ε: 1}[node[0]] ?? 1));
}

/** Three answers to "what will Y be if we set A": see {@link compareLinear}. */
export interface LinearComparison {
  /** Surgery on the model, then exact conditioning. */
  readonly truth: LinearPrediction;
  /** Equation (4): filter, one state step, measurement, each from the observed law with Z measured. */
  readonly formula: LinearPrediction;
  /** The regression of the outcome on history and treatment as they were observed. */
  readonly naive: LinearPrediction;
}

/**
 * Truth, equation (4) and plain regression for the outcome one step after time `decision`, as linear predictions from
 * the planned treatment, the present outcome and the past.
 * @throws ArgumentError unless `decision` is a whole number >= 0.
 */
export function compareLinear(scm: LinearScm, decision: number): LinearComparison {
  return answers((target, given) => linearPrediction(scm, target, given), (target, given) =>
    linearPrediction(intervene(scm, [`A${decision}`]), target, given), decision);
}

/**
 * Equation (4) and plain regression estimated from a sample by least squares.
 * @throws ArgumentError unless `decision` is a whole number >= 0.
 */
export function estimateLinear(
  columns: Readonly<Record<string, Float64Array>>, decision: number,
): Omit<LinearComparison, 'truth'> {
  const fit: Predict = (target, given) => regress(columns, target, given);
  const {formula, naive} = answers(fit, fit, decision);
  return {formula, naive};
}

type Predict = (target: string, given: readonly string[]) => LinearPrediction;

function answers(observed: Predict, intervened: Predict, c: number): LinearComparison {
  expect(Number.isInteger(c) && c >= 0, {
    fn: 'compareLinear', argument: 'decision', expected: 'a whole number >= 0', received: c,
  });
  const seen = [`Y${c}`, ...Array.from({length: c}, (_, k) => [`A${k}`, `Y${k}`]).flat()], a = `A${c}`;
  const outcome = `Y${c + 1}`;
  const filter = observed(`Z${c}`, seen), step = observed(`Z${c + 1}`, [a, `Z${c}`]);
  const measure = observed(outcome, [`Z${c + 1}`]);
  const h = measure.coefficients[`Z${c + 1}`], f = step.coefficients[`Z${c}`];
  const formula: LinearPrediction = {
    target: outcome,
    coefficients:
      {[a]: h * step.coefficients[a], ...Object.fromEntries(seen.map(s => [s, h * f * filter.coefficients[s]]))},
    variance: h * h * (f * f * filter.variance + step.variance) + measure.variance,
  };
  return {truth: intervened(outcome, [a, ...seen]), formula, naive: observed(outcome, [a, ...seen])};
}
