import type {Fraction, MathNode} from 'mathjs';
import {mathjs} from '../math/mathjs';
import {signOn, type Box} from '../systems/interval';
import {
  add, constantValue, derivative, isZero, multiply, nodeOf, scale, ZERO, type Polynomial,
} from '../systems/polynomial';
import type {ControlSystem} from '../systems/controlSystem';

/** Determinant of a square matrix of formulas, by rows, each set of columns once. @throws FormulaTooLarge */
export function determinant(rows: readonly (readonly Polynomial[])[]): Polynomial {
  const done = new Map<string, Polynomial>();
  const minor = (columns: readonly number[]): Polynomial => {
    const row = rows[rows.length - columns.length], key = columns.join();
    if (columns.length === 1) return row[columns[0]];
    if (!done.has(key)) done.set(key, add(...columns.map((column, j) =>
      (row[column].size === 0 ? ZERO : signed(multiply(row[column], minor(columns.filter(c => c !== column))), j)))));
    return done.get(key)!;
  };
  return minor(rows.map((_, i) => i));
}

const signed = (p: Polynomial, j: number): Polynomial => (j % 2 === 0 ? p : scale(p, mathjs().fraction(-1)));

/** Jacobian of a map of the states. */
export function jacobianFormulas(map: readonly Polynomial[], states: readonly string[]): Polynomial[][] {
  return map.map(p => states.map(state => derivative(p, state)));
}

/** Why a map of the states is one-to-one, and along which directions its later components alone change. */
export interface Injectivity {
  readonly reason: string;
  /**
   * Whether the slopes `row [n]` of a function of the state are made of those of the first `count` components, wherever
   * the state is: by exact cancellation.
   */
  spannedBy(row: readonly Polynomial[], count: number): boolean;
}

/**
 * A reason why a map is one-to-one on the system's whole region, with a Jacobian that is nowhere singular and with
 * connected level sets of its first components; nothing when none is found, which proves nothing. Two reasons are
 * tried. A constant Jacobian of full rank. Or, after a reordering of the states, a triangular Jacobian whose diagonal
 * keeps its sign (proved by interval arithmetic): each component is then monotone in one more state, so the states
 * follow one after the other, and fixing the first components fixes the first states.
 */
export function injectivityProof(map: readonly Polynomial[], {states, region}: ControlSystem): Injectivity | undefined {
  const jacobian = jacobianFormulas(map, states), box: Box = Object.fromEntries(states.map((s, i) => [s, region[i]]));
  const numbers = jacobian.map(row => row.map(constantValue));
  if (numbers.every(row => row.every(v => v !== undefined))) return linearInjectivity(numbers as Fraction[][]);
  const order: number[] = [];
  for (const row of jacobian) {
    const fresh = row.flatMap((entry, j) => (order.includes(j) || isZero(entry) ? [] : [j]));
    if (fresh.length !== 1 || signOn(nodeOf(row[fresh[0]]), box) === 0) return undefined;
    order.push(fresh[0]);
  }
  const reason =
    `triangular, diagonal ${jacobian.map((row, i) => shortFormula(nodeOf(row[order[i]]))).join(', ')} of one sign`;
  return {reason, spannedBy: (row, count) => order.slice(count).every(j => isZero(row[j]))};
}

function linearInjectivity(jacobian: readonly (readonly Fraction[])[]): Injectivity | undefined {
  const inverse = inverted(jacobian);
  if (!inverse) return undefined;
  const {rows, determinant: det} = inverse;
  return {
    reason: `linear, determinant ${Number(det.valueOf().toPrecision(6))}`,
    spannedBy: (row, count) =>
      rows[0].every((_, k) => k < count || isZero(add(...row.map((p, j) => scale(p, rows[j][k]))))),
  };
}

/** Inverse and determinant by Gauss-Jordan elimination in fractions; nothing for a singular matrix. */
function inverted(matrix: readonly (readonly Fraction[])[]): {rows: Fraction[][]; determinant: Fraction} | undefined {
  const {fraction} = mathjs();
  const n = matrix.length, rows = matrix.map((row, i) => [...row, ...row.map((_, j) => fraction(i === j ? 1 : 0))]);
  let det = fraction(1);
  for (let i = 0; i < n; i++) {
    const p = rows.findIndex((row, k) => k >= i && row[i].n !== 0n);
    if (p < 0) return undefined;
    if (p !== i) [rows[i], rows[p], det] = [rows[p], rows[i], det.neg()];
    const pivot = rows[i][i];
    det = det.mul(pivot);
    rows[i] = rows[i].map(v => v.div(pivot));
    for (let k = 0; k < n; k++) if (k !== i && rows[k][i].n !== 0n) {
      const factor = rows[k][i];
      rows[k] = rows[k].map((v, j) => v.sub(factor.mul(rows[i][j])));
    }
  }
  return {rows: rows.map(row => row.slice(n)), determinant: det};
}

/** A formula with numbers of at most six digits. */
export function shortFormula(node: MathNode): string {
  return node.toString({handler: (part: {type: string; value?: number}) =>
    (part.type === 'ConstantNode' ? String(Number(Number(part.value).toPrecision(6))) : undefined)} as never);
}
