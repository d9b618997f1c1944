import {rungeKutta} from '../tableau';

/**
 * Heun's method (explicit trapezium rule), order 2, with Euler's method embedded.
 * @reference Hairer, Norsett, Wanner 1993, Solving ordinary differential equations I, section II.1.
 * doi:10.1007/978-3-540-78862-1
 */
export const heun = rungeKutta({
  name: 'heun', order: 2,
  c: [0, 1],
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  embedded: {order: 1, error: [-1 / 2, 1 / 2]},
});
