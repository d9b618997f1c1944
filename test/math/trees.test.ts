import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  fold, gradientBoosting, integers, mean, ndarray, normal, predictTrees, randomForest, regressionTree, rng, uniform,
  type NdArray, type RegressionTree, type RegressionTrees,
} from '../../lib/math';
import {boost} from '../../lib/math/trees/gradientBoosting';
import {growTree} from '../../lib/math/trees/grow';
import {inOrder, lesson} from '../../lib/math/trees/options';
import {forest} from '../../lib/math/trees/randomForest';
import fixture from './fixtures/trees.json';

/** null: missing */
const table = (values: readonly (number | null)[], columns: number) =>
  ndarray([values.length / columns, columns], Float64Array.from(values, v => v ?? NaN));

/** All numbers agree to `1e-12` of their size, or of 1. */
function assertNear(got: ArrayLike<number>, want: ArrayLike<number>): void {
  assert.equal(got.length, want.length);
  const far = Array.from(want).findIndex((v, i) => !(Math.abs(got[i] - v) <= 1e-12 * Math.max(1, Math.abs(v))));
  assert.ok(far < 0, `place ${far}: ${got[far]}, not ${want[far]}`);
}

type Nodes = Record<keyof RegressionTree, readonly number[]>;

function assertNodes(tree: RegressionTree, want: Omit<Nodes, 'missingLeft'> & Partial<Nodes>): void {
  assert.deepEqual([Array.from(tree.feature), Array.from(tree.right)], [want.feature, want.right]);
  if (want.missingLeft) assert.deepEqual(Array.from(tree.missingLeft), want.missingLeft);
  const threshold = tree.threshold.map(t => Math.min(t, 1e308));
  assertNear(threshold, want.threshold);
  for (const key of ['value', 'weight'] as const) assertNear(tree[key], want[key]);
}

const listed = (tree: RegressionTree): Nodes => ({
  feature: [...tree.feature], right: [...tree.right],
  threshold: [...tree.threshold].map(t => Math.min(t, 1e308)), missingLeft: [...tree.missingLeft],
  value: [...tree.value], weight: [...tree.weight],
});

describe('trees as scikit-learn grows them, to 1e-12', () => {
  const {targets, columns: all} = fixture, n = targets.length;
  /** The first columns. */
  const first = (values: readonly (number | null)[], columns: number) =>
    table(values.filter((_, k) => k % all < columns), columns);
  const x = first(fixture.features, all), asked = first(fixture.asked, all);
  const weights = (weighted: boolean) => (weighted ? fixture.weights : undefined);

  for (const [what, all] of [['', fixture], [', a quarter of the values missing', fixture.holes]] as const) {
    for (const {columns, maxDepth, minLeaf, weighted, nodes, answers} of all.trees) {
      const name = `a tree of ${columns} columns, depth ${maxDepth}, leaves >= ${minLeaf}`;
      it(`${name}${weighted ? ', weighted' : ''}${what}`, () => {
        const options = {maxDepth: maxDepth ?? Infinity, minLeaf, weights: weights(weighted)};
        const fit = regressionTree(first(all.features, columns), targets, options);
        assertNodes(fit.trees[0], nodes);
        assertNear(predictTrees(fit, first(all.asked, columns)), answers);
      });
    }
    for (const {columns, trees, minLeaf, drawn, answers} of all.forests)
      it(`a forest of ${columns} columns, leaves >= ${minLeaf}, on the rows that it drew${what}`, () => {
        const order = inOrder(columns), draws = {drawn: (k: number) => drawn[k], order: () => order, tried: columns};
        const learned = lesson('forest', first(all.features, columns), targets);
        const fit = forest(learned, {trees, minLeaf, maxDepth: Infinity, ...draws});
        assertNear(predictTrees(fit, first(all.asked, columns)), answers);
      });
  }

  it('a tree whose nodes look at given columns is that of a search through every division', () => {
    const {maxDepth, tried, order, nodes} = fixture.withColumns;
    const look = (node: number) => ({minLeaf: 1, order: order[node], count: tried});
    assertNodes(growTree(lesson('growTree', x, targets), {maxDepth, look}), nodes);
  });

  for (const {trees, rate, maxDepth, minLeaf, weighted, drawn, answers} of fixture.boosting)
    it(`boosting, depth ${maxDepth}${weighted ? ', weighted' : ''}${drawn ? ', on the rows that it drew' : ''}`, () => {
      const rows = inOrder(n), given = {drawn: (k: number) => (drawn ? drawn[k] : rows), patience: 1};
      const learned = lesson('boost', x, targets, weights(weighted)), options = {trees, rate, maxDepth, minLeaf};
      const fits = [boost(learned, {...options, ...given})];
      if (!drawn) fits.push(gradientBoosting(x, targets, {...options, weights: weights(weighted)}));
      for (const fit of fits) assertNear(predictTrees(fit, asked), answers);
    });
});

