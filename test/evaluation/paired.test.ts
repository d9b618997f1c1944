import assert from 'node:assert/strict';
import {tTest} from 'simple-statistics';
import {pairedDifference, winners} from '../../lib/evaluation';
import {fold, mean, normal, rng} from '../../lib/math';

describe('paired comparison', () => {
  it('has the half width of the t table: 2.776 standard errors for five pairs', () => {
    const {mean: centre, low, high, count} = pairedDifference([1, 2, 3, 4, 5], [0, 0, 0, 0, 0]);
    assert.equal(centre, 3);
    assert.equal(count, 5);
    for (const half of [high - 3, 3 - low]) assert.ok(Math.abs(half - 2.7764451 * Math.sqrt(2.5 / 5)) < 1e-6);
  });

  it('ends where the t statistic of another implementation reaches its critical value', () => {
    const a = [0.31, 0.28, 0.4, 0.35, 0.3, 0.33], b = [0.3, 0.3, 0.33, 0.31, 0.27, 0.32];
    const {low} = pairedDifference(a, b, {level: 0.9});
    assert.ok(
      Math.abs(tTest(a.map((v, k) => v - b[k]), low) * Math.sqrt(5 / 6) - 2.0150484) < 1e-6,
      'that one divides by n under the root',
    );
  });

  it('holds the true difference as often as it says', () => {
    const inside = Array.from({length: 2000}, (_, k) => {
      const {low, high} = pairedDifference(Array.from(normal(fold(rng(1), k), 5, {mean: 0.7})), [0, 0, 0, 0, 0], {
        level: 0.8,
      });
      return low < 0.7 && 0.7 < high ? 1 : 0;
    });
    assert.ok(Math.abs(mean(inside) - 0.8) < 3 * Math.sqrt(0.8 * 0.2 / 2000));
  });

  it('tells apart what unpaired spreads would hide, and calls equal what a draw decides', () => {
    const hard = [10, 20, 30, 40, 50];
    const of = (name: string, shift: readonly number[]) => ({name, errors: hard.map((v, k) => v + shift[k])});
    assert.deepEqual(winners([of('worse', [1, 1.1, 0.9, 1, 1]), of('best', [0, 0, 0, 0, 0])]), ['best']);
    assert.deepEqual(winners([of('equal', [0.3, -0.2, 0.2, -0.1, 0.1]), of('best', [0, 0, 0, 0, 0])]), [
      'best', 'equal',
    ]);
  });

  it('does not take a method for equal because it sometimes fails badly', () => {
    assert.deepEqual(winners([{name: 'wild', errors: [40, 9, 90]}, {name: 'good', errors: [1, 1.1, 0.9]}]), ['good']);
    assert.ok(pairedDifference([40, 9, 90], [1, 1.1, 0.9]).low < 0, 'plain differences would');
  });

  it('refuses what cannot be compared', () => {
    assert.throws(
      () => pairedDifference([1, 2], [1, 2]),
      /pairedDifference: argument `a` must be at least 3 numbers; received 2. Run more seeds/,
    );
    assert.throws(() => pairedDifference([1, 2, 3], [1, 2]), /argument `b` must be 3 numbers/);
    assert.throws(() => pairedDifference([1, 2, 3], [1, 2, 3], {level: 1}), /argument `level`/);
    assert.throws(() => winners([]), /argument `contenders`/);
    assert.throws(() => winners([{name: 'A', errors: [1, 0, 1]}]), /with errors above 0; received "A"/);
  });
});
