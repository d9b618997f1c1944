import {expectWhole} from '../errors';
import {bits, type Rng} from './rng';

/** Primitive polynomials over GF(2), coefficients as bits, and initial direction numbers, one row a dimension. */
const POLYNOMIALS: readonly (readonly [number, readonly number[]])[] = [
  [1, [1]], [3, [1]], [7, [1, 3]], [11, [1, 3, 1]], [13, [1, 1, 1]], [19, [1, 1, 3, 3]], [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]], [41, [1, 1, 5, 5, 5]], [47, [1, 1, 7, 11, 19]], [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]], [61, [1, 3, 5, 5, 31]], [67, [1, 3, 3, 9, 7, 49]], [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]], [103, [1, 1, 1, 15, 7, 5]], [109, [1, 3, 1, 15, 13, 25]], [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]], [137, [1, 3, 7, 13, 13, 15, 69]],
];

/** Dimensions that {@link sobol} knows. */
export const SOBOL_DIMENSIONS = POLYNOMIALS.length;

const BITS = 30;

/**
 * The `index`-th point of Sobol's sequence in the unit cube, in the order of the Gray code: every block of `2^k` points
 * fills the cube evenly. With `shift`, every coordinate is moved by random bits (a digital shift), which keeps the
 * evenness and makes the point uniform.
 * @param index from 0, below 2^30
 * @param dimensions in [1, 21]
 * @returns `[dimensions]`, in [0, 1)
 * @reference Sobol 1967, doi:10.1016/0041-5553(67)90144-9; numbers of Joe and Kuo 2008, doi:10.1137/070709359
 * @throws ArgumentError for an index or a number of dimensions outside these ranges
 */
export function sobol(index: number, dimensions: number, {shift}: {readonly shift?: Rng} = {}): Float64Array {
  expectWhole('sobol', {index}, 0, 2 ** BITS - 1);
  expectWhole('sobol', {dimensions}, 1, SOBOL_DIMENSIONS);
  const gray = index ^ (index >>> 1), moved = shift && bits(shift, dimensions);
  return Float64Array.from({length: dimensions}, (_, d) => {
    let x = 0;
    for (let k = 0, directions = directionsOf(d); gray >>> k > 0; k++) if (gray >>> k & 1) x ^= directions[k];
    return ((x ^ (moved ? moved[d] >>> (32 - BITS) : 0)) >>> 0) / 2 ** BITS;
  });
}

const known: number[][] = [];

/** Direction numbers of a dimension, by the recurrence of its polynomial; the first dimension is van der Corput's. */
function directionsOf(d: number): readonly number[] {
  return known[d] ??= d === 0 ? Array.from({length: BITS}, (_, k) => 2 ** (BITS - 1 - k)) : recurrence(POLYNOMIALS[d]);
}

function recurrence([polynomial, initial]: readonly [number, readonly number[]]): number[] {
  const degree = initial.length, m = [...initial];
  for (let k = degree; k < BITS; k++) {
    let next = m[k - degree] ^ m[k - degree] * 2 ** degree;
    for (let j = 1; j < degree; j++) if (polynomial >>> (degree - j) & 1) next ^= m[k - j] * 2 ** j;
    m.push(next);
  }
  return m.map((v, k) => v * 2 ** (BITS - 1 - k));
}