/** Small data with many equal values, and weights. */
const data = fc.record({
  seed: fc.nat(1e6), n: fc.integer({min: 1, max: 25}),
  d: fc.integer({min: 1, max: 3}), levels: fc.integer({min: 1, max: 9}), missing: fc.constantFrom(0, 0.3),
});

function draw({seed, n, d, levels, missing = 0}: {
  seed: number; n: number; d: number; levels: number; missing?: number;
}) {
  const source = rng(seed), lost = uniform(fold(source, 'missing'), n * d);
  const x = Float64Array.from(integers(fold(source, 'x'), n * d, {high: levels}), (v, k) =>
    (lost[k] < missing ? NaN : v / 3 - 1));
  const y = normal(fold(source, 'y'), n), weights = uniform(fold(source, 'w'), n).map(w => w + 0.1);
  return {x: ndarray([n, d], x), y, weights};
}

/** The rows `order`, one after the other. */
function taken({shape: [, d], data}: NdArray, order: readonly number[]): NdArray {
  return ndarray([order.length, d], Float64Array.from(order.flatMap(i => [...data.subarray(i * d, (i + 1) * d)])));
}

type Lesson = ReturnType<typeof draw>;

/** The smallest squared error around two means that any question leaves, by trying all; Infinity without one. */
function leastError(all: Lesson, rows: readonly number[]): number {
  const {shape: [, d], data} = all.x;
  let least = Infinity;
  for (let j = 0; j < d; j++)
    for (const threshold of [...rows.map(i => data[i * d + j]), Infinity]) for (const missingLeft of [false, true]) {
      const goesLeft = (i: number) => data[i * d + j] <= threshold || (missingLeft && Number.isNaN(data[i * d + j]));
      const left = rows.filter(goesLeft), right = rows.filter(i => !goesLeft(i));
      if (left.length > 0 && right.length > 0) least = Math.min(least, squares(all, left) + squares(all, right));
    }
  return least;
}

const squares = (all: Lesson, rows: readonly number[]) =>
  rows.reduce((sum, i) => sum + all.weights[i] * (all.y[i] - centreOf(all, rows)) ** 2, 0);

function centreOf({y, weights}: Lesson, rows: readonly number[]): number {
  const total = rows.reduce((sum, i) => sum + weights[i], 0);
  return rows.reduce((sum, i) => sum + weights[i] * y[i], 0) / total;
}

/** The rows that reach each node. */
function rowsOf(tree: RegressionTree, {shape: [n, d], data}: NdArray): number[][] {
  const rows = Array.from(tree.feature, (): number[] => []);
  for (let i = 0; i < n; i++) {
    let node = 0;
    rows[0].push(i);
    while (tree.feature[node] >= 0) {
      const value = data[i * d + tree.feature[node]], left = Number.isNaN(value)
        ? tree.missingLeft[node] === 1 : value <= tree.threshold[node];
      node = left ? node + 1 : tree.right[node];
      rows[node].push(i);
    }
  }
  return rows;
}

function depthOf({feature, right}: RegressionTree): number {
  const depth = [0];
  feature.forEach((f, node) => {
    if (f >= 0) depth[node + 1] = depth[right[node]] = depth[node] + 1;
  });
  return Math.max(...depth);
}

