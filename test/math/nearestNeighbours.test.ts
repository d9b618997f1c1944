import assert from 'node:assert/strict';
import {ndarray, nearestNeighbours, rng, normal, spearman, type Incomplete} from '../../lib/math';
import reference from './fixtures/neighbours.json';

const d = reference.columns;
const table = (cells: readonly (number | null)[], columns = d): Incomplete => ({
  values: ndarray([cells.length / columns, columns], Float64Array.from(cells, v => v ?? 0)),
  known: ndarray([cells.length / columns, columns], Float64Array.from(cells, v => (v === null ? 0 : 1))),
});
const close = (got: ArrayLike<number>, wanted: readonly (number | null)[]) =>
  wanted.forEach((v, at) =>
    assert.ok(Math.abs(got[at] - v!) <= 1e-12 * Math.max(1, Math.abs(v!)), `${at}: ${got[at]}, ${v}`));

describe('nearest neighbours', () => {
  it('fill gaps with the numbers of scikit-learn', () => {
    for (const k of [1, 3, 5] as const) {
      const imputer = nearestNeighbours(table(reference.fitted), {k}), {asked, fitted} = reference.filled[k];
      close(imputer.fill(table(reference.asked)).data, asked);
      close(imputer.fill(table(reference.fitted)).data, fitted);
    }
  });

  it('leave known values and complete tables as they are', () => {
    const rows = table(Array.from(normal(rng(1), 60)), 6);
    assert.deepEqual(nearestNeighbours(rows).fill(rows).data, rows.values.data);
  });

  it('by hand: two nearest of those that have the value, over shared columns', () => {
    const imputer = nearestNeighbours(table([0, 10, 1, 20, 9, 90, 0.3, null], 2), {k: 2});
    assert.deepEqual(Array.from(imputer.fill(table([0.4, null], 2)).data), [0.4, 15]);
    assert.deepEqual(Array.from(imputer.fill(table([null, null], 2)).data), [10.3 / 4, 40]);
  });

  it('refuse tables without a value in a column, of another width, or with values that are none', () => {
    assert.throws(() => nearestNeighbours(table([1, null, 2, null], 2)), /known value in every column.*column 1/);
    assert.throws(() => nearestNeighbours(table([1, 2], 2)).fill(table([1, 2, 3], 3)), /shape \[n, 2\]/);
    assert.throws(() => nearestNeighbours(table([1, NaN], 2)), /finite where known is 1/);
    assert.throws(() => nearestNeighbours(table([1, 2], 2), {k: 0}), /`k` must be a whole number >= 1/);
  });
});

describe('rank correlation', () => {
  const {x, y, spearman: wanted} = reference.ranks;

  it('is that of SciPy, with ties', () => {
    assert.ok(Math.abs(spearman(x, y)! - wanted) < 1e-12);
  });

  it('does not exist where a list does not vary', () => {
    assert.equal(spearman([1, 2, 3], [4, 4, 4]), undefined);
    assert.throws(() => spearman([1], [2]), /two lists of one length >= 2/);
    assert.throws(() => spearman([1, NaN], [2, 3]), /finite/);
  });
});
