import assert from 'node:assert/strict';
import {mean, ndarray, normal, rng, uniform, type NdArray} from '../../lib/math';
import {
  boostingLearner, forestLearner, mlpLearner, ridgeLearner, sharedForestLearner, splineLearner, type RowLearner,
} from '../../lib/estimation';

const n = 400, sd = 0.1, u = uniform(rng(1), 2 * n), features = ndarray([n, 2], u);
const truth = (rows: NdArray) => Float64Array.from({length: 2 * rows.shape[0]}, (_, k) => {
  const [a, b] = rows.data.subarray(2 * (k >> 1), 2 * (k >> 1) + 2);
  return k % 2 === 0 ? Math.sin(5 * a) * b : a - 2 * b;
});
const noise = normal(rng(2), 2 * n, {sd});
const targets = ndarray([n, 2], truth(features).map((v, k) => v + noise[k]));
const asked = ndarray([200, 2], uniform(rng(3), 400).map(v => 0.05 + 0.9 * v));

describe('learners', () => {
  const mlp = mlpLearner({steps: 600, engine: 'cpu'});
  const all: RowLearner[] =
    [ridgeLearner(), splineLearner(), forestLearner(), sharedForestLearner(), boostingLearner(), mlp];
  const squared = (told: NdArray, j: number) =>
    mean(truth(asked).filter((_, k) => k % 2 === j).map((v, i) => (v - told.data[2 * i + j]) ** 2));
  const spread = (j: number) => {
    const values = truth(asked).filter((_, k) => k % 2 === j), centre = mean(values);
    return mean(values.map(v => (v - centre) ** 2));
  };

  for (const learner of all) it(`${learner.name}: tells most of what can be told, the same each time`, async () => {
    const told = await learner.answers({features, targets}, asked, rng(4));
    assert.deepEqual(told.shape, [200, 2]);
    for (const j of learner.name === 'ridge' ? [1] : [0, 1])
      assert.ok(squared(told, j) < 0.1 * spread(j), `${j}: ${squared(told, j)} of ${spread(j)}`);
    assert.deepEqual((await learner.answers({features, targets}, asked, rng(4))).data, told.data);
  }).timeout(60_000);

  it('those that are smooth err less than the noise of one row', async () => {
    for (const [learner, j] of [[ridgeLearner(), 1], [splineLearner(), 0], [splineLearner(), 1]] as const)
      assert.ok(squared(await learner.answers({features, targets}, asked, rng(4)), j) < sd ** 2 / 4, learner.name);
  });

  for (const learner of all) it(`${learner.name}: rows of weight 0 do not count`, async () => {
    const weights = Float64Array.from({length: n}, (_, i) => (i % 2 === 0 ? 1 : 0));
    const wild = ndarray([n, 2], targets.data.map((v, k) => ((k >> 1) % 2 === 0 ? v : 50)));
    const told = await learner.answers({features, targets: wild, weights}, asked, rng(5));
    // A network measures in units of all its targets: it has farther to go.
    const share = learner.name === 'MLP' ? 0.6 : 0.15;
    assert.ok(squared(told, 1) < share * spread(1), `${squared(told, 1)} of ${spread(1)}`);
  }).timeout(60_000);

  it('boosting, depth 6: grows fewer trees where more would learn noise', async () => {
    const told = ({data}: NdArray) => mean(data.map((v, i) => (v - asked.data[2 * i]) ** 2));
    const lesson = {features, targets: ndarray([n, 1], normal(rng(6), n, {sd: 0.5}).map((e, i) => u[2 * i] + e))};
    const deep = {maxDepth: 6, minLeaf: 5}, answers = async (parts?: number) =>
      told(await boostingLearner({...deep, parts}).answers(lesson, asked, rng(4)));
    assert.ok(await answers(5) < 0.5 * await answers(), 'half the error');
    await assert.rejects(answers(1), /foldsOf: argument `count`/);
  });

  it('boosting: what no row of weight above 0 holds has no say in the number of trees', async () => {
    const weights = Float64Array.from({length: n}, (_, i) => (i % 2 === 0 ? 1 : 0)), one = boostingLearner({parts: 3});
    const told = (wild: number) => Float64Array.from(weights, (w, i) => (w > 0 ? targets.data[2 * i] : wild));
    const answers = (wild: number) =>
      one.answers({features, weights, targets: ndarray([n, 1], told(wild))}, asked, rng(4));
    assert.deepEqual((await answers(7)).data, (await answers(-50)).data);
  });

  for (const learner of [ridgeLearner(), splineLearner()]) it(`${learner.name}: weights count as shares`, async () => {
    const kept = Array.from({length: n}, (_, i) => i).filter(i => i % 3 > 0), weights = new Float64Array(n);
    for (const i of kept) weights[i] = 7;
    const some = ({data}: NdArray) =>
      ndarray([kept.length, 2], Float64Array.from(kept.flatMap(i => [data[2 * i], data[2 * i + 1]])));
    // The same range, on which knots lie.
    const inside = ndarray([n, 2], u.map(v => Math.min(0.9, Math.max(0.1, v))));
    const a = await learner.answers({features: inside, targets, weights}, asked, rng(1));
    const b = await learner.answers({features: some(inside), targets: some(targets)}, asked, rng(1));
    a.data.forEach((v, i) => assert.ok(Math.abs(v - b.data[i]) < 1e-9, `${v} ${b.data[i]}`));
  });

  it('refuse what they cannot learn from, by name', async () => {
    const refuses = (lesson: object, message: RegExp) =>
      assert.rejects(ridgeLearner().answers({features, targets, ...lesson}, asked, rng(1)), message);
    const gap = ndarray([n, 2], u.map((v, i) => (i === 7 ? NaN : v)));
    await refuses({features: gap}, /`features`.*NaN.*Row 3, column 1/);
    await refuses({targets: ndarray([3, 1])}, /argument `targets` must be of 400 rows/);
    await refuses({weights: new Float64Array(n)}, /argument `weights`/);
    await refuses({features: ndarray([n, 1], u.slice(0, n))}, /argument `asked`/);
    assert.throws(() => splineLearner({count: 3}), /splineLearner: argument `count`/);
    assert.throws(() => mlpLearner({steps: 0}), /mlpLearner: argument `steps`/);
    assert.throws(() => mlpLearner({rate: {from: 0, to: 1}}), /argument `rate`/);
  });
});
