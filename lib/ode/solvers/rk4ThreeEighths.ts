import {rungeKutta} from '../tableau';

/**
 * Kutta's 3/8 rule, order 4: smaller error constants than the classic method, more operations a step.
 * @reference Hairer, Norsett, Wanner 1993, Solving ordinary differential equations I, table II.1.2.
 * doi:10.1007/978-3-540-78862-1
 */
export const rk4ThreeEighths = rungeKutta({
  name: 'rk4ThreeEighths', order: 4,
  c: [0, 1 / 3, 2 / 3, 1],
  a: [[], [1 / 3], [-1 / 3, 1], [1, -1, 1]],
  b: [1 / 8, 3 / 8, 3 / 8, 1 / 8],
});
