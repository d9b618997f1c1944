import assert from 'node:assert/strict';
import {fold, mean, ndarray, normal, rng, uniform, type Rng} from '../../lib/math';
import {
  crossFit, effectByGroup, effectCurve, effectOf, foldsOf, learnerTable, overlap, partiallyLinear, perturbedEffects,
  residualsOf, ridgeLearner, standardError, timeBlocks, type EffectRows, type RowLearner,
} from '../../lib/estimation';

/** Tells nothing but the mean of what it has seen. */
const average: RowLearner = {
  name: 'average',
  async answers({targets: {shape: [n, m], data}}, asked) {
    const means = Array.from({length: m}, (_, j) => mean(data.filter((_, k) => k % m === j)));
    assert.ok(n > 0);
    return ndarray([asked.shape[0], m], Float64Array.from({length: asked.shape[0] * m}, (_, k) => means[k % m]));
  },
};

/** y = 2 d + x + e, d = x + v */
function linearRows(source: Rng, n: number): EffectRows {
  const x = normal(fold(source, 'x'), n), v = normal(fold(source, 'v'), n), e = normal(fold(source, 'e'), n);
  const treatment = x.map((own, i) => own + v[i]);
  return {outcome: treatment.map((d, i) => 2 * d + x[i] + e[i]), treatment, features: ndarray([n, 1], x)};
}

const near = (a: number, b: number, size = 1e-12) =>
  assert.ok(Math.abs(a - b) <= size * Math.max(1, Math.abs(b)), `${a}, not ${b}`);

describe('Parts for cross-fitting', () => {
  it('are as equal as can be, and keep groups together', () => {
    const count = (folds: Int32Array) => [0, 1, 2].map(k => folds.filter(f => f === k).length).sort();
    assert.deepEqual(count(foldsOf(10, 3, rng(1))), [3, 3, 4]);
    const groups = Float64Array.from({length: 40}, (_, i) => i % 8), folds = foldsOf(groups, 4, rng(2));
    groups.forEach((g, i) => assert.equal(folds[i], folds[g]));
    assert.deepEqual(count(foldsOf(groups, 4, rng(2)).map(f => Math.min(f, 2))), [10, 10, 20]);
    assert.notDeepEqual(foldsOf(40, 4, rng(2)), foldsOf(40, 4, rng(3)));
  });

  it('of time are blocks of equal width', () => {
    assert.deepEqual([...timeBlocks([3, 0.5, 0.9, 2.6, 1.5], 1)], [2, 0, 0, 2, 1]);
    assert.throws(() => timeBlocks([1, 2, 1], 1), /timeBlocks: argument `times` must be different.*1\..*twice/);
    assert.throws(() => timeBlocks([1, NaN], 1), /`times` must be finite.*Row 1/);
    assert.throws(() => timeBlocks([1, 2], 0), /argument `width`/);
  });

  it('cannot be more than there are groups', () => {
    assert.throws(() => foldsOf([1, 1, 2, 2], 3, rng(1)), /foldsOf: argument `groups` must be of at least 3 kinds/);
    assert.throws(() => foldsOf([1, NaN], 2, rng(1)), /argument `groups`/);
  });
});

describe('Cross-fitting', () => {
  const rows = linearRows(rng(3), 60), folds = foldsOf(60, 5, rng(4));
  const lesson = {features: rows.features, targets: ndarray([60, 1], rows.outcome)};

  it('tells no row from its own part', async () => {
    const before = await crossFit(ridgeLearner(), lesson, folds, rng(5));
    const changed = rows.outcome.map((y, i) => (folds[i] === folds[7] ? y + 100 : y));
    const after = await crossFit(ridgeLearner(), {...lesson, targets: ndarray([60, 1], changed)}, folds, rng(5));
    before.data.forEach((v, i) => assert.equal(v === after.data[i], folds[i] === folds[7]));
  });

  it('with one part tells every row from all', async () => {
    const told = await crossFit(average, lesson, new Int32Array(60), rng(1));
    told.data.forEach(v => near(v, mean(rows.outcome)));
  });
});

