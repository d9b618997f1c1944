import {expect} from '../errors';

/** Options of {@link matern}. */
export interface MaternOptions {
  /** How smooth paths are: 1/2 continuous, 3/2 once and 5/2 twice differentiable. Default 2.5. */
  readonly smoothness?: 0.5 | 1.5 | 2.5;
  /** Distance over which paths forget, above 0, in the unit of the distances. */
  readonly lengthScale: number;
  /** Standard deviation at each point, >= 0. Default 1. */
  readonly sd?: number;
}

/**
 * The Matern covariance as a function of distance, in closed form for half-integer smoothness. Smoothness 1/2 is the
 * Ornstein-Uhlenbeck process.
 * @returns covariance of two values this far apart; the sign of the distance does not matter
 * @throws ArgumentError for another smoothness, a length that is not above 0 or a negative sd
 * @reference Rasmussen, Williams 2006, Gaussian processes for machine learning, eqs. (4.14), (4.17).
 * doi:10.7551/mitpress/3206.001.0001
 */
export function matern({smoothness = 2.5, lengthScale, sd = 1}: MaternOptions): (distance: number) => number {
  const fn = 'matern';
  expect([0.5, 1.5, 2.5].includes(smoothness), {
    fn, argument: 'smoothness', expected: '0.5, 1.5 or 2.5', received: smoothness,
    remedy: 'Others have no short closed form.',
  });
  expect(lengthScale > 0 && lengthScale < Infinity, {
    fn, argument: 'lengthScale', expected: 'finite and above 0', received: lengthScale,
  });
  expect(sd >= 0 && sd < Infinity, {fn, argument: 'sd', expected: 'finite and >= 0', received: sd});
  const rate = Math.sqrt(2 * smoothness) / lengthScale, order = smoothness - 0.5;
  return distance => {
    const r = rate * Math.abs(distance), polynomial = order === 0 ? 1 : order === 1 ? 1 + r : 1 + r + (r * r) / 3;
    return sd * sd * polynomial * Math.exp(-r);
  };
}
