import type {History, Plan} from '../../data';
import {expect} from '../../errors';
import {ndarray, type NdArray} from '../../math';
import {sigmoid, twoStepNumbers, type TwoStepOptions} from './cohort';

/**
 * What would happen on average: `E[Y1 | Y0, do(A0)] = Y0 + b A0` and `E[Y2 | Y0, do(A0, A1)] = Y0 + b A0 + b A1`.
 * @param history known up to time 0 @param plan of both treatments
 * @returns `[units, 2, 1]`
 * @throws ArgumentError for a history or plan of another length
 */
export function twoStepTruth(history: History, plan: Plan, options: TwoStepOptions = {}): NdArray {
  const {effect} = twoStepNumbers('twoStepTruth', options);
  return eachUnit('twoStepTruth', history, plan, (y, first, second) =>
    [y + effect * first, y + effect * (first + second)]);
}

/**
 * What was recorded on average among units that happened to be treated like this: `E[Y2 | Y0, A0, A1]`, the answer of a
 * regression of the later outcome on the present one and both treatments. It is {@link twoStepTruth} plus
 * {@link twoStepBias} .
 * @returns `[units, 2, 1]`
 * @throws ArgumentError for a history or plan of another length, or options outside their ranges
 */
export function twoStepRegression(history: History, plan: Plan, options: TwoStepOptions = {}): NdArray {
  const {effect} = twoStepNumbers('twoStepRegression', options);
  return eachUnit('twoStepRegression', history, plan, (y, first, second) =>
    [y + effect * first, y + effect * (first + second) + twoStepBias(y + effect * first, second, options)]);
}

/**
 * `E[e1 | Y0 + b A0 = centre, A1 = treated]`: whoever is treated at time 1 had the worse luck before, and a regression
 * that does not know Y1 takes the luck for the treatment's effect. Zero without confounding.
 * @param centre mean of Y1 given the past @param treated 1 or 0
 * @throws ArgumentError for another `treated`, or options outside their ranges
 */
export function twoStepBias(centre: number, treated: number, options: TwoStepOptions = {}): number {
  const {confounding, noise} = twoStepNumbers('twoStepBias', options);
  expect(treated === 0 || treated === 1, {
    fn: 'twoStepBias', argument: 'treated', expected: '0 or 1', received: treated,
  });
  const likelihood = (e: number): number => sigmoid((treated ? 1 : -1) * confounding * (centre + e));
  const step = Math.min(0.1, 0.5 / (Math.abs(confounding) * noise));
  return gaussianMean(e => e * likelihood(e), noise, step) / gaussianMean(likelihood, noise, step);
}

/**
 * Mean of `f(e)`, `e ~ N(0, sd^2)`, in float64, over 9 standard deviations on both sides. The trapezoid rule errs by
 * `exp(-2 pi d / step)` for a function without poles nearer than d to the real line (a sigmoid's stand pi / confounding
 * off), so this plain grid is as exact as the arithmetic. @param step in standard deviations
 */
function gaussianMean(f: (e: number) => number, sd: number, step: number): number {
  const half = Math.ceil(9 / step);
  let sum = 0;
  for (let k = -half; k <= half; k++) sum += f(k * step * sd) * Math.exp(-((k * step) ** 2) / 2);
  return sum * step / Math.sqrt(2 * Math.PI);
}

function eachUnit(
  fn: string, history: History, plan: Plan,
  answer: (y: number, first: number, second: number) => readonly [number, number],
): NdArray {
  const [units, known] = history.outcomes.shape, [rows, steps] = plan.treatments.shape;
  expect(known === 1, {fn, argument: 'history', expected: 'known up to time 0', received: history.outcomes.shape});
  expect(steps === 2 && rows === units, {
    fn, argument: 'plan', expected: `for ${units} units and 2 steps`, received: plan.treatments.shape,
  });
  const {data: y} = history.outcomes, {data: a} = plan.treatments;
  return ndarray(
    [units, 2, 1],
    Float64Array.from(Array.from({length: units}, (_, i) => answer(y[i], a[2 * i], a[2 * i + 1])).flat()),
  );
}
