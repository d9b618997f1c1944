import assert from 'node:assert/strict';
import {splitGroups} from '../../lib/data';
import {rng} from '../../lib/math';

describe('rows split by group', () => {
  const groups = Array.from({length: 60}, (_, i) => `g${Math.floor(i / (i < 30 ? 3 : 1))}`);

  it('keep groups whole, hold every row once, and have the sizes where groups allow', () => {
    const sets = splitGroups(groups, [40, 15, 5], rng(2));
    assert.deepEqual(sets.flatMap(set => Array.from(set)).sort((a, b) => a - b), groups.map((_, i) => i));
    const own = sets.map(set => new Set(Array.from(set, i => groups[i])));
    assert.equal(own.reduce((sum, set) => sum + set.size, 0), new Set(groups).size);
    assert.deepEqual(sets.map(set => set.length), [40, 15, 5]);
  });

  it('put a group that fits nowhere where there is most room', () => {
    assert.deepEqual(splitGroups(['a', 'a', 'a'], [2, 1], rng(1)).map(set => set.length), [3, 0]);
  });

  it('refuse sizes that are not those of the rows', () => {
    for (const sizes of [[], [1, 1], [2.5, 0.5], [4, -1]])
      assert.throws(() => splitGroups(['a', 'b', 'c'], sizes, rng(1)), /`sizes` must be whole numbers >= 0.* sum of 3/);
  });
});
