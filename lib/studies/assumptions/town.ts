import {expect, expectWhole} from '../../errors';
import {fold, uniform, type Rng} from '../../math';
import {meanDifference} from './meanDifference';

/** A town of people, some of them vaccinated. */
export interface TownOptions {
  /** Share of the people who are treated, in (0, 1). */
  readonly share: number;
  /** Whether the risk falls with the share treated; without contagion it is 0.2 for the untreated. Default true. */
  readonly contagion?: boolean;
  /** At least 10. */
  readonly people: number;
}

/** Infections of treated and untreated people. */
export interface TownEffect {
  /** Share infected. */
  readonly treated: number;
  readonly untreated: number;
  /** Their difference. */
  readonly effect: number;
  readonly standardError: number;
}

/**
 * Interference: the risk of infection is `0.4 (1 - share treated)`, a quarter of that for the treated, so the effect of
 * treating one depends on how many others are treated.
 * @throws ArgumentError for options outside their ranges
 */
export function townEffect(rng: Rng, {share, contagion = true, people}: TownOptions): TownEffect {
  expect(share > 0 && share < 1, {fn: 'townEffect', argument: 'share', expected: 'in (0, 1)', received: share});
  expectWhole('townEffect', {people}, 10);
  const coin = uniform(fold(rng, 'coin'), people), luck = uniform(fold(rng, 'luck'), people);
  const risk = 0.4 * (contagion ? 1 - share : 0.5), isTreated = (i: number) => coin[i] < share;
  const infected = luck.map((u, i) => (u < risk * (isTreated(i) ? 0.25 : 1) ? 1 : 0));
  const {group: treated, others: untreated, ...difference} = meanDifference(infected, isTreated);
  return {treated, untreated, ...difference};
}
