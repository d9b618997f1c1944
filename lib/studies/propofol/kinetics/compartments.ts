import {expect} from '../../../errors';
import type {ControlSystem} from '../../../systems';

/** Blood, quick tissue and slow tissue, with an effect site in the brain. */
export interface Compartments {
  /** Volumes of blood, quick and slow tissue [L], above 0. */
  readonly v1: number;
  readonly v2: number;
  readonly v3: number;
  /** Clearance [L/min], above 0. */
  readonly cl: number;
  /** Exchange of blood with quick and slow tissue [L/min], above 0. */
  readonly q2: number;
  readonly q3: number;
  /** How fast the effect site follows blood [1/min], above 0. */
  readonly ke0: number;
}

/** Rate constants [1/min]. */
export interface RateConstants {
  readonly k10: number;
  readonly k12: number;
  readonly k21: number;
  readonly k13: number;
  readonly k31: number;
}

/** Rate constants of compartments. @throws ArgumentError unless all numbers are finite and above 0 */
export function rateConstants({v1, v2, v3, cl, q2, q3, ke0}: Compartments): RateConstants {
  for (const [name, received] of Object.entries({v1, v2, v3, cl, q2, q3, ke0}))
    expect(received > 0 && received < Infinity, {
      fn: 'rateConstants', argument: `compartments.${name}`, expected: 'finite and above 0', received,
      remedy: 'Some published formulas leave their range for children and for the very heavy.',
    });
  return {k10: cl / v1, k12: q2 / v1, k21: q2 / v2, k13: q3 / v1, k31: q3 / v3};
}

/**
 * Amounts of drug in blood and two tissues [mg], and the concentration at the effect site [mg/L]; the input is the
 * infusion [mg/min]. Read as formulas, in numbers or as tensors like every system of the library. A bolus is a jump of
 * the first state, and not in the formulas.
 * @reference Gibaldi & Perrier 1982, Pharmacokinetics, chapter 2, ISBN 978-0-8247-1042-2
 */
export const propofolSystem: ControlSystem = Object.freeze<ControlSystem>({
  name: 'propofol', states: ['x1', 'x2', 'x3', 'ce'], inputs: ['u'], outputs: ['x1 / v1'],
  dynamics: [
    '-(cl + q2 + q3) / v1 * x1 + q2 / v2 * x2 + q3 / v3 * x3 + u', 'q2 / v1 * x1 - q2 / v2 * x2',
    'q3 / v1 * x1 - q3 / v3 * x3', 'ke0 * (x1 / v1 - ce)',
  ],
  constants: {v1: 6.28, v2: 25.5, v3: 273, cl: 1.79, q2: 1.83, q3: 1.11, ke0: 0.146},
  region: [[0.1, 200], [0.1, 200], [0.1, 400], [0.1, 10]], inputRange: [[0, 100]],
  units: {
    time: 'min', x1: 'mg', x2: 'mg', x3: 'mg', ce: 'mg/L', u: 'mg/min', v1: 'L', v2: 'L', v3: 'L', cl: 'L/min',
    q2: 'L/min', q3: 'L/min', ke0: '1/min', 'x1 / v1': 'mg/L',
  },
  reference: 'Gibaldi & Perrier 1982, Pharmacokinetics, chapter 2, ISBN 978-0-8247-1042-2',
});
