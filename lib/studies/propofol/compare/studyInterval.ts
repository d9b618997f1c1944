import {expectWhole} from '../../../errors';
import {fold, integers, type Rng} from '../../../math';
import {middle} from '../fit/score';

/** A number with an interval that tells what other studies might have given. */
export interface StudyInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Options of {@link studyInterval}. */
export interface StudyIntervalOptions {
  readonly rng: Rng;
  /** Sets of studies that are drawn, >= 100. Default 2,000. */
  readonly draws?: number;
}

/**
 * Median over people, or the difference of two medians over the same people, with a 95 % interval from drawing studies
 * with replacement: people of one study share pumps, sites and laboratories, so they do not count one by one.
 * @param studies `[n]` @param errors `[n]` @param other `[n]`: subtract their median
 * @throws ArgumentError for fewer than 100 draws, no people, or errors that are NaN
 * @reference Efron, Tibshirani 1993, An introduction to the bootstrap. ISBN 978-0-412-04231-7
 */
export function studyInterval(
  studies: readonly number[], errors: Float64Array, {rng, draws = 2000}: StudyIntervalOptions, other?: Float64Array,
): StudyInterval {
  expectWhole('studyInterval', {draws}, 100);
  const groups = [...new Set(studies)].map(study => [...studies.keys()].filter(i => studies[i] === study));
  const statistic = (rows: readonly number[]) =>
    middle(rows.map(i => errors[i])) - (other ? middle(rows.map(i => other[i])) : 0);
  const found = Array.from({length: draws}, (_, k) =>
    statistic(Array.from(integers(fold(rng, k), groups.length, {high: groups.length})).flatMap(g => groups[g])));
  const sorted = found.sort((a, b) => a - b), at = (p: number) => sorted[Math.round(p * (draws - 1))];
  return Object.freeze({value: statistic([...studies.keys()]), low: at(0.025), high: at(0.975)});
}