describe('a regression tree', () => {
  it('asks at every node what leaves the least squared error, and stops only where nothing can be told apart', () =>
    fc.assert(fc.property(data, spec => {
      const all = draw(spec), {x, y, weights} = all;
      const [tree] = regressionTree(x, y, {weights}).trees, rows = rowsOf(tree, x);
      rows.forEach((own, node) => {
        const least = leastError(all, own);
        assertNear([tree.value[node]], [centreOf(all, own)]);
        if (tree.feature[node] < 0) return assert.equal(least, Infinity, `node ${node} should have asked`);
        const [left, right] = [rows[node + 1], rows[tree.right[node]]];
        assert.ok(left.length > 0 && right.length > 0);
        assertNear([tree.weight[node]], [own.reduce((sum, i) => sum + weights[i], 0)]);
        const known = own.every(i => !Number.isNaN(x.data[i * spec.d + tree.feature[node]]));
        if (known) assert.equal(tree.missingLeft[node], Number(left.length > right.length), 'unseen: to the majority');
        assert.ok(squares(all, left) + squares(all, right) <= least + 1e-9, `node ${node}`);
      });
    }), {numRuns: 200, seed: 1}));

  it('keeps to its depth and to the rows that a leaf must have', () =>
    fc.assert(fc.property(data, fc.integer({min: 1, max: 4}), (spec, limit) => {
      const {x, y} = draw(spec), [tree] = regressionTree(x, y, {maxDepth: limit, minLeaf: limit}).trees;
      assert.ok(depthOf(tree) <= limit);
      if (tree.feature.length > 1) assert.ok(tree.weight.every(w => w >= limit));
    }), {numRuns: 100, seed: 2}));

  it('is the same for rows in another order, up to rounding of its means', () => fc.assert(fc.property(data, spec => {
    const {x, y} = draw(spec), backwards = Array.from(y.keys()).reverse();
    const [other] = regressionTree(taken(x, backwards), backwards.map(i => y[i])).trees;
    assertNodes(regressionTree(x, y).trees[0], listed(other));
  }), {numRuns: 200, seed: 3}));

  it('takes a whole-number weight for so many equal rows, and weight 0 for none', () =>
    fc.assert(fc.property(data, spec => {
      const {x, y} = draw(spec), weights = integers(fold(rng(spec.seed), 'times'), y.length, {high: 3});
      if (!weights.some(t => t > 0)) return;
      const rows = Array.from(weights, (t, i) => new Array<number>(t).fill(i)).flat();
      const [other] = regressionTree(taken(x, rows), rows.map(i => y[i])).trees;
      // The side of values that were never missing is that of more rows, whatever they weigh.
      assertNodes(regressionTree(x, y, {weights}).trees[0], {...listed(other), missingLeft: undefined});
    }), {numRuns: 200, seed: 4}));

  it('sees through a large common offset of the targets', () => {
    const {x, y} = draw({seed: 5, n: 200, d: 3, levels: 40}), [plain] = regressionTree(x, y, {maxDepth: 4}).trees;
    const [lifted] = regressionTree(x, y.map(v => v + 1e6), {maxDepth: 4}).trees;
    assert.deepEqual([lifted.feature, lifted.threshold], [plain.feature, plain.threshold]);
  });

  it('asks although the first question gains nothing: exclusive or', () => {
    const x = table([0, 0, 0, 1, 1, 0, 1, 1], 2), y = [0, 1, 1, 0];
    assert.deepEqual([...predictTrees(regressionTree(x, y, {maxDepth: 2}), x)], y);
  });

  it('asks about the first of columns that divide alike, though they sum in another order', () => {
    for (let seed = 0; seed < 50; seed++) {
      const first = normal(rng(seed), 40), y = normal(fold(rng(seed), 'y'), 40);
      const x = Float64Array.from({length: 120}, (_, k) => [1, -1, 2][k % 3] * first[Math.floor(k / 3)]);
      const {feature} = regressionTree(ndarray([40, 3], x), y).trees[0];
      assert.ok(feature.every(f => f <= 0), `seed ${seed}: ${feature}`);
    }
  });

  it('tells neighbouring doubles apart, and 0 from nothing else', () => {
    const next = 1 + Number.EPSILON, x = table([1, next, next + Number.EPSILON, -0, 0, 5e-324], 1);
    const y = [1, 2, 5, 3, 3, 4];
    assert.deepEqual([...predictTrees(regressionTree(x, y), x)], y);
    assert.equal(regressionTree(table([-0, 0], 1), [1, 2]).trees[0].feature.length, 1);
  });

  it('grows deep without a deep stack', () => {
    const x = ndarray([20_000, 1], Float64Array.from({length: 20_000}, (_, i) => i));
    const y = x.data.map(i => (i < 160 ? 4 ** i : 0)), fit = regressionTree(x, y);
    assert.ok(depthOf(fit.trees[0]) > 150);
    assert.deepEqual(predictTrees(fit, x), y);
  });

  it('leaves features, targets and weights as they were', () => {
    const {x, y, weights} = draw({seed: 6, n: 25, d: 3, levels: 5});
    const before = [x.data.slice(), y.slice(), weights.slice()];
    regressionTree(x, y, {weights});
    gradientBoosting(x, y, {weights, subsample: 0.5, rng: rng(1)});
    randomForest(x, y, {weights, rng: rng(1)});
    assert.deepEqual([x.data, y, weights], before);
  });

  it('refuses what it cannot learn from, by name', () => {
    const x = table([1, 2, 3, 4], 2), y = [1, 2];
    const refuses = (f: () => unknown, message: RegExp) => assert.throws(f, message);
    const infinite = /regressionTree: argument `features` must be finite, or NaN.*-Infinity.*Row 1, column 1/;
    refuses(() => regressionTree(table([1, 2, 3, -Infinity], 2), y), infinite);
    refuses(() => regressionTree(ndarray([0, 2]), []), /argument `features` must be of shape \[n, d\]/);
    refuses(() => regressionTree(ndarray([2, 0]), y), /argument `features`/);
    refuses(() => regressionTree(ndarray([4], x.data), [1, 2, 3, 4]), /argument `features`/);
    refuses(() => regressionTree(x, [1]), /argument `targets` must be 2 numbers/);
    refuses(() => regressionTree(x, [1, NaN]), /argument `targets`.*received NaN.*Row 1/);
    refuses(() => regressionTree(x, [1, 1e101]), /argument `targets`/);
    for (const weights of [[1], [1, -1], [1, NaN], [1, Infinity], [0, 0]])
      refuses(() => regressionTree(x, y, {weights}), /argument `weights`/);
    for (const maxDepth of [0, 1.5, NaN, -Infinity])
      refuses(() => regressionTree(x, y, {maxDepth}), /argument `maxDepth`/);
    for (const minLeaf of [0, 1.5, Infinity]) refuses(() => regressionTree(x, y, {minLeaf}), /argument `minLeaf`/);
    assert.deepEqual(predictTrees(regressionTree(x, y), ndarray([0, 2])), new Float64Array(0));
    const fit = regressionTree(x, y);
    refuses(() => predictTrees(fit, table([1], 1)), /predictTrees: argument `features` must be of shape \[n, 2\]/);
    refuses(() => predictTrees(fit, table([1, Infinity], 2)), /predictTrees: argument `features` must be finite/);
  });
});

