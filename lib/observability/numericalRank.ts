import {Matrix, SVD} from 'ml-matrix';

/** Singular values of `rows` once each row is scaled to length one, largest first; all-zero rows stay zero. */
export function scaledSingularValues(rows: readonly (readonly number[])[]): number[] {
  const scaled = rows.map(row => {
    const length = Math.hypot(...row);
    return length > 0 ? row.map(v => v / length) : [...row];
  });
  return new SVD(new Matrix(scaled), {autoTranspose: true}).diagonal;
}

/** Number of singular values above `tolerance` times the largest. */
export function numericalRank(rows: readonly (readonly number[])[], tolerance = 1e-9): number {
  const values = scaledSingularValues(rows);
  return values[0] > 0 ? values.filter(v => v > tolerance * values[0]).length : 0;
}
