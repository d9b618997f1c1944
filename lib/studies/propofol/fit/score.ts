import {expect} from '../../../errors';
import type {Subject} from './covariateModel';
import type {Predictor} from './method';

/** Median, the mean of the two middle ones where the count is even. @throws ArgumentError for no values, or NaN */
export function middle(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort(), n = sorted.length;
  expect(n > 0 && !sorted.some(Number.isNaN), {
    fn: 'middle', argument: 'values', expected: 'at least one number, none of them NaN', received: values,
  });
  return n % 2 === 1 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/**
 * Median over samples of `|log(predicted / measured)|`, for each person: `[n]`.
 * @throws ArgumentError for a person without samples, or a prediction that is NaN
 */
export function medianErrors(predict: Predictor, people: readonly Subject[]): Float64Array {
  return Float64Array.from(people, subject => middle(logErrorsOf(predict, subject).map(Math.abs)));
}

/** `log(predicted / measured)` of all samples of somebody, `[m]`. */
export function logErrorsOf(predict: Predictor, subject: Subject): Float64Array {
  const told = predict(subject);
  return told.map((v, k) => v - Math.log(subject.measured[k]));
}

/**
 * Error of all samples in percent of the prediction, as anaesthetists give it: the median, and the median of its size.
 * @throws ArgumentError for nobody, or a prediction that is NaN
 * @reference Varvel, Donoho, Shafer 1992, Measuring the predictive performance of computer-controlled infusion pumps.
 * doi:10.1007/BF01143186
 */
export function performance(predict: Predictor, people: readonly Subject[]): {mdpe: number; mdape: number} {
  const errors = people.flatMap(subject => Array.from(logErrorsOf(predict, subject), e => 100 * (Math.exp(-e) - 1)));
  return {mdpe: middle(errors), mdape: middle(errors.map(Math.abs))};
}
