import {foldsOf} from '../../../estimation';
import {expect} from '../../../errors';
import {fold} from '../../../math';
import type {PropofolRecord} from '../data/record';
import type {PropofolMethod} from './method';
import {medianErrors, middle} from './score';

/** Options of {@link chosenMethod}. */
export interface ChosenOptions {
  readonly name: string;
  /** Parts, by study, in which candidates are compared, >= 2. Default 3. */
  readonly folds?: number;
}

/**
 * The candidate that does best inside the training data: studies are put into parts, each part is predicted from the
 * others, and the smallest median over people wins, then learns from all training data. The people it is judged on
 * later have no say.
 * @throws ArgumentError without a candidate, or, from `fit`, for fewer studies than parts
 */
export function chosenMethod(candidates: readonly PropofolMethod[], {name, folds = 3}: ChosenOptions): PropofolMethod {
  expect(candidates.length > 0, {
    fn: 'chosenMethod', argument: 'candidates', expected: 'at least one', received: candidates.length,
  });
  return Object.freeze<PropofolMethod>({
    name,
    fit(training, rng) {
      const parts = foldsOf(training.map(({study}) => study), folds, fold(rng, 'inner parts'));
      const scores = candidates.map(method => middle(outOfPart(method, training, {parts, folds, rng})));
      const best = candidates[scores.indexOf(Math.min(...scores))], fitted = best.fit(training, fold(rng, 'all'));
      return {...fitted, note: [best.name, fitted.note].filter(Boolean).join('; ')};
    },
  });
}

/** Parts that people are in, and what draws. */
export interface Parted {
  /** `[n]` */
  readonly parts: ArrayLike<number>;
  readonly folds: number;
  readonly rng: Parameters<PropofolMethod['fit']>[1];
}

/** Median errors of people `[n]`, each predicted from the parts that they are not in. */
export function outOfPart(
  method: PropofolMethod, people: readonly PropofolRecord[], {parts, folds, rng}: Parted,
): Float64Array {
  const errors = new Float64Array(people.length);
  for (let part = 0; part < folds; part++) {
    const own = people.filter((_, i) => parts[i] === part);
    if (own.length === 0) continue;
    const {predict} = method.fit(people.filter((_, i) => parts[i] !== part), fold(rng, part));
    const told = medianErrors(predict, own);
    people.filter((_, i) => parts[i] === part).forEach((record, k) => (errors[people.indexOf(record)] = told[k]));
  }
  return errors;
}
