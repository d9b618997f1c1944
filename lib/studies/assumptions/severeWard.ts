import {expect, expectWhole} from '../../errors';
import {fold, mean, normal, uniform, type Rng} from '../../math';

/** A ward in which the severe are treated by rule. */
export interface SevereWardOptions {
  /** By how much treatment lowers the score of a severe patient; finite. Of the others: by 1. */
  readonly gain: number;
  /** Mean score of an untreated severe patient, finite; 0 for the others. */
  readonly base: number;
  /** Share of the severe who go untreated all the same, in [0, 1). 0: the rule leaves no choice. */
  readonly untreated: number;
  /** At least 10. */
  readonly patients: number;
}

/** What the records of the ward hold. */
export interface SevereWard {
  /** `[patients]` */
  readonly scores: Float64Array;
  /** How many severe patients went untreated. */
  readonly severeUntreated: number;
  /** Mean score of the treated severe minus that of the untreated severe; undefined where there are none of these. */
  readonly estimate: number | undefined;
}

/**
 * Positivity fails where `untreated` is 0: worlds with the same `base - gain` then leave the same records, whatever the
 * gain, so nothing can tell how much treatment helps the severe.
 * @throws ArgumentError for options outside their ranges
 */
export function severeWard(rng: Rng, {gain, base, untreated, patients}: SevereWardOptions): SevereWard {
  const fn = 'severeWard';
  for (const [argument, received] of Object.entries({gain, base}))
    expect(Number.isFinite(received), {fn, argument, expected: 'a finite number', received});
  expect(untreated >= 0 && untreated < 1, {fn, argument: 'untreated', expected: 'in [0, 1)', received: untreated});
  expectWhole(fn, {patients}, 10);
  const kind = uniform(fold(rng, 'kind'), patients), coin = uniform(fold(rng, 'coin'), patients);
  const isSevere = (i: number) => kind[i] < 0.5;
  const isTreated = (i: number) => coin[i] < (isSevere(i) ? 1 - untreated : 0.5);
  const scores = normal(fold(rng, 'noise'), patients)
    .map((e, i) => e + (isSevere(i) ? base : 0) - (isTreated(i) ? (isSevere(i) ? gain : 1) : 0));
  const severe = (wanted: boolean) => scores.filter((_, i) => isSevere(i) && isTreated(i) === wanted);
  const [treated, others] = [severe(true), severe(false)];
  return {
    scores, severeUntreated: others.length, estimate: others.length > 0 ? mean(treated) - mean(others) : undefined,
  };
}