describe('a random forest', () => {
  const {x, y} = draw({seed: 7, n: 25, d: 3, levels: 9});
  const firstQuestions = ({trees}: RegressionTrees) => trees.map(({feature}) => feature[0]);

  it('answers the mean of its trees; equal generators give equal forests, smaller ones begin alike', () => {
    const fit = randomForest(x, y, {rng: rng(1), trees: 8});
    const each = fit.trees.map(tree => predictTrees({...fit, scale: 1, trees: [tree]}, x));
    assertNear(predictTrees(fit, x), y.map((_, i) => mean(each.map(answers => answers[i]))));
    assert.deepEqual(randomForest(x, y, {rng: rng(1), trees: 8}), fit);
    assert.deepEqual(randomForest(x, y, {rng: rng(1), trees: 5}).trees, fit.trees.slice(0, 5));
    assert.notDeepEqual(randomForest(x, y, {rng: rng(2), trees: 8}).trees, fit.trees);
  });

  it('grows each tree on as many draws as there are rows', () => {
    const {trees} = randomForest(x, y, {rng: rng(3), trees: 50, weights: y.map((_, i) => (i < 5 ? 0 : 1))});
    assert.ok(trees.every(tree => tree.weight[0] === 20), 'rows of weight 0 are not drawn');
  });

  it('lets every column be the one that the root looks at equally often', () => {
    const counts = [0, 0, 0], n = 3000;
    for (const f of firstQuestions(randomForest(x, y, {rng: rng(4), trees: n, tried: 1, maxDepth: 1}))) counts[f]++;
    // Binomial: a deviation beyond 4.5 sd has probability 7e-6.
    for (const count of counts) assert.ok(Math.abs(count - n / 3) < 4.5 * Math.sqrt(n * 2 / 9), `${counts}`);
  });

  it('looks further while no column divides the rows', () => {
    const constant = ndarray([25, 3], x.data.map((v, k) => (k % 3 === 1 ? v : 7)));
    assert.ok(firstQuestions(randomForest(constant, y, {rng: rng(5), trees: 60, tried: 1})).every(f => f === 1));
  });

  it('tries a third of the columns by default', () => {
    const fit = (options: {tried?: number}) => randomForest(x, y, {rng: rng(6), trees: 5, ...options});
    assert.deepEqual(fit({}), fit({tried: 1}));
    assert.notDeepEqual(fit({}), fit({tried: 3}));
  });

  it('refuses sizes out of range', () => {
    const refuses = (options: object, message: RegExp) =>
      assert.throws(() => randomForest(x, y, {rng: rng(1), ...options}), message);
    for (const trees of [0, 1.5]) refuses({trees}, /randomForest: argument `trees`/);
    for (const tried of [0, 4, 1.5]) refuses({tried}, /argument `tried` must be a whole number in \[1, 3\]/);
  });
});

