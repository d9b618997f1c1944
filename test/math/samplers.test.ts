import assert from 'node:assert/strict';
import fc from 'fast-check';
import {erf} from 'mathjs';
import {
  bernoulli, categorical, choice, integers, logNormal, mean, multivariateNormal, ndarray, normal, permutation, rng, sd,
  truncatedNormal, uniform,
} from '../../lib/math';
import {denseAt, odeTerm, orThrow, solve, tsit5} from '../../lib/ode';
import {kolmogorovPValue} from './kolmogorov';

const N = 100_000, Z = 4.5;
const normalCdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

/** Asserts a sample mean to within 4.5 standard errors. */
const expectMean = (values: ArrayLike<number>, wanted: number): void => {
  const error = Math.abs(mean(values) - wanted), allowed = (Z * sd(values)) / Math.sqrt(values.length);
  assert.ok(error <= allowed, `mean ${mean(values)} instead of ${wanted}, standard errors allow ${allowed}`);
};

describe('normal numbers', () => {
  it('have the moments and the distribution asked for', () => {
    const x = normal(rng(1), N, {mean: 3, sd: 2}), z = x.map(value => (value - 3) / 2);
    [z, z.map(v => v ** 2), z.map(v => v ** 3), z.map(v => v ** 4), z.map(v => v ** 6)].forEach((power, i) =>
      expectMean(power, [0, 1, 0, 3, 15][i]));
    assert.ok(kolmogorovPValue(z, normalCdf) > 1e-3);
  });

  it('both numbers of a pair are normal and uncorrelated', () => {
    const x = normal(rng(2), N), even = x.filter((_, i) => i % 2 === 0), odd = x.filter((_, i) => i % 2 === 1);
    assert.ok(kolmogorovPValue(even, normalCdf) > 1e-3 && kolmogorovPValue(odd, normalCdf) > 1e-3);
    expectMean(even.map((value, i) => value * odd[i]), 0);
    expectMean(even.map((value, i) => value ** 2 * odd[i] ** 2), 1);
  });

  it('come in odd and empty counts, and are constant without spread', () => {
    assert.deepEqual([normal(rng(1), 0).length, normal(rng(1), 7).length], [0, 7]);
    assert.deepEqual([...normal(rng(1), 3, {mean: 5, sd: 0})], [5, 5, 5]);
    assert.deepEqual(normal(rng(1), 8).subarray(0, 5), normal(rng(1), 5));
  });

  it('log-normal numbers are their exponentials', () => {
    const x = logNormal(rng(3), N, {mean: 0.5, sd: 0.4});
    expectMean(x, Math.exp(0.5 + 0.08));
    assert.ok(kolmogorovPValue(x.map(Math.log), value => normalCdf((value - 0.5) / 0.4)) > 1e-3);
  });
});

describe('truncated normal numbers', () => {
  /** Distribution function on [a, b] by quadrature with our own solver, which is safe far in a tail. */
  function truncatedCdf(a: number, b: number): (x: number) => number {
    const peak = Math.max(a, Math.min(b, 0));
    const term = odeTerm((t, _: Float64Array) => Float64Array.of(Math.exp((peak - t) * (peak + t) / 2)));
    const solution = orThrow(solve(term, {
      solver: tsit5, t0: a, t1: b, y0: Float64Array.of(0), tolerances: {rtol: 1e-9, atol: 1e-12}, saveAt: {dense: true},
    }));
    return x => denseAt(solution, Math.min(b, Math.max(a, x)))[0] / solution.ys[0][0];
  }

  for (const [name, low, high] of [
    ['a wide interval', -1, 3], ['a narrow interval around the mode', -0.2, 0.5], ['a half line', 0, Infinity],
    ['a right tail', 4, Infinity], ['a left tail', -Infinity, -6],
    ['a sliver of a far tail', 20, 20.01], ['a part of a far tail', 20, 22], ['a part of the left side', -3, -0.5],
  ] as const)
    it(`on ${name} follow the truncated distribution`, () => {
      const x = truncatedNormal(rng(4), 20_000, {low, high});
      const cdf = truncatedCdf(Math.max(low, -12), Math.min(high, low === 4 ? 14 : 22));
      assert.ok(x.every(value => value >= low && value <= high));
      assert.ok(kolmogorovPValue(x, cdf) > 1e-3, `${kolmogorovPValue(x, cdf)}`);
    });

  it('scale with mean and sd, and are normal without bounds', () => {
    const x = truncatedNormal(rng(5), N, {mean: 10, sd: 3, low: 7}), alpha = -1;
    const density = Math.exp(-0.5) / Math.sqrt(2 * Math.PI);
    expectMean(x, 10 + (3 * density) / (1 - normalCdf(alpha)));
    assert.ok(kolmogorovPValue(truncatedNormal(rng(6), N), normalCdf) > 1e-3);
  });

  it('right of the mode have the known first and second moment', () => {
    const a = 0.5, z = truncatedNormal(rng(16), 2 * N, {low: a});
    const hazard = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI) / (1 - normalCdf(a));
    expectMean(z, hazard);
    expectMean(z.map(value => value ** 2), 1 + a * hazard);
  });

  it('stay within their bounds for any bounds', () => {
    fc.assert(fc.property(fc.double({
      min: -50, max: 50, noNaN: true,
    }), fc.double({min: 1e-6, max: 10, noNaN: true}), fc.nat(), (low, width, seed) =>
      truncatedNormal(rng(seed), 20, {low, high: low + width}).every(x => x >= low && x <= low + width)));
  });
});

