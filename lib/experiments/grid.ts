/** Values of each named axis, plain data: numbers, strings, or records of them. */
export type Axes = Readonly<Record<string, readonly unknown[]>>;

/** One value of each axis. */
export type Point<A extends Axes> = {readonly [K in keyof A]: A[K][number]};

/**
 * Every combination of the axes' values, the last axis fastest. Lists of points may be joined where not every
 * combination is wanted.
 * @example
 * ```ts
 * import {grid} from './lib';
 * console.log(grid({seed: [1], rate: [0.1, 0.01]}));   // [ { seed: 1, rate: 0.1 }, { seed: 1, rate: 0.01 } ]
 * ```
 */
export function grid<const A extends Axes>(axes: A): Point<A>[] {
  const widened = (points: readonly object[], [name, values]: readonly [string, readonly unknown[]]) =>
    points.flatMap(point => values.map(value => ({...point, [name]: value})));
  return Object.entries(axes).reduce<object[]>(widened, [{}]) as Point<A>[];
}
