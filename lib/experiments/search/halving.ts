import {expectWhole} from '../../errors';
import type {StudyTrial} from './replay';

/** Options of {@link halving}. */
export interface HalvingOptions {
  /** First step at which trials are compared, >= 1; default 1. */
  readonly first?: number;
  /** Of how many trials one goes on, and by how much the next comparison is later, >= 2; default 3. */
  readonly factor?: number;
}

/** Says of a trial that has just reported at `step` whether it should stop. */
export type Pruner = (trial: StudyTrial, step: number, trials: readonly StudyTrial[], sign: 1 | -1) => boolean;

/**
 * Successive halving without waiting: at the steps `first`, `first * factor`, `first * factor^2`, ... a trial goes on
 * if it is among the best `1 / factor` of those that have come so far. The first ones to come have nobody to be
 * compared with, and go on.
 * @throws ArgumentError for a step below 1, or a factor below 2
 * @reference Li et al. 2020, A system for massively parallel hyperparameter tuning, arXiv:1810.05934
 */
export function halving({first = 1, factor = 3}: HalvingOptions = {}): Pruner {
  expectWhole('halving', {first});
  expectWhole('halving', {factor}, 2);
  const isRung = (step: number) => {
    let rung = first;
    while (rung < step) rung *= factor;
    return rung === step;
  };
  return ({number, reported}, step, trials, sign) => {
    if (!isRung(step)) return false;
    const own = sign * reported.get(step)!;
    const others = trials.filter(other => other.number !== number && other.reported.has(step));
    const better = others.filter(other => sign * other.reported.get(step)! < own).length;
    return Number.isNaN(own) || better >= Math.max(1, Math.ceil((others.length + 1) / factor));
  };
}
