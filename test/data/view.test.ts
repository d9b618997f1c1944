import assert from 'node:assert/strict';
import {hasData, snapshot, unitSeries} from '../../lib/data';
import {ndarray} from '../../lib/math';

describe('views', () => {
  const array = ndarray([2, 3, 2], Float64Array.from({length: 12}, (_, k) => k));

  it('take one unit over time, or all units at one time', () => {
    assert.deepEqual([...unitSeries(array, 1, 0)], [6, 8, 10]);
    assert.deepEqual([...snapshot(array, 2, 1)], [5, 11]);
  });

  it('refuse places outside the array', () => {
    assert.throws(() => unitSeries(array, 2, 0), /unitSeries: argument `unit`/);
    assert.throws(() => snapshot(array, 3, 0), /snapshot: argument `t`/);
    assert.throws(() => snapshot(array, 0, 2), /argument `channel` must be a whole number in \[0, 1\]/);
    assert.throws(() => snapshot(ndarray([2, 3]), 0, 0), /of shape \[N, T, d\]/);
  });

  it('hasData answers no for a set that is not here, and still refuses unknown names', () => {
    assert.equal(hasData('flux_samples', {roots: []}), false);
    assert.throws(() => hasData('flux'), /argument `name`/);
  });
});