describe('The partially linear model', () => {
  it('is least squares, where a learner tells the mean of all rows', async () => {
    const rows = linearRows(rng(6), 50), {outcome: y, treatment: d} = rows;
    const {effect, standardError: se} = await partiallyLinear(rows, {learner: average, folds: 1, rng: rng(1)});
    const [u, t] = [y, d].map(values => values.map(v => v - mean(values)));
    const power = t.reduce((sum, v) => sum + v * v, 0), slope = u.reduce((sum, v, i) => sum + v * t[i], 0) / power;
    near(effect, slope);
    near(se, Math.sqrt(u.reduce((sum, v, i) => sum + (t[i] * (v - slope * t[i])) ** 2, 0)) / power);
  });

  it('is the median over repeats, with their scatter in its error', async () => {
    const fit = await partiallyLinear(linearRows(rng(7), 40), {learner: ridgeLearner(), repeats: 4, rng: rng(2)});
    const effects = fit.repeats.map(r => r.effect).sort((a, b) => a - b);
    near(fit.effect, (effects[1] + effects[2]) / 2);
    assert.ok(effects[3] > effects[0]);
    const variances = fit.repeats.map(r => r.standardError ** 2 + (r.effect - fit.effect) ** 2).sort((a, b) => a - b);
    near(fit.standardError ** 2, (variances[1] + variances[2]) / 2);
  });

  it('covers the truth as often as it says, where a comparison without features does not', async () => {
    const repeats = 200, hits = [0, 0];
    for (let k = 0; k < repeats; k++) {
      const rows = linearRows(rng(1000 + k), 200);
      for (const [j, learner] of [ridgeLearner(), average].entries()) {
        const {effect, standardError: se} = await partiallyLinear(rows, {learner, rng: rng(k)});
        hits[j] += Number(Math.abs(effect - 2) <= 1.96 * se);
      }
    }
    // Binomial: 4.5 sd below 95 %.
    assert.ok(hits[0] > repeats * (0.95 - 4.5 * Math.sqrt(0.95 * 0.05 / repeats)), `${hits}`);
    assert.ok(hits[1] < repeats / 20, `${hits}`);
  }).timeout(60_000);

  it('takes a learner for each side', async () => {
    const rows = linearRows(rng(8), 80), folds = foldsOf(80, 4, rng(1));
    const {outcome, treatment} = await residualsOf(rows, {outcome: ridgeLearner(), treatment: average}, folds, rng(2));
    for (const i of [0, 17, 42]) {
      const outside = rows.treatment.filter((_, k) => folds[k] !== folds[i]);
      near(treatment[i], rows.treatment[i] - mean(outside));
    }
    const both = await residualsOf(rows, ridgeLearner(), folds, rng(2));
    outcome.forEach((u, i) => near(u, both.outcome[i]));
  });

  it('refuses what has no answer, by name', async () => {
    const rows = linearRows(rng(9), 20), refuses = (change: Partial<EffectRows>, message: RegExp) =>
      assert.rejects(partiallyLinear({...rows, ...change}, {learner: ridgeLearner(), rng: rng(1)}), message);
    await refuses({treatment: new Float64Array(20).fill(3)}, /partiallyLinear: argument `treatment` must be of at/);
    await refuses({outcome: rows.outcome.map((y, i) => (i === 4 ? NaN : y))}, /`outcome` must be finite.*Row 4/);
    await refuses({treatment: rows.treatment.slice(1)}, /argument `treatment` must be 20 numbers/);
    await refuses({features: ndarray([20, 1], rows.outcome.map(() => Infinity))}, /argument `features`/);
    const single = rows.treatment.map((_, i) => Number(i === 4));
    await refuses({treatment: single}, /argument `folds` must be such that the treatment varies outside of every part/);
    const exact: RowLearner = {name: 'exact', answers: async (_, asked) => ndarray([asked.shape[0], 2],
      Float64Array.from([...asked.data].flatMap(x => [x, x])))};
    await assert.rejects(partiallyLinear({...rows, treatment: rows.features.data}, {learner: exact, rng: rng(1)}),
      /effectOf: argument `residuals.treatment` must be not 0 everywhere/);
  });
});

describe('Standard errors', () => {
  const influence = normal(rng(10), 30), plain = standardError(influence);

  it('of rows that do not depend on each other are the root of the sum of squares', () =>
    near(plain ** 2, influence.reduce((sum, v) => sum + v * v, 0)));

  it('of clusters sum within them first', () => {
    const alone = standardError(influence, {kind: 'clusters', groups: influence.map((_, i) => i)});
    near(alone, plain * Math.sqrt(30 / 29));
    const doubled = Float64Array.from([...influence, ...influence], v => v / 2), groups = doubled.map((_, i) => i % 30);
    near(standardError(doubled, {kind: 'clusters', groups}), alone);
    assert.throws(() => standardError(influence, {kind: 'clusters', groups: influence.map(() => 1)}), /two kinds/);
  });

  it('in time weigh neighbours by their distance, in whatever order they stand', () => {
    const times = influence.map((_, i) => i);
    near(standardError(influence, {kind: 'time', times, reach: 1}), plain);
    const pairs = influence.reduce((sum, v, i) => sum + (i > 0 ? v * influence[i - 1] : 0), 0);
    near(standardError(influence, {kind: 'time', times, reach: 2}) ** 2, plain ** 2 + pairs);
    const turned = standardError(influence.slice().reverse(), {kind: 'time', times: times.slice().reverse(), reach: 4});
    near(turned, standardError(influence, {kind: 'time', times, reach: 4}));
    assert.throws(() => standardError(influence, {kind: 'time', times: times.fill(1), reach: 1}), /`times`/);
  });
});

