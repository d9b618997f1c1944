import {rungeKutta} from '../tableau';

/**
 * Explicit midpoint rule, order 2, with Euler's method embedded.
 * @reference Runge 1895, Ueber die numerische Aufloesung von Differentialgleichungen. doi:10.1007/BF01446807
 */
export const midpoint = rungeKutta({
  name: 'midpoint', order: 2,
  c: [0, 1 / 2],
  a: [[], [1 / 2]],
  b: [0, 1],
  embedded: {order: 1, error: [-1, 1]},
});
