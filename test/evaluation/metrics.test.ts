import assert from 'node:assert/strict';
import {jStat as statistics} from 'jstat';
import {coverage, crps, intervalScore, mae, rmse, type Metric} from '../../lib/evaluation';
import {estimated, mean, normal, rng, split, type Rng} from '../../lib/math';

/** Score of one truth by draws, in any order. */
const scoreOf = (metric: Metric, truth: number, draws: ArrayLike<number>, centre = NaN) =>
  metric.score(truth, {mean: centre, samples: Float64Array.from(draws).sort()});

/** Mean over many repetitions, and how many standard errors it lies from what it should be. */
function distance(values: readonly number[], expected: number): number {
  const {mean: found, error} = estimated(values);
  return Math.abs(found - expected) / error;
}
const draws = (key: Rng, n: number) => normal(key, n);
type OfNormal = (x: number, mean: number, sd: number) => number;
const {normal: law} = statistics as unknown as {normal: Record<'cdf' | 'inv', OfNormal>};
const density = (z: number) => Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
const below = (z: number) => law.cdf(z, 0, 1);

/** Of the standard normal law at y. @reference Gneiting & Raftery 2007, eq. (5). doi:10.1198/016214506000001437 */
const normalCrps = (y: number) => y * (2 * below(y) - 1) + 2 * density(y) - 1 / Math.sqrt(Math.PI);

describe('metrics', () => {
  it('of the mean are those of the definitions: the root of the mean square, and the mean distance', () => {
    const pairs = [[1, 3], [2, 2], [5, 1]], over = (metric: Metric) =>
      mean(pairs.map(([truth, said]) => metric.score(truth, {mean: said, samples: new Float64Array(0)})));
    assert.equal(rmse.total!(over(rmse)), Math.sqrt((4 + 0 + 16) / 3));
    assert.equal(over(mae), 2);
  });

  it('CRPS from draws is, on average, that of the normal law in closed form, however few the draws', () => {
    for (const [n, repeats] of [[2, 20_000], [20, 4_000]] as const) for (const y of [-2, 0, 0.7]) {
      const values = split(rng(n), repeats).map(key => scoreOf(crps, y, draws(key, n)));
      const off = distance(values, normalCrps(y));
      assert.ok(off < 4, `${n} draws, y = ${y}: ${off} standard errors`);
    }
  });

  it('CRPS is the absolute error of draws that agree, and the same sum over pairs as by its definition', () => {
    assert.equal(scoreOf(crps, 3, [1, 1, 1]), 2);
    const x = [0.3, -1.2, 4, 0.31, 2];
    const pairs = x.flatMap((a, i) => x.filter((_, j) => j !== i).map(b => Math.abs(a - b)));
    for (const y of [-3, 0.305, 9]) {
      const byDefinition = mean(x.map(a => Math.abs(a - y))) - mean(pairs) / 2;
      assert.ok(Math.abs(scoreOf(crps, y, x) - byDefinition) < 1e-14);
    }
  });

  it('CRPS is lowest for draws from the true law: others, too wide, too narrow or beside it, pay', () => {
    const keys = split(rng(7), 4000), truths = keys.map(key => draws(split(key)[0], 1)[0]);
    const drawn = keys.map(key => draws(split(key)[1], 20));
    const of = (change: (z: number) => number) => mean(drawn.map((x, i) => scoreOf(crps, truths[i], x.map(change))));
    const right = of(z => z);
    // In the mean over laws a normal of sd s at m costs E|z - y| terms: sqrt(2 (1 + s^2) / pi) - s / sqrt(pi) at m = 0.
    assert.ok(Math.abs(right - 1 / Math.sqrt(Math.PI)) < 0.03);
    for (const wrong of [of(z => 2 * z), of(z => z / 2), of(z => z + 0.5)])
      assert.ok(wrong > right + 0.02, `${wrong} against ${right}`);
  });

  it('coverage of draws from the true law is the level, where its ranks are whole, to within what '
      + 'chance allows', () => {
    for (const [n, level] of [[19, 0.9], [39, 0.95], [9, 0.6]] as const) {
      const repeats = 20_000, metric = coverage(level);
      const pairs = split(rng(n), repeats).map(key => split(key));
      const hits = pairs.map(([a, b]) => scoreOf(metric, draws(a, 1)[0], draws(b, n)));
      const off = Math.abs(mean(hits) - level) / Math.sqrt(level * (1 - level) / repeats);
      assert.ok(off < 4, `${n} draws, level ${level}: ${mean(hits)}, ${off} standard errors`);
    }
  });

  it('the interval of draws lies between the draws that its ranks fall between', () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    // Ranks 1 and 9 of 9: the ends belong to it.
    assert.deepEqual([1, 9, 0.999, 9.001].map(y => scoreOf(coverage(0.8), y, ten)), [1, 1, 0, 0]);
    // Ranks 2.5 and 7.5.
    assert.deepEqual([2.5, 7.5, 2.49, 7.51].map(y => scoreOf(coverage(0.5), y, ten)), [1, 1, 0, 0]);
    assert.equal(scoreOf(intervalScore(0.5), 5, ten), 5);
    assert.equal(scoreOf(intervalScore(0.5), 1.5, ten), 5 + 4 * 1);
    assert.ok(Math.abs(scoreOf(intervalScore(0.8), 12, ten) - (8 + 10 * 3)) < 1e-12);
  });

  it('interval score of the true quantiles of a normal law is 4 phi(z) / (1 - level) on average', () => {
    for (const level of [0.5, 0.9]) {
      const n = 3999, z = law.inv((1 + level) / 2, 0, 1);
      const quantiles = Float64Array.from({length: n}, (_, k) => law.inv((k + 1) / (n + 1), 0, 1));
      const values = Array.from(draws(rng(3), 40_000), y =>
        intervalScore(level).score(y, {mean: 0, samples: quantiles}));
      const off = distance(values, 4 * density(z) / (1 - level));
      assert.ok(off < 4, `level ${level}: ${off} standard errors`);
    }
  });

  it('all in the unit of outcomes grow with that unit; coverage does not', () => {
    const x = draws(rng(1), 39);
    for (const metric of [mae, crps, intervalScore(0.9)]) {
      const [one, thousand] = [1, 1000].map(unit =>
        metric.score(2 * unit, {mean: 0.3 * unit, samples: x.map(v => v * unit).sort()}));
      assert.ok(Math.abs(thousand / one - 1000) < 1e-9, metric.name);
    }
    assert.equal(coverage(0.9).unit, 'share');
  });

  it('refuse levels that are none', () => {
    for (const make of [coverage, intervalScore]) for (const level of [0, 1, -0.1, 90, NaN])
      assert.throws(() => make(level), new RegExp(`argument \`level\` must be in \\(0, 1\\); received ${level}`));
  });
});