describe('Effects that differ', () => {
  const n = 300, x = uniform(rng(11), n), t = normal(rng(12), n), e = normal(rng(13), n, {sd: 0.1});
  const residuals = {treatment: t, outcome: t.map((v, i) => v * (1 + 2 * x[i]) + e[i])};

  it('follow what they depend on', async () => {
    const asked = ndarray([3, 1], Float64Array.of(0.1, 0.5, 0.9)), learner = ridgeLearner();
    const told = await effectCurve(residuals, ndarray([n, 1], x), asked, {learner, rng: rng(1)});
    // sd of the line at its ends: 0.1 sqrt((1 + 12 * 0.4^2) / 300) = 0.01
    asked.data.forEach((at, k) => assert.ok(Math.abs(told[k] - 1 - 2 * at) < 4.5 * 0.01, `${told}`));
  });

  it('are the plain effect where nothing may differ', async () => {
    const constant = ndarray([n, 1]), all = effectOf(residuals);
    const [told] = await effectCurve(residuals, constant, ndarray([1, 1]), {learner: ridgeLearner(), rng: rng(1)});
    near(told, all.effect, 1e-9);
    const [group] = effectByGroup(residuals, new Int32Array(n));
    near(group.effect, all.effect);
    near(group.standardError, all.standardError);
  });

  it('in groups leave out rows of none and groups without treatment', () => {
    const groups = x.map((v, i) => (i === 0 ? NaN : i === 1 ? 7 : v < 0.5 ? 1 : 2));
    const still = {...residuals, treatment: t.map((v, i) => (i === 1 ? 0 : v))};
    const found = effectByGroup(still, groups);
    assert.deepEqual(found.map(f => f.group), [1, 2]);
    assert.equal(found[0].rows + found[1].rows, n - 2);
  });
});

describe('Diagnostics', () => {
  const rows = linearRows(rng(14), 500);

  it('say what the features leave of the treatment', async () => {
    const [repeat] = (await partiallyLinear(rows, {learner: ridgeLearner(), rng: rng(1)})).repeats;
    const {variance, share, effectiveRows, topTenth} = overlap(rows, repeat.residuals);
    // Half of the variance of d is that of v, 1; for normal numbers the effective number of rows is n / 3.
    assert.ok(Math.abs(variance - 1) < 4.5 * Math.sqrt(2 / 500) && Math.abs(share - 0.5) < 0.15);
    assert.ok(effectiveRows > 500 / 5 && effectiveRows < 500 / 2 && topTenth > 0.3 && topTenth < 0.6);
  });

  it('rank learners by their errors elsewhere', async () => {
    const [ridge, none] = await learnerTable(rows, [ridgeLearner(), average], foldsOf(500, 5, rng(1)), rng(2));
    assert.ok(ridge.outcome < none.outcome && ridge.treatment < none.treatment);
    assert.equal(none.learner, 'average');
    // Var d = 2: an error of a variance has sd 2 sqrt(2 / 500).
    assert.ok(Math.abs(none.treatment ** 2 - 2) < 4.5 * 2 * Math.sqrt(2 / 500) + 0.05);
  });

  it('perturbed nuisances move residual on residual by the square, the plug-in by the error itself', () => {
    // Four rows on which what is left is exactly orthogonal to the errors: d = m + v, y = 3 d + g.
    const v = Float64Array.of(1, 1, -1, -1), b = Float64Array.of(1, -1, 1, -1), m = Float64Array.of(2, 2, 2, 2);
    const treatment = m.map((own, i) => own + v[i]), outcome = treatment.map(d => 3 * d + 5);
    const all = {outcome, treatment, features: ndarray([4, 1], b)}, error = {outcome: b, treatment: b};
    const truth = {outcome: m.map(own => 3 * own + 5), treatment: m};
    const along = (a: Float64Array, c: Float64Array) => a.reduce((sum, v, i) => sum + v * c[i], 0);
    for (const {size, orthogonal, plugIn} of perturbedEffects(all, truth, error, [0, 0.1, 0.5])) {
      near(orthogonal, (3 + size ** 2) / (1 + size ** 2));
      near(plugIn, 3 - size * along(treatment, b) / along(treatment, treatment));
    }
  });
});
