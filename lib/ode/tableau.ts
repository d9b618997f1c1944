import {expect} from '../errors';

/**
 * An explicit Runge-Kutta method as data: stage i is `k_i = f(t + c_i h, y + h sum_j a_ij k_j)`, the step is
 * `y + h sum_i b_i k_i`.
 */
export interface Tableau {
  readonly name: string;
  /** The global error falls as `h ** order`; asserted by the convergence tests. */
  readonly order: number;
  /** `[stages]` */
  readonly c: readonly number[];
  /** Row i holds the i coefficients of the stages before it. */
  readonly a: readonly (readonly number[])[];
  /** `[stages]` */
  readonly b: readonly number[];
  /**
   * Error estimate `h sum_i error_i k_i` from an embedded method of this lower order; without it the method runs at
   * fixed steps only.
   */
  readonly embedded?: {readonly order: number; readonly error: readonly number[]};
  /** Continuous extension `y(t + theta h) = y + h sum_i weights(theta)_i k_i`; cubic Hermite when absent. */
  readonly dense?: {
    readonly order: number;
    /** `[stages]`, at theta in [0, 1] of the step. */
    readonly weights: (theta: number) => readonly number[];
  };
}

/** An explicit Runge-Kutta solver: the checked tableau and what follows from it. */
export interface Solver extends Tableau {
  /** Stages that the step itself needs; later ones serve the error estimate, the next step and dense output. */
  readonly needed: number;
  /** The last stage is the field at the end of the step, so the next step starts with it. */
  readonly firstSameAsLast: boolean;
}

/** Checks a tableau and makes it a solver. @throws ArgumentError when sizes, row sums or weights are inconsistent. */
export function rungeKutta(tableau: Tableau): Solver {
  const {a, b, c, embedded} = tableau, n = c.length;
  const check = (condition: boolean, argument: string, expected: string, received: unknown): void =>
    expect(condition, {fn: `rungeKutta(${tableau.name})`, argument, expected, received});
  check(b.length === n && a.length === n, 'b', `of the same length as a and c, ${n}`, b);
  a.forEach((row, i) =>
    check(row.length === i && near(sum(row), c[i]), `a[${i}]`, `${i} numbers that sum to c = ${c[i]}`, row));
  check(near(sum(b), 1), 'b', 'weights that sum to 1', b);
  if (embedded) check(embedded.error.length === n
    && near(sum(embedded.error), 0), 'embedded.error', `${n} numbers that sum to 0`, embedded.error);
  return Object.freeze({
    ...tableau, needed: b.findLastIndex(weight => weight !== 0) + 1, firstSameAsLast: isFsal(tableau),
  });
}

function isFsal({a, b, c}: Tableau): boolean {
  const last = c.length - 1;
  return last > 0 && c[last] === 1 && b[last] === 0 && a[last].every((value, j) => value === b[j]);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const near = (x: number, y: number): boolean => Math.abs(x - y) < 1e-12;
