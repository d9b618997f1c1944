import {rateConstants, type Compartments, type RateConstants} from './compartments';

/**
 * What one mg given at once leaves in blood: a sum of three exponentials, `sum weights exp(-rates t)` [mg/L per mg].
 */
export interface Modes {
  /** `[3]` [1/min], above 0. */
  readonly rates: Float64Array;
  /** `[3]` [1/L], above 0. */
  readonly weights: Float64Array;
}

/** The exponentials of three compartments. @throws ArgumentError unless all volumes and flows are above 0 */
export function modesOf(compartments: Compartments): Modes {
  return modesOfRates(rateConstants(compartments), compartments.v1);
}

/** {@link modesOf} from rate constants [1/min] and the volume of blood [L], without checks. @internal */
export function modesOfRates({k10, k12, k21, k13, k31}: RateConstants, v1: number): Modes {
  const a2 = k10 + k12 + k13 + k21 + k31, a1 = k10 * (k21 + k31) + k12 * k31 + k13 * k21 + k21 * k31;
  const rates = positiveRoots(a2, a1, k10 * k21 * k31), weights = new Float64Array(3);
  for (let i = 0; i < 3; i++) {
    const own = rates[i], [b, c] = [rates[(i + 1) % 3], rates[(i + 2) % 3]];
    weights[i] = (k21 - own) * (k31 - own) / ((b - own) * (c - own) * v1);
  }
  return {rates, weights};
}

/** Roots of `x³ - a2 x² + a1 x - a0`, which are real: by cosines, then one step of Newton against cancellation. */
function positiveRoots(a2: number, a1: number, a0: number): Float64Array {
  const third = a2 / 3, p = third * third - a1 / 3, q = third ** 3 - third * a1 / 2 + a0 / 2, size = Math.sqrt(p);
  const angle = Math.acos(Math.min(1, Math.max(-1, q / (size * size * size)))) / 3;
  const roots = new Float64Array(3);
  for (let k = 0; k < 3; k++) {
    const x = third + 2 * size * Math.cos(angle + 2 * Math.PI * k / 3);
    roots[k] = x - (((x - a2) * x + a1) * x - a0) / ((3 * x - 2 * a2) * x + a1);
  }
  return roots;
}
