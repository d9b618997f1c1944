import {rungeKutta} from '../tableau';

/**
 * The classic fourth-order method.
 * @reference Kutta 1901, Beitrag zur naeherungsweisen Integration totaler Differentialgleichungen, Z. Math. Phys. 46,
 * 435-453.
 */
export const rk4 = rungeKutta({
  name: 'rk4', order: 4,
  c: [0, 1 / 2, 1 / 2, 1],
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
});