describe('normal vectors', () => {
  const cov = [[2, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 0.5]], mu = [1, -2, 0.5];

  it('have the mean and covariance asked for', () => {
    const {shape, data} = multivariateNormal(rng(7), N, mu, cov);
    const columns = [0, 1, 2].map(j => data.filter((_, i) => i % 3 === j));
    assert.deepEqual(shape, [N, 3]);
    mu.forEach((m, j) => expectMean(columns[j], m));
    cov.forEach((row, j) =>
      row.forEach((c, k) => expectMean(columns[j].map((x, i) => (x - mu[j]) * (columns[k][i] - mu[k])), c)));
  });

  it('are normal in every direction', () => {
    const {data} = multivariateNormal(rng(8), 20_000, mu, ndarray([3, 3], Float64Array.from(cov.flat())));
    const along = Array.from({length: 20_000}, (_, i) =>
      data[3 * i] - 1 + 2 * (data[3 * i + 1] + 2) - (data[3 * i + 2] - 0.5));
    const variance = [1, 2, -1].reduce(
      (sum, a, j) => sum + [1, 2, -1].reduce((inner, b, k) => inner + a * b * cov[j][k], 0), 0,
    );
    assert.ok(kolmogorovPValue(along, x => normalCdf(x / Math.sqrt(variance))) > 1e-3);
  });

  it('may have a singular covariance', () => {
    const {data} = multivariateNormal(rng(9), 100, [0, 0], [[1, 1], [1, 1]]);
    for (let i = 0; i < 100; i++) assert.ok(Math.abs(data[2 * i] - data[2 * i + 1]) < 1e-7);
  });
});

describe('discrete draws', () => {
  const expectCounts = (draws: ArrayLike<number>, p: readonly number[]): void => p.forEach((probability, k) => {
    const count = Array.from(draws).filter(draw => draw === k).length, n = draws.length;
    assert.ok(
      Math.abs(count - n * probability) <= Z * Math.sqrt(n * probability * (1 - probability)),
      `${k}: ${count} of ${n}, probability ${probability}`,
    );
  });

  it('categories come with their probabilities, impossible ones never', () => {
    const p = [0, 0.1, 0.25, 0, 0.65, 0];
    expectCounts(categorical(rng(10), N, p), p);
    expectCounts(categorical(rng(11), 100, [1]), [1]);
  });

  it('coins come with one probability or one each', () => {
    expectCounts(bernoulli(rng(12), N, 0.3), [0.7, 0.3]);
    assert.deepEqual([...bernoulli(rng(12), 4, [0, 1, 1, 0])], [0, 1, 1, 0]);
  });

  it('whole numbers are uniform', () => {
    const draws = integers(rng(13), N, {low: -3, high: 4});
    expectCounts(draws.map(x => x + 3), new Array(7).fill(1 / 7));
    assert.ok(draws.every(x => x >= -3 && x < 4));
  });

  it('all orders of a permutation are equally likely', () => {
    const orders = Array.from({length: 24_000}, (_, i) => [...permutation(rng(i), 4)].join(''));
    const names = [...new Set(orders)].sort();
    assert.equal(names.length, 24);
    expectCounts(orders.map(order => names.indexOf(order)), new Array(24).fill(1 / 24));
  });

  it('a permutation holds every number once', () => {
    fc.assert(fc.property(fc.nat(200), fc.nat(), (n, seed) =>
      assert.deepEqual([...permutation(rng(seed), n)].sort((a, b) => a - b), Array.from({length: n}, (_, i) => i))));
  });

  it('all subsets of a choice are equally likely, in all orders', () => {
    const picks = Array.from({length: 20_000}, (_, i) => [...choice(rng(i), 5, 2)].join(''));
    const names = [...new Set(picks)].sort();
    assert.equal(names.length, 20);
    expectCounts(picks.map(pick => names.indexOf(pick)), new Array(20).fill(1 / 20));
  });

  it('a choice with replacement repeats', () => {
    expectCounts(choice(rng(14), 3, N, {replace: true}), [1 / 3, 1 / 3, 1 / 3]);
    assert.equal(choice(rng(14), 3, 0, {replace: true}).length, 0);
  });
});

