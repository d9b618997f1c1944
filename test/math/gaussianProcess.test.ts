import assert from 'node:assert/strict';
import {gaussianCondition, gaussianPaths, gaussianProcess, matern, multivariateNormal, ndarray,
  rng} from '../../lib/math';
import {near} from './law';

const HOURS = Float64Array.from({length: 49}, (_, t) => t), SMOOTHNESS = [0.5, 1.5, 2.5] as const;

describe('Matern kernels', () => {
  it('have the values of the general formula with a Bessel function', () => {
    for (const smoothness of SMOOTHNESS)
      for (const r of [0.1, 1, 2.5, 7]) {
        const x = (Math.sqrt(2 * smoothness) * r) / 3,
          gamma = {0.5: Math.sqrt(Math.PI), 1.5: Math.sqrt(Math.PI) / 2, 2.5: 0.75 * Math.sqrt(Math.PI)};
        const general = 4 * (2 ** (1 - smoothness) / gamma[smoothness]) * x ** smoothness * besselK(smoothness, x);
        const value = matern({smoothness, lengthScale: 3, sd: 2})(-r);
        assert.ok(Math.abs(value - general) < 1e-9, `${smoothness} at ${r}: ${value}, ${general}`);
      }
  });

  it('are the variance at distance 0, and name bad arguments', () => {
    for (const smoothness of SMOOTHNESS) assert.equal(matern({smoothness, lengthScale: 3, sd: 2})(0), 4);
    assert.throws(() => matern({smoothness: 2 as 2.5, lengthScale: 1}),
      /matern: argument `smoothness` must be 0.5, 1.5 or 2.5; received 2/);
    assert.throws(() => matern({lengthScale: 0}), /argument `lengthScale`/);
    assert.throws(() => matern({lengthScale: 1, sd: -1}), /argument `sd`/);
  });
});

/** K_nu(x) by its integral over exp(-x cosh u) cosh(nu u), trapezoidal: it converges exponentially. */
function besselK(nu: number, x: number): number {
  let sum = Math.exp(-x) / 2;
  for (let k = 1; k < 4000; k++) sum += Math.exp(-x * Math.cosh(k / 200)) * Math.cosh((nu * k) / 200);
  return sum / 200;
}

describe('Gaussian-process paths', () => {
  for (const smoothness of SMOOTHNESS)
    it(`of smoothness ${smoothness} have the kernel as covariance: the factor exactly, draws within their law`, () => {
      const kernel = matern({smoothness, lengthScale: 10, sd: 1.5}), process = gaussianProcess(HOURS, kernel),
        L = process.factor.data;
      for (const [s, t] of [[0, 0], [0, 48], [7, 9], [48, 48]]) {
        let product = 0;
        for (let k = 0; k < 49; k++) product += L[s * 49 + k] * L[t * 49 + k];
        assert.ok(Math.abs(product - kernel(t - s)) < 1e-12);
      }
      assert.equal(process.jitter, 0);
      const {data} = gaussianPaths(rng(1), 20_000, process), at = (i: number, t: number) => data[i * 49 + t];
      for (const [s, t] of [[0, 0], [0, 1], [3, 13], [20, 48]])
        near(Array.from({length: 20_000}, (_, i) => at(i, s) * at(i, t)), kernel(t - s), `covariance of ${s} and ${t}`);
    });

  it('of smoothness 1/2 are an Ornstein-Uhlenbeck process: only the present foretells the future', () => {
    const {gain} = gaussianCondition(gaussianProcess(HOURS, matern({smoothness: 0.5, lengthScale: 10})).covariance, 6);
    for (let t = 6; t < 49; t++)
      for (let k = 0; k < 6; k++) {
        assert.ok(Math.abs(gain.data[(t - 6) * 6 + k] - (k === 5 ? Math.exp(-(t - 5) / 10) : 0)) < 1e-12);
      }
  });

  it('the longer their memory, the more jitter they need; it is reported and no larger than needed', () => {
    const kernel = matern({lengthScale: 1e4}), {jitter, factor, covariance} = gaussianProcess(HOURS, kernel);
    assert.ok(jitter > 0 && jitter <= 1e-6, `${jitter}`);
    assert.ok(factor.data.every(Number.isFinite) && covariance.data[0] === 1);
    assert.equal(gaussianProcess(HOURS, kernel, {noise: 1e-3}).jitter, 0);
  });

  it('equal generators give equal paths, and bad arguments are named', () => {
    const process = gaussianProcess([0, 1, 2.5], matern({lengthScale: 2}));
    assert.deepEqual(gaussianPaths(rng(3), 2, process), gaussianPaths(rng(3), 2, process));
    assert.throws(() => gaussianProcess([0, NaN], matern({lengthScale: 2})), /gaussianProcess: argument `points`/);
    assert.throws(() => gaussianProcess([0, 1], () => 1, {noise: -1}), /argument `noise`/);
    assert.throws(() => gaussianProcess([0, 1, 2], d => (d === 1 ? 2 : 1)),
      /argument `kernel` must be positive definite/);
  });
});

describe('conditioning a normal vector', () => {
  it('on one of two values gives regression and variance by hand', () => {
    const {gain, whitening, logDeterminant} = gaussianCondition(ndarray([2, 2], Float64Array.of(4, 3, 3, 9)), 1);
    assert.deepEqual([...gain.data, ...whitening.data], [0.75, 0.5]);
    assert.ok(Math.abs(logDeterminant - Math.log(4)) < 1e-15);
  });

  it('leaves residuals that have nothing to do with the known values, whose whitening is white', () => {
    const rows = [[2, 0.5, 0.3, 0.1], [0.5, 1, 0.4, -0.2], [0.3, 0.4, 3, 0.6], [0.1, -0.2, 0.6, 1.5]], n = 20_000;
    const {gain, whitening} = gaussianCondition(ndarray([4, 4], Float64Array.from(rows.flat())), 2);
    const {data} = multivariateNormal(rng(5), n, [0, 0, 0, 0], rows), x = (i: number, j: number) => data[4 * i + j];
    for (const t of [2, 3])
      for (const k of [0, 1])
        near(Array.from({length: n}, (_, i) =>
          (x(i, t) - gain.data[2 * (t - 2)] * x(i, 0) - gain.data[2 * (t - 2) + 1] * x(i, 1)) * x(i, k)), 0,
            `${t} after ${k}`);
    const white = (i: number, k: number) => whitening.data[2 * k] * x(i, 0) + whitening.data[2 * k + 1] * x(i, 1);
    for (const [a, b] of [[0, 0], [0, 1], [1, 1]])
      near(Array.from({length: n}, (_, i) => white(i, a) * white(i, b)), a === b ? 1 : 0, `white ${a}, ${b}`);
  });

  it('on all values leaves none, and names bad arguments', () => {
    assert.deepEqual(gaussianCondition(ndarray([1, 1], Float64Array.of(4)), 1).gain.shape, [0, 1]);
    assert.throws(() => gaussianCondition(ndarray([2, 1]), 1),
      /gaussianCondition: argument `covariance` must be a square matrix/);
    assert.throws(() => gaussianCondition(ndarray([2, 2]), 1), /positive definite in its first 1 rows/);
    assert.throws(() => gaussianCondition(ndarray([1, 1], Float64Array.of(1)), 2), /argument `known`/);
  });
});
