import assert from 'node:assert/strict';
import {fold, fourierFunction, fourierValues, ndarray, rng} from '../../lib/math';
import {near} from './law';

const DRAWS = 20_000;

describe('random Fourier features', () => {
  const points = ndarray([3, 2], Float64Array.of(0, 0, 1, -0.5, 2, 3)),
    squared = [[0, 1.25, 13], [1.25, 0, 13.25], [13, 13.25, 0]];

  for (const features of [1, 30])
    it(`with ${features} cosines have the squared-exponential kernel as covariance over draws`, () => {
      const values = Array.from({length: DRAWS}, (_, i) =>
        fourierValues(fourierFunction(fold(rng(1), i), {dimension: 2, features, rate: 0.2, sd: 1.5}), points));
      for (const a of [0, 1, 2]) {
        near(values.map(v => v[a]), 0, `mean at ${a}`);
        for (const b of [0, 1, 2]) near(values.map(v => v[a] * v[b]), 2.25 * Math.exp(-0.2 * squared[a][b]),
          `covariance of ${a} and ${b}`);
      }
    });

  it('with many cosines are normal: the fourth moment is three times the squared variance', () => {
    const values = Array.from({length: DRAWS}, (_, i) =>
      fourierValues(fourierFunction(fold(rng(2), i), {dimension: 1, features: 200, rate: 1}), ndarray([1, 1]))[0]);
    // With m cosines it is 3 + 1.5 / m: E[4 cos^4] = 1.5 against 1.
    near(values.map(v => v ** 4), 3 * (1 + 0.5 / 200), 'fourth moment');
  });

  it('are one function: equal points, in any array, have equal values', () => {
    const f = fourierFunction(rng(3), {dimension: 2, rate: 0.5}), once = fourierValues(f, points);
    assert.deepEqual([...fourierValues(f, ndarray([1, 2], Float64Array.of(1, -0.5)))], [once[1]]);
    assert.deepEqual(fourierValues(f, ndarray([1, 3, 2], points.data)), once);
    assert.deepEqual(fourierFunction(rng(3), {dimension: 2, rate: 0.5}), f);
  });

  it('name bad arguments', () => {
    assert.throws(() => fourierFunction(rng(1), {dimension: 0, rate: 1}), /fourierFunction: argument `dimension`/);
    assert.throws(() => fourierFunction(rng(1), {dimension: 1, rate: 0}), /argument `rate` must be finite and above 0/);
    assert.throws(() => fourierFunction(rng(1), {dimension: 1, rate: 1, sd: NaN}), /argument `sd`/);
    assert.throws(() => fourierValues(fourierFunction(rng(1), {dimension: 1, rate: 1}), points),
      /of shape \[..., 1\]; received \[3, 2\]/);
  });
});