describe('gradient boosting', () => {
  const {x, y} = draw({seed: 8, n: 25, d: 3, levels: 9}), held = draw({seed: 9, n: 25, d: 3, levels: 9});
  const errorOf = (fit: RegressionTrees, at: NdArray, truth: Float64Array) =>
    predictTrees(fit, at).reduce((sum, v, i) => sum + (v - truth[i]) ** 2, 0);
  const stages = (fit: RegressionTrees) =>
    Array.from({length: fit.trees.length + 1}, (_, k) => ({...fit, trees: fit.trees.slice(0, k)}));

  it('errs less on its training data with every tree', () => {
    const errors = stages(gradientBoosting(x, y, {trees: 30})).map(fit => errorOf(fit, x, y));
    errors.slice(1).forEach((error, k) => assert.ok(error < errors[k], `tree ${k}`));
  });

  it('learns from what is missing: a value whose absence alone tells the target', () => {
    const told = y.map((_, i) => Number(i % 3 === 0)), absent = ndarray([25, 1], told.map(v => (v === 1 ? NaN : 4)));
    assertNear(predictTrees(gradientBoosting(absent, told, {trees: 1, rate: 1}), absent), told);
    const some = ndarray([25, 3], x.data.map((v, k) => (k % 4 === 0 ? NaN : v)));
    const errors = stages(gradientBoosting(some, y, {trees: 30})).map(fit => errorOf(fit, some, y));
    errors.slice(1).forEach((error, k) => assert.ok(error < errors[k], `tree ${k}`));
    const all = ndarray([25, 1], new Float64Array(25).fill(NaN));
    assertNear(predictTrees(regressionTree(all, y), all), new Float64Array(25).fill(mean(y)));
  });

  it('is a tree when one tree answers in full', () => {
    const one = gradientBoosting(x, y, {trees: 1, rate: 1, maxDepth: 3});
    assertNear(predictTrees(one, x), predictTrees(regressionTree(x, y, {maxDepth: 3}), x));
  });

  it('keeps the trees up to the smallest validation error, none if none helps', () => {
    const validation = {features: held.x, targets: held.y}, all = gradientBoosting(x, y, {trees: 60});
    const errors = stages(all).map(fit => errorOf(fit, held.x, held.y)), best = errors.indexOf(Math.min(...errors));
    const stopped = gradientBoosting(x, y, {trees: 60, validation, patience: 60});
    assert.deepEqual(stopped, {...all, trees: all.trees.slice(0, best)});
    const opposite = {features: x, targets: y.map(v => -v)}, none = gradientBoosting(x, y, {validation: opposite});
    assert.equal(none.trees.length, 0);
    assertNear(predictTrees(none, x), new Float64Array(25).fill(mean(y)));
  });

  it('draws the rows of each tree from its generator', () => {
    const fit = (seed: number, subsample = 0.4) => gradientBoosting(x, y, {trees: 5, subsample, rng: rng(seed)});
    assert.deepEqual(fit(1), fit(1));
    assert.notDeepEqual(fit(1).trees, fit(2).trees);
    assert.ok(fit(1).trees.every(tree => tree.weight[0] === 10));
    assert.ok(fit(1, 0.001).trees.every(tree => tree.weight[0] === 1), 'at least one row');
    const weights = y.map((_, i) => (i < 15 ? 0 : 1));
    const some = gradientBoosting(x, y, {trees: 5, subsample: 0.4, rng: rng(1), weights});
    assert.ok(some.trees.every(tree => tree.weight[0] === 4), 'of the rows that count');
  });

  it('refuses options out of range', () => {
    const refuses = (options: object, message: RegExp) => assert.throws(() => gradientBoosting(x, y, options), message);
    for (const rate of [0, 1.1, NaN]) refuses({rate}, /gradientBoosting: argument `rate` must be in \(0, 1\]/);
    for (const subsample of [0, 1.1]) refuses({subsample, rng: rng(1)}, /argument `subsample`/);
    refuses({subsample: 0.5}, /argument `rng` must be given/);
    refuses({trees: 0}, /argument `trees`/);
    refuses({patience: 0}, /argument `patience`/);
    const narrow = {features: table([1], 1), targets: [1]};
    refuses({validation: narrow}, /argument `validation.features` must be of shape \[m, 3\]/);
    refuses({validation: {features: held.x, targets: [1]}}, /argument `targets`/);
  });
});
