import assert from 'node:assert/strict';
import {Matrix} from 'ml-matrix';
import fc from 'fast-check';
import {fold, mean, ndarray, normal, rng} from '../../lib/math';
import {historyAt} from '../../lib/data';
import {ridge} from '../../lib/math';
import {gaussianPosterior} from '../../lib/studies/cancer/mechanistic/gaussian';
import {patientPosterior} from '../../lib/studies/cancer/mechanistic/patient';
import {cancerCohort} from '../../lib/studies/cancer';

describe('ridge regression', () => {
  const seeds = fc.nat(1000), penalties = fc.double({min: 0.01, max: 50, noNaN: true});

  it('makes its objective stationary: lambda times each standardised weight equals the residuals\' product with '
      + 'the feature', () => fc.assert(fc.property(seeds, penalties, (seed, lambda) => {
    const n = 40, d = 4, x = normal(rng(seed), n * d).map((v, k) => (k % d === 3 ? 7 : v * (1 + (k % d)) + 5));
    const y = normal(fold(rng(seed), 'y'), n);
    const {weights, intercept} = ridge(ndarray([n, d], x), y, lambda);
    const residual = y.map((v, i) => v - intercept - weights.reduce((sum, w, j) => sum + w * x[i * d + j], 0));
    assert.ok(Math.abs(mean(residual)) < 1e-10, 'the intercept is free');
    for (let j = 0; j < 3; j++) {
      const column = Float64Array.from({length: n}, (_, i) => x[i * d + j]), m = mean(column);
      const sd = Math.sqrt(mean(column.map(v => (v - m) ** 2)));
      assert.ok(
        Math.abs(residual.reduce((sum, r, i) => sum + r * ((column[i] - m) / sd), 0) - lambda * weights[j] * sd) < 1e-8,
      );
    }
    assert.equal(weights[3], 0, 'a constant feature gets no weight');
  }), {numRuns: 25}));

  it('uses the kept rows only', () => {
    const x = normal(rng(1), 60), y = normal(rng(2), 30), keep = (i: number) => i % 3 !== 0;
    const rows = Array.from({length: 30}, (_, i) => i).filter(keep);
    const part = ridge(
      ndarray([20, 2], Float64Array.from(rows.flatMap(i => [x[2 * i], x[2 * i + 1]]))),
      Float64Array.from(rows, i => y[i]), 1,
    );
    assert.deepEqual(ridge(ndarray([30, 2], x), y, 1, keep), part);
    assert.throws(() => ridge(ndarray([30, 2], x), y, 1, () => false), /at least one row/);
    assert.throws(() => ridge(ndarray([30, 2], x), y, -1), /argument `lambda`/);
  });
});

