import type {Person} from './person';

/**
 * Lean body mass [kg] by weight and height. The parabola falls again for the very heavy: a known fault of the formula.
 * @reference James 1976, Research on obesity. ISBN 978-0-11-450034-4
 */
export function leanBodyMass({weight, height, sex}: Person): number {
  const bend = (weight / height) ** 2;
  return sex === 'male' ? 1.1 * weight - 128 * bend : 1.07 * weight - 148 * bend;
}

/**
 * Fat-free mass [kg] by weight, height, sex and age, children included.
 * @reference Al-Sallami and others 2015, Prediction of fat-free mass in children. doi:10.1007/s40262-015-0277-z
 */
export function fatFreeMass({age, weight, height, sex}: Person): number {
  const bmi = weight / (height / 100) ** 2;
  return sex === 'male'
    ? (0.88 + 0.12 / (1 + (age / 13.4) ** -12.7)) * 9270 * weight / (6680 + 216 * bmi)
    : (1.11 - 0.11 / (1 + (age / 7.1) ** -1.1)) * 9270 * weight / (8780 + 244 * bmi);
}
