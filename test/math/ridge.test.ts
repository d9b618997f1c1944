import assert from 'node:assert/strict';
import {fold, mean, ndarray, normal, ridge, rng, sd} from '../../lib/math';

describe('ridge regression', () => {
  for (const [n, d, which] of [[40, 6, 'more rows than features'], [9, 30, 'more features than rows']] as const) {
    it(`meets its equations: ${which}`, () => {
      const x = ndarray([n, d], normal(fold(rng(1), 'x'), n * d, {mean: 3, sd: 2})), y = normal(fold(rng(1), 'y'), n);
      const lambda = 0.7, {weights, intercept} = ridge(x, y, lambda);
      const columns = Array.from({length: d}, (_, j) => Float64Array.from({length: n}, (_, i) => x.data[i * d + j]));
      const left = y.map((v, i) => v - intercept - columns.reduce((sum, column, j) => sum + weights[j] * column[i], 0));
      assert.ok(Math.abs(mean(left)) < 1e-12, 'the intercept is free');
      columns.forEach((column, j) => {
        // The slope of the penalised squares in the weight of the standardised feature is 0.
        const spread = sd(column, {ddof: 0}), centre = mean(column);
        const pull = left.reduce((sum, v, i) => sum + v * (column[i] - centre) / spread, 0);
        assert.ok(Math.abs(pull - lambda * weights[j] * spread) < 1e-10, `${j}: ${pull}`);
      });
    });
  }
});
