import {foldsOf} from '../../../estimation';
import {fold, type Rng} from '../../../math';
import type {PropofolRecord} from '../data/record';
import type {FittedMethod, PropofolMethod, Predictor} from '../fit/method';
import {medianErrors, performance} from '../fit/score';

/** How a method did on people of studies that it had not seen. */
export interface CrossValidated {
  readonly name: string;
  /** `[n]`: median error of each person. */
  readonly errors: Float64Array;
  /** Error in percent, the median and the median of its size, over all samples. */
  readonly mdpe: number;
  readonly mdape: number;
  /** What was chosen, fold by fold. */
  readonly notes: readonly string[];
  /** Which part each person is in, and what was learned without each part. */
  readonly parts: ArrayLike<number>;
  readonly fitted: readonly FittedMethod[];
}

/** Options of {@link crossValidated}. */
export interface CrossValidationOptions {
  /** Parts of studies, >= 2. Default 5. */
  readonly folds?: number;
  /** Deals out the studies, the same way for every method. */
  readonly rng: Rng;
}

/** Predicts everybody from studies other than their own: studies are dealt out to parts, each told from the others. */
export function crossValidated(
  method: PropofolMethod, people: readonly PropofolRecord[], {folds = 5, rng}: CrossValidationOptions,
): CrossValidated {
  const parts = foldsOf(people.map(({study}) => study), folds, fold(rng, 'parts'));
  const fitted = Array.from({length: folds}, (_, part) =>
    method.fit(people.filter((_, i) => parts[i] !== part), fold(fold(rng, 'fit'), part)));
  return judged(method.name, people, {parts, fitted});
}

/** The mean, on the scale of logarithms, of what several methods predict that were learned from the same parts. */
export function together(
  name: string, methods: readonly CrossValidated[], people: readonly PropofolRecord[],
): CrossValidated {
  const [{parts}] = methods, fitted = methods[0].fitted.map((_, part): FittedMethod => ({predict: subject => {
    const told = methods.map(method => method.fitted[part].predict(subject));
    return told[0].map((_v, k) => told.reduce((sum, values) => sum + values[k], 0) / told.length);
  }}));
  return judged(name, people, {parts, fitted});
}

function judged(
  name: string, people: readonly PropofolRecord[], {parts, fitted}: Pick<CrossValidated, 'parts' | 'fitted'>,
): CrossValidated {
  const byPerson = new Map(people.map((record, i) => [record as unknown, fitted[parts[i]].predict]));
  const predict: Predictor = subject => byPerson.get(subject)!(subject);
  return Object.freeze({
    name, errors: medianErrors(predict, people), ...performance(predict, people), parts, fitted,
    notes: fitted.flatMap(({note}) => note ?? []),
  });
}