describe('samplers are functions of their generator', () => {
  it('and repeat themselves', () => {
    const source = rng(15);
    for (const draw of [
      () => uniform(source, 5), () => normal(source, 5), () => truncatedNormal(source, 5, {low: 1}),
      () => permutation(source, 5), () => categorical(source, 5, [0.5, 0.5]),
    ])
      assert.deepEqual(draw(), draw());
  });
});

describe('arguments of samplers', () => {
  const source = rng(0);
  const refused = (draw: () => unknown, message: RegExp): void => assert.throws(draw, {name: 'ArgumentError', message});

  it('are named with what was expected and what came', () => {
    refused(() => normal(source, -1), /^normal: argument `n` must be a whole number >= 0; received -1\.$/);
    refused(() => normal(source, 1, {sd: -2}), /^normal: argument `sd` must be a finite number >= 0; received -2\.$/);
    refused(
      () => logNormal(source, 1, {mean: NaN}), /^logNormal: argument `mean` must be a finite number; received NaN\.$/,
    );
    refused(
      () => truncatedNormal(source, 1, {low: 2, high: 1}),
      /^truncatedNormal: argument `low` must be below high = 1; received 2\.$/,
    );
    refused(
      () => truncatedNormal(source, 1, {sd: 0}), /^truncatedNormal: argument `sd` must be above 0; received 0\.$/,
    );
    refused(
      () => multivariateNormal(source, 1, [0, 0], [[1, 0.5], [0.4, 1]]),
      /^multivariateNormal: argument `cov` must be a symmetric positive semi-definite \[2, 2\] matrix; received \[1, 0\.5, 0\.4, 1\]/,
    );
    refused(
      () => multivariateNormal(source, 1, [0, 0], [[1, 0], [0, -4]]),
      /received \[-4, 1\]\. These are its eigenvalues; none may be negative/,
    );
    refused(
      () => multivariateNormal(source, 1, [0, 0], [[1]]),
      /a symmetric positive semi-definite \[2, 2\] matrix; received \[1\]/,
    );
    refused(
      () => categorical(source, 1, [0.5, 0.6]),
      /^categorical: argument `probabilities` must be numbers >= 0 that sum to 1; received \[0\.5, 0\.6\]\. Divide them by their sum\.$/,
    );
    refused(() => categorical(source, 1, []), /^categorical: argument `probabilities`/);
    refused(() => bernoulli(source, 1, 1.2), /^bernoulli: argument `p` must be in \[0, 1\]; received 1\.2\.$/);
    refused(
      () => bernoulli(source, 3, [0.5]),
      /^bernoulli: argument `p` must be one number or 3 of them; received \[0\.5\]\.$/,
    );
    refused(
      () => integers(source, 1, {high: 0}),
      /^integers: argument `high` must be a whole number above low = 0; received 0\.$/,
    );
    refused(() => choice(source, 3, 4), /^choice: argument `k` must be a whole number in \[0, n = 3\]; received 4\.$/);
    refused(
      () => choice(source, 0, 1, {replace: true}),
      /^choice: argument `k` must be a whole number >= 0, with n = 0 above 0; received 1\.$/,
    );
    refused(() => permutation(source, 1.5), /^permutation: argument `n` must be a whole number >= 0; received 1\.5\.$/);
  });
});