describe('posterior of a linear model', () => {
  const sums = (x: readonly number[][], y: readonly number[]) => ({
    xx: new Matrix(x).transpose().mmul(new Matrix(x)),
    xy: Float64Array.from(x[0], (_, j) => x.reduce((sum, row, i) => sum + row[j] * y[i], 0)),
    yy: y.reduce((sum, v) => sum + v * v, 0),
  });

  it('weighs prior and data by their precision, in one dimension', () => {
    const {mean: [m]} = gaussianPosterior({mean: [1], precision: new Matrix([[1 / 4]])}, sums([[2], [1]], [3, 5]), 0.5);
    assert.ok(Math.abs(m - (1 / 4 + (2 * 3 + 5) / 0.25) / (1 / 4 + 5 / 0.25)) < 1e-12);
  });

  it('prefers one prior to another by the ratio of what they predicted', () => {
    const data = sums([[2]], [3]);
    const evidence = (m: number, tau: number) =>
      gaussianPosterior({mean: [m], precision: new Matrix([[1 / tau ** 2]])}, data, 0.5).logEvidence;
    const predicted = (m: number, tau: number) =>
      -0.5 * Math.log(0.25 + 4 * tau ** 2) - (3 - 2 * m) ** 2 / (2 * (0.25 + 4 * tau ** 2));
    const pairs: readonly (readonly [
      m1: number, tau1: number, m2: number, tau2: number,
    ])[] = [[1, 1, 0, 1], [1, 1, 2, 0.3], [-1, 2, 1.5, 0.1]];
    for (const [m1, tau1, m2, tau2] of pairs)
      assert.ok(
        Math.abs(evidence(m1, tau1) - evidence(m2, tau2) - (predicted(m1, tau1) - predicted(m2, tau2))) < 1e-10,
      );
  });

  it('without data is the prior, and its draws have the prior\'s covariance', () => {
    const precision = new Matrix([[4, 1, 0], [1, 2, -0.5], [0, -0.5, 1]]), n = 40000, z = normal(rng(3), 3 * n);
    const out = new Float64Array(3);
    const {mean: m, draw} = gaussianPosterior(
      {mean: [1, -2, 3], precision}, {xx: Matrix.zeros(3, 3), xy: new Float64Array(3), yy: 0}, 1,
    );
    [1, -2, 3].forEach((v, j) => assert.ok(Math.abs(m[j] - v) < 1e-12));
    const covariance = Matrix.zeros(3, 3), det = 4 * (2 - 0.25) - 1;
    for (let k = 0; k < n; k++) {
      draw(z, 3 * k, out);
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++)
        covariance.set(i, j, covariance.get(i, j) + ((out[i] - m[i]) * (out[j] - m[j])) / n);
    }
    // The inverse of the precision, by cofactors.
    const exact = [[1.75, -1, -0.5], [-1, 4, 2], [-0.5, 2, 7]];
    exact.forEach((row, i) => row.forEach((v, j) => assert.ok(
      Math.abs(covariance.get(i, j) - v / det) < 0.03, `${i}, ${j}: ${covariance.get(i, j)} against ${v / det}`,
    )));
  });
});

describe('posterior of a patient', () => {
  it('is calibrated for the patient type: as many of each type as it says, in all and by how sure it is', () => {
    const cohort = cancerCohort({patients: 1500, rng: 21}), history = historyAt(cohort.trajectories, 14);
    const bins = Array.from({length: 5}, () => ({said: 0, true: 0, variance: 0}));
    let logScore = 0;
    for (let i = 0; i < 1500; i++) {
      const weights = patientPosterior(history, i).map(({logWeight}) => logWeight), best = Math.max(...weights);
      const total = weights.reduce((sum, w) => sum + Math.exp(w - best), 0);
      weights.forEach((w, k) => {
        const p = Math.exp(w - best) / total, bin = bins[Math.min(4, Math.floor(5 * p))];
        const hit = cohort.parameters.patientType[i] === k + 1;
        bin.said += p;
        bin.true += hit ? 1 : 0;
        bin.variance += p * (1 - p);
        if (hit) logScore += Math.log(p) / 1500;
      });
    }
    for (const bin of bins)
      assert.ok(Math.abs(bin.said - bin.true) < 4 * Math.sqrt(bin.variance) + 1, JSON.stringify(bins));
    assert.ok(logScore > -0.75, `mean log score ${logScore}; guessing has ${Math.log(1 / 3)}`);
  });

  it('covers the true constants as often as it says', () => {
    const cohort = cancerCohort({patients: 800, rng: 22}), history = historyAt(cohort.trajectories, 10);
    const {parameters: p} = cohort, z = normal(rng(1), 7 * 200), out = new Float64Array(4);
    let inside = 0;
    for (let i = 0; i < 800; i++) {
      const {weight} = patientPosterior(history, i)[p.patientType[i] - 1];
      const draws = Array.from({length: 200}, (_, k) => (weight.draw(z, 7 * k, out), out[2])).sort((a, b) => a - b);
      if (p.weightRadio[i] > draws[10] && p.weightRadio[i] < draws[189]) inside++;
    }
    assert.ok(Math.abs(inside / 800 - 0.9) < 4 * Math.sqrt(0.09 / 800) + 0.01, `${inside / 800} of the 90 % intervals`);
  });
});
