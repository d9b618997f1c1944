import assert from 'node:assert/strict';
import {fold, integers, mean, ndarray, normal, predictTrees, rng, sharedForest, uniform} from '../../lib/math';

const n = 120, x = ndarray([n, 2], uniform(rng(1), 2 * n));
const signal = Float64Array.from({length: n}, (_, i) => Math.sin(6 * x.data[2 * i]));
const noise = normal(rng(2), n);
const targets = ndarray([n, 2], Float64Array.from({length: 2 * n}, (_, k) => (k % 2 ? noise : signal)[k >> 1]));

describe('a forest for several targets', () => {
  const [first, second] = sharedForest(x, targets, {rng: rng(3), trees: 20, minLeaf: 5});

  it('asks the same questions of every target', () => first.trees.forEach((tree, k) => {
    const {feature, threshold, right, weight} = second.trees[k];
    assert.deepEqual([tree.feature, tree.threshold, tree.right, tree.weight], [feature, threshold, right, weight]);
    assert.notDeepEqual(tree.value, second.trees[k].value);
  }));

  it('answers in each leaf the mean of every target over the rows that it was grown on', () => {
    const drawn = new Float64Array(n), tree = 4;
    for (const i of integers(fold(fold(rng(3), tree), 'rows'), n, {high: n})) drawn[i]++;
    [first, second].forEach((forest, j) => {
      const alone = {...forest, scale: 1, trees: [forest.trees[tree]]}, told = predictTrees(alone, x);
      const own = (i: number) => told[i], rows = Array.from(told.keys()).filter(i => drawn[i] > 0);
      for (const leaf of new Set(rows.map(own))) {
        const inside = rows.filter(i => own(i) === leaf), total = inside.reduce((sum, i) => sum + drawn[i], 0);
        const average = inside.reduce((sum, i) => sum + drawn[i] * targets.data[2 * i + j], 0) / total;
        assert.ok(Math.abs(leaf - average) < 1e-12, `${leaf}, not ${average}`);
      }
    });
  });

  it('finds what there is in one target beside noise in the other', () => {
    const error = mean(predictTrees(first, x).map((v, i) => (v - signal[i]) ** 2));
    assert.ok(error < 0.2 * mean(signal.map(v => v * v)), String(error));
  });

  it('is the same for equal generators, and begins like a larger one', () => {
    assert.deepEqual(sharedForest(x, targets, {rng: rng(3), trees: 20, minLeaf: 5}), [first, second]);
    const [few] = sharedForest(x, targets, {rng: rng(3), trees: 3, minLeaf: 5});
    assert.deepEqual(few.trees, first.trees.slice(0, 3));
  });

  it('takes rows of weight 0 for none', () => {
    const weights = noise.map((_, i) => (i < 60 ? 1 : 0)), wild = targets.data.map((v, k) => (k < 120 ? v : 1e6));
    const fit = (data: Float64Array) => sharedForest(x, ndarray([n, 2], data), {rng: rng(4), trees: 5, weights})
      .map(forest => forest.trees.map(tree => tree.value));
    assert.ok(fit(wild).flat().every(values => values.every(v => Math.abs(v) < 10)));
  });

  it('refuses targets without a column, and sizes out of range', () => {
    assert.throws(() => sharedForest(x, ndarray([n, 0]), {rng: rng(1)}), /sharedForest: argument `targets`/);
    assert.throws(() => sharedForest(x, targets, {rng: rng(1), tried: 3}), /argument `tried`/);
    assert.throws(() => sharedForest(x, ndarray([n, 1], noise.map(() => NaN)), {rng: rng(1)}), /argument `targets`/);
  });
});
