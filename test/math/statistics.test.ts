import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as reference from 'simple-statistics';
import {mean, ndarray, sd, size, weightedQuantile} from '../../lib/math';

const numbers = fc.array(fc.double({min: -100, max: 100, noNaN: true}), {minLength: 2, maxLength: 30});

describe('statistics', () => {
  it('mean and standard deviation agree with simple-statistics', () => {
    fc.assert(fc.property(numbers, x => {
      assert.ok(Math.abs(mean(x) - reference.mean(x)) < 1e-10);
      assert.ok(Math.abs(sd(x) - reference.sampleStandardDeviation(x)) < 1e-10);
      assert.ok(Math.abs(sd(x, {ddof: 0}) - reference.standardDeviation(x)) < 1e-10);
    }));
  });

  it('a weighted quantile is the quantile of values repeated by their weights', () => {
    const weighted = fc.array(fc.tuple(fc.integer({min: -9, max: 9}), fc.integer({min: 0, max: 4})), {minLength: 1});
    fc.assert(fc.property(weighted, fc.integer({min: 0, max: 40}), (pairs, parts) => {
      const repeated = pairs.flatMap(([x, w]) => new Array<number>(w).fill(x)).sort((a, b) => a - b), p = parts / 40;
      fc.pre(repeated.length > 0);
      const wanted = repeated[Math.max(0, Math.ceil(p * repeated.length * (1 - 1e-12)) - 1)];
      assert.equal(weightedQuantile(pairs.map(([x]) => x), p, pairs.map(([, w]) => w)), wanted);
    }));
  });

  it('without weights all values count the same', () => {
    assert.deepEqual([0, 0.25, 0.5, 0.51, 1].map(p => weightedQuantile([4, 1, 3, 2], p)), [1, 1, 2, 3, 4]);
  });

  it('bad arguments are named', () => {
    assert.throws(() => mean([]), {
      name: 'ArgumentError', message: 'mean: argument `values` must be at least one number; received [].',
    });
    assert.throws(() => sd([1]), {
      name: 'ArgumentError', message: 'sd: argument `values` must be at least 2 numbers; received [1].',
    });
    assert.throws(() => weightedQuantile([1], 2), {
      name: 'ArgumentError', message: 'weightedQuantile: argument `p` must be in [0, 1]; received 2.',
    });
    assert.throws(() => weightedQuantile([1, 2], 0.5, [0, 0]), {
      name: 'ArgumentError',
      message: 'weightedQuantile: argument `weights` must be 2 numbers >= 0, not all 0; received [0, 0].',
    });
  });
});

describe('arrays', () => {
  it('hold as many values as their shape says', () => {
    assert.equal(size([2, 3, 4]), 24);
    assert.equal(ndarray([2, 3]).data.length, 6);
    assert.throws(() => ndarray([2, 3], new Float64Array(5)), {
      name: 'ArgumentError', message: 'ndarray: argument `data` must be 6 values for shape [2,3]; received 5.',
    });
    assert.throws(() => ndarray([2.5]), {
      name: 'ArgumentError', message: 'ndarray: argument `shape` must be whole numbers >= 0; received [2.5].',
    });
  });
});
