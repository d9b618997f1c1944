import assert from 'node:assert/strict';
import {
  bernoulli, bits, categorical, choice, expm, fold, integers, logNormal, mean, multivariateNormal, ndarray, normal,
  permutation, rng, sd, split, truncatedNormal, uniform,
  weightedQuantile,
} from '../../lib/math';

const notCounts = [-1, 0.25, 2.5, NaN, Infinity, -Infinity, 2 ** 53, '3', undefined, null];
const r = rng(1);

describe('whole numbers that are asked for are never rounded', () => {
  it('a label of fold that is no whole number is refused: it would repeat the draws of label 0', () => {
    for (const label of [0.25, NaN, Infinity, -Infinity, 1e-9, 2 ** 53, -(2 ** 53), undefined, null, {}, 1n])
      assert.throws(
        () => fold(r, label as number),
        {name: 'ArgumentError', message: /^fold: argument `label` must be a text, or a whole number/}, String(label),
      );
  });

  it('different whole labels of either sign give different generators, and those of before', () => {
    const labels = [
      0, 1, 2, -1, -2, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER,
    ];
    const keys = labels.map(label => fold(r, label).key.join());
    assert.equal(new Set(keys).size, labels.length);
    assert.deepEqual(fold(rng(11), 7).key, [725776469, 467227268]);
  });

  const samplers: Record<string, (n: number) => unknown> = {
    split: n => split(r, n), bits: n => bits(r, n), uniform: n => uniform(r, n), normal: n => normal(r, n),
    logNormal: n => logNormal(r, n), truncatedNormal: n => truncatedNormal(r, n),
    multivariateNormal: n => multivariateNormal(r, n, [0], [[1]]), categorical: n => categorical(r, n, [1]),
    bernoulli: n => bernoulli(r, n, 0.5), integers: n => integers(r, n, {high: 3}),
    permutation: n => permutation(r, n), choice: n => choice(r, n, 0),
  };
  for (const [name, draw] of Object.entries(samplers))
    it(`${name} refuses a count that is none`, () => {
      // `split` has a default count, so undefined is one for it.
      for (const n of notCounts.filter(v => name !== 'split' || v !== undefined))
        assert.throws(
          () => draw(n as number),
          {name: 'ArgumentError', message: new RegExp(`^${name}: argument \`n\` must be a whole number >= 0`)},
          `${name}(${String(n)})`,
        );
      assert.doesNotThrow(() => draw(0));
    });

  it('choice refuses a number of draws that is none', () => {
    for (const k of notCounts) assert.throws(() => choice(r, 3, k as number), {name: 'ArgumentError'}, String(k));
  });
});

describe('statistics give no silent NaN and no silent infinity', () => {
  it('the mean of numbers whose sum overflows is their mean', () => {
    assert.equal(mean([1e308, 1e308]), 1e308);
    assert.equal(mean([-1.5e308, -1.5e308, 1.5e308, -1.5e308]), -7.5e307);
  });

  it('a quantile among NaN is refused, as is an infinite weight', () => {
    assert.throws(() => weightedQuantile([3, NaN, 1], 0.5), /none of them NaN/);
    assert.throws(() => weightedQuantile([3, 1], 0.5, [1, Infinity]), /argument `weights`/);
    assert.throws(() => weightedQuantile([3, 1], 0.5, [1, NaN]), /argument `weights`/);
  });

  it('a ddof that is neither 0 nor 1 is refused', () => {
    for (const ddof of [0.5, -1, 2, NaN])
      assert.throws(() => sd([1, 2, 3], {ddof: ddof as 0}), /sd: argument `ddof` must be 0 or 1/);
  });

  it('a mean vector that is not finite and a ragged matrix are named', () => {
    assert.throws(() => multivariateNormal(r, 1, [NaN], [[1]]), /multivariateNormal: argument `mean` must be finite/);
    for (const a of [[[1], [2, 3]], [], [[1, 2]]])
      assert.throws(() => expm(a), /expm: argument `a` must be a square matrix/);
    assert.throws(() => ndarray([-0.5]), {name: 'ArgumentError'});
  });
});

describe('a truncated normal ends however far its interval lies in the tail', () => {
  it('at 1e160 standard deviations all draws are the near end', () => {
    assert.deepEqual([...truncatedNormal(r, 3, {low: 1e160})], [1e160, 1e160, 1e160]);
    assert.deepEqual([...truncatedNormal(r, 2, {high: -1e160})], [-1e160, -1e160]);
  });
});
