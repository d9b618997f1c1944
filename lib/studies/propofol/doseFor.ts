import {expect, expectWhole} from '../../errors';
import {normal, type Rng} from '../../math';
import {fromLogs, logsOf} from './fit/covariateModel';
import {BETWEEN_PEOPLE} from './simulatedPeople';
import type {Compartments} from './kinetics/compartments';
import {effectPeak} from './kinetics/effectPeak';

/**
 * The bolus, in mg, with a peak of `target` at the effect site. All is in proportion to the dose. A number of a model,
 * not for clinical use.
 * @param target mg/L
 * @throws ArgumentError for a target that is not above 0
 */
export function doseFor(compartments: Compartments, target: number): number {
  expect(target > 0 && target < Infinity, {
    fn: 'doseFor', argument: 'target', expected: 'finite and above 0', received: target,
  });
  return target / effectPeak(compartments, 1).concentration;
}

/** Variance of log ke0 between people, as published with {@link BETWEEN_PEOPLE}. */
const KE0 = 0.702;

/**
 * People of one kind: compartments times chance, with published variances.
 * @param count of people, >= 1 @param share of the published standard deviations, >= 0. Default 1
 * @throws ArgumentError for a count that is no whole number, or compartments that cannot be
 */
export function ofOneKind(compartments: Compartments, count: number, rng: Rng, share = 1): Compartments[] {
  expectWhole('ofOneKind', {count});
  const draws = normal(rng, 7 * count), logs = logsOf(compartments);
  return Array.from({length: count}, (_, i) => fromLogs(
    logs.map((v, k) => v + share * Math.sqrt(BETWEEN_PEOPLE[k]) * draws[7 * i + k]),
    compartments.ke0 * Math.exp(share * Math.sqrt(KE0) * draws[7 * i + 6]),
  ));
}
