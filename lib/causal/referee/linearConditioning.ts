import type {Matrix} from 'ml-matrix';
import {expect} from '../../errors';

/**
 * Linear equations between variables, each disturbed by independent noise: row i says
 * `sum_j equations[i][j] x_j = noise[i] e_i`. Square, and invertible.
 */
export interface NoisyEquations {
  readonly names: readonly string[];
  readonly equations: Matrix;
  /** Standard deviations, >= 0; 0 makes a row a constraint. */
  readonly noise: readonly number[];
}

/** Law of one variable given others: `mean = sum coefficients[i] given[i]`, and the variance that is left. */
export interface ConditionalLaw {
  readonly coefficients: readonly number[];
  readonly variance: number;
}

/**
 * Conditional law by orthogonal elimination in the equations themselves (the square-root information form): constraints
 * are solved first, then rotations remove what is neither asked nor given. Covariances are never formed: where
 * trajectories grow they differ by more than double precision holds, while the equations stay of size one.
 * @param size Typical size of each variable, > 0: the columns are measured in it, so that nothing depends on units.
 * @throws ArgumentError when the conditions determine one another.
 * @reference Bierman 1977, Factorization Methods for Discrete Sequential Estimation (chapter 5).
 */
export function conditionalLaw(
  system: NoisyEquations, target: string, given: readonly string[], size: readonly number[],
): ConditionalLaw {
  const {names, equations, noise} = system, at = (name: string) => names.indexOf(name);
  const asked = [at(target), ...given.map(at)], free = names.map((_, i) => i).filter(i => !asked.includes(i));
  const order = [...free, ...asked], scales = order.map(i => size[i]);
  const row = (i: number, unit: number) => order.map((j, k) => equations.get(i, j) * scales[k] / unit);
  const largest = (i: number) => Math.max(...row(i, 1).map(Math.abs));
  const constraints = indices(noise, sd => sd === 0).map(i => row(i, largest(i)));
  const noisy = indices(noise, sd => sd > 0).map(i => row(i, noise[i]));
  const solved = eliminate(constraints, noisy, free.length, given), gone = new Set(solved.map(p => p.column));
  const left = order.map((_, k) => k).filter(k => !gone.has(k));
  const exact = solved.find(p => p.column === free.length)?.row.slice(free.length);
  const [lead, ...rest] = exact ?? targetRow(noisy, left, left.length - asked.length);
  return {
    coefficients: rest.map((v, k) => -v / lead * scales[free.length] / scales[free.length + 1 + k]),
    variance: exact ? 0 : (scales[free.length] / lead) ** 2,
  };
}

/**
 * What is left for column `t` after orthogonal elimination of all columns before it. Givens rotations, unlike
 * reflections, multiply and do not subtract where an entry is zero, so a chain that grows unseen for hundreds of steps
 * keeps its digits.
 */
function targetRow(noisy: readonly (readonly number[])[], columns: readonly number[], t: number): number[] {
  const rows = noisy.map(r => columns.map(c => r[c]));
  for (let k = 0; k <= t; k++) {
    for (let i = k + 1; i < rows.length; i++) if (rows[i][k] !== 0) rotate(rows[k], rows[i], k);
  }
  return rows[t].slice(t);
}

/** Turns two rows so that the second is zero in column `k`; columns before it are. */
function rotate(a: number[], b: number[], k: number): void {
  const r = Math.hypot(a[k], b[k]), c = a[k] / r, s = b[k] / r;
  for (let j = k; j < a.length; j++) {
    const [x, y] = [a[j], b[j]];
    a[j] = c * x + s * y;
    b[j] = c * y - s * x;
  }
  b[k] = 0;
}

/** Rounding that a constraint of size 1 may gather; less is no entry. */
const NOTHING = 1e-12;

/**
 * Solves every constraint for one of the first `free` columns (largest entry first), failing that for column `free`,
 * and puts it into all other rows, in place. Returns which row was solved for which column.
 */
function eliminate(
  constraints: readonly number[][], noisy: readonly number[][], free: number, given: readonly string[],
): Pivot[] {
  const open = new Set(constraints), solved: Pivot[] = [];
  while (open.size > 0) {
    const next = largestEntry(open, 0, free) ?? largestEntry(open, free, free + 1);
    expect(next, {
      fn: 'linearPrediction', argument: 'given', expected: 'linearly independent variables', received: given,
    });
    open.delete(next.row);
    solved.push(next);
    for (const other of [...open, ...noisy]) substitute(other, next);
  }
  return solved;
}

interface Pivot { readonly row: number[]; readonly column: number }

/** Largest entry of the columns from `start` to before `end`; `undefined` when all of them are rounding. */
function largestEntry(rows: Iterable<number[]>, start: number, end: number): Pivot | undefined {
  let best: Pivot | undefined, size = NOTHING;
  for (const row of rows) for (let column = start; column < end; column++) {
    if (Math.abs(row[column]) > size) { size = Math.abs(row[column]); best = {row, column}; }
  }
  return best;
}

function substitute(row: number[], {row: by, column}: Pivot): void {
  const times = row[column] / by[column];
  if (times === 0) return;
  for (let k = 0; k < row.length; k++) row[k] -= times * by[k];
  row[column] = 0;
}

function indices(values: readonly number[], test: (v: number) => boolean): number[] {
  return values.flatMap((v, i) => (test(v) ? [i] : []));
}
