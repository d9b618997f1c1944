/** A function of the unit cube that is known in closed form; its smallest value is 0, up to rounding. */
export interface TestFunction {
  readonly name: string;
  readonly dimensions: number;
  /** At a point of the cube. */
  value(x: ArrayLike<number>): number;
}

const HARTMANN = {
  weights: [1, 1.2, 3, 3.2],
  slopes: [
    [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
  ],
  centres: [
    [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381],
  ],
};

function branin([u, v]: readonly number[]): number {
  const a = u * 15 - 5, b = v * 15;
  return (b - 5.1 / (4 * Math.PI ** 2) * a * a + 5 / Math.PI * a - 6) ** 2
    + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10 - 0.39788735772973816;
}

function hartmann(x: readonly number[]): number {
  const {weights, slopes, centres} = HARTMANN;
  return 3.322368011415515 - weights.reduce((sum, weight, i) =>
    sum + weight * Math.exp(-x.reduce((s, u, k) => s + slopes[i][k] * (u - centres[i][k] / 1e4) ** 2, 0)), 0);
}

function rosenbrock(x: readonly number[]): number {
  const y = x.map(u => 4 * u - 2);
  return y.slice(1).reduce((sum, b, k) => sum + 100 * (b - y[k] ** 2) ** 2 + (1 - y[k]) ** 2, 0);
}

/**
 * Functions on which samplers are compared, less their smallest value, over the usual ranges moved to the unit cube.
 * @reference Surjanovic & Bingham, Virtual library of simulation experiments, www.sfu.ca/~ssurjano
 */
export const testFunctions: readonly TestFunction[] = Object.freeze([
  {name: 'Branin', dimensions: 2, value: x => branin(Array.from(x))},
  {name: 'Hartmann', dimensions: 6, value: x => hartmann(Array.from(x))},
  {name: 'Rosenbrock', dimensions: 4, value: x => rosenbrock(Array.from(x))},
]);

/** The smallest value so far, at every place. */
export function bestSoFar(values: readonly number[]): number[] {
  let best = Infinity;
  return values.map(value => (best = Math.min(best, value)));
}
