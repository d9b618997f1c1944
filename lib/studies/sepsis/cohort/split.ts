import {splitGroups} from '../../../data/groups';
import type {Trajectories} from '../../../data/trajectories';
import {takeUnits} from '../../../data/units';
import {trainingSd, type Scaling} from '../../../evaluation/scaling';
import {expect} from '../../../errors';
import type {Rng} from '../../../math/rng';
import {imputer, type ImputeOptions} from './impute';
import type {SepsisTask} from './task';

/** Three sets of stays that share no person. */
export interface SepsisSplit {
  readonly train: Trajectories;
  readonly validation: Trajectories;
  readonly test: Trajectories;
  /**
   * Spread of what was measured in the training stays, in which errors are counted. Filled values take no part: there
   * are more of them than measured ones in some channels, and they differ little.
   */
  readonly scaling: Scaling;
  /** Fills what is missing at hour 0 in other stays of the same channels, by what was learned from `train`. */
  readonly fill: (others: Trajectories) => Trajectories;
}

/**
 * Splits stays at random into 64 % to train, 16 % to validate and 20 % to test, all stays of a person together, as the
 * paper does with patients (80/20, twice). What is missing at hour 0 is filled by the nearest training stays.
 * @param rng `fold(rng(seed), 'split 3')` gives a third one
 * @throws ArgumentError for fewer than 5 stays, or options out of range
 * @paper A.3.3
 */
export function sepsisSplit(task: SepsisTask, rng: Rng, options: ImputeOptions = {}): SepsisSplit {
  const {trajectories, persons} = task, n = persons.length;
  expect(n >= 5, {fn: 'sepsisSplit', argument: 'task', expected: 'of at least 5 stays', received: n});
  const test = Math.round(0.2 * n), validation = Math.round(0.2 * (n - test));
  const rows = splitGroups(persons, [n - test - validation, validation, test], rng);
  const [a, b, c] = rows.map(set => takeUnits(trajectories, set)), fill = imputer(a, options);
  return Object.freeze({train: fill(a), validation: fill(b), test: fill(c), scaling: trainingSd(a), fill});
}
