import {expect} from '../../../errors';
import type {Compartments} from './compartments';
import {modesOf} from './modes';

/** The highest concentration at the effect site after a bolus. */
export interface EffectPeak {
  /** mg/L */
  readonly concentration: number;
  /** Minutes after the bolus. */
  readonly time: number;
}

/**
 * The peak at the effect site after a bolus at time 0. All is in proportion to the dose.
 * @param dose mg, above 0
 * @throws ArgumentError for a dose that is not above 0, or compartments that cannot be
 */
export function effectPeak(compartments: Compartments, dose: number): EffectPeak {
  expect(dose > 0 && dose < Infinity, {
    fn: 'effectPeak', argument: 'dose', expected: 'finite and above 0', received: dose,
  });
  const at = effectAfterBolus(compartments), slope = (t: number) => at(t * (1 + 1e-6)) - at(t * (1 - 1e-6));
  let low = 1e-3, high = 1;
  while (slope(high) > 0) high *= 2;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return {concentration: dose * at(low), time: low};
}

/** Concentration at the effect site [mg/L per mg], minutes after a bolus. */
export function effectAfterBolus(compartments: Compartments): (minutes: number) => number {
  const {rates, weights} = modesOf(compartments), {ke0} = compartments;
  return t => rates.reduce((sum, rate, i) =>
    sum + weights[i] * ke0 / (ke0 - rate) * (Math.exp(-rate * t) - Math.exp(-ke0 * t)), 0);
}
