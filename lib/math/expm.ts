import {Matrix, solve} from 'ml-matrix';
import {expect} from '../errors';

/** Numerator coefficients of the [13/13] Pade approximant of exp. */
const PADE = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
  670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
];

/** Largest 1-norm for which the approximant is exact to float64 rounding. */
const LARGEST_NORM = 5.371920351148152;

/**
 * Matrix exponential by scaling and squaring around the [13/13] Pade approximant.
 * @param a square and finite, `[d, d]`
 * @throws ArgumentError when `a` is not square or not finite.
 * @reference Higham 2005, The scaling and squaring method for the matrix exponential revisited. doi:10.1137/04061101X
 */
export function expm(a: Matrix | readonly (readonly number[])[]): Matrix {
  const rows = a instanceof Matrix ? a.to2DArray() : a.map(row => [...row]);
  expect(rows.length > 0 && rows.every(row => row.length === rows.length), {
    fn: 'expm', argument: 'a', expected: 'a square matrix', received: [rows.length, rows[0]?.length ?? 0],
  });
  const matrix = new Matrix(rows);
  const norm = oneNorm(matrix);
  expect(Number.isFinite(norm), {fn: 'expm', argument: 'a', expected: 'finite', received: matrix.to1DArray()});
  const squarings = Math.max(0, Math.ceil(Math.log2(norm / LARGEST_NORM)));
  let result = pade(Matrix.mul(matrix, 2 ** -squarings));
  for (let i = 0; i < squarings; i++) result = result.mmul(result);
  return result;
}

/** (V - U)^-1 (V + U), with U the odd and V the even part of the numerator. */
function pade(a: Matrix): Matrix {
  const a2 = a.mmul(a), a4 = a2.mmul(a2), a6 = a2.mmul(a4);
  const polynomial = (powers: Matrix[], from: number): Matrix =>
    powers.reduce((sum, power, i) => sum.add(Matrix.mul(power, PADE[from + 2 * i])), Matrix.zeros(a.rows, a.rows));
  const low = [Matrix.eye(a.rows), a2, a4, a6], high = [a2, a4, a6];
  // The powers 8, 10 and 12 share one product with a^6.
  const u = a.mmul(polynomial(low, 1).add(a6.mmul(polynomial(high, 9))));
  const v = polynomial(low, 0).add(a6.mmul(polynomial(high, 8)));
  return solve(Matrix.sub(v, u), Matrix.add(v, u));
}

/** Largest column sum of absolute values. */
function oneNorm(a: Matrix): number {
  return Math.max(
    0, ...Array.from({length: a.columns}, (_, j) => a.getColumn(j).reduce((sum, value) => sum + Math.abs(value), 0)),
  );
}
