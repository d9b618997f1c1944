import assert from 'node:assert/strict';
import {coarsen, confoundedDiffusion, simulateDiffusion} from '../../lib/causal/referee/confoundedDiffusion';
import {
  adjustOnPartition, assimilationVariance, convergenceSlope, distance, filterTrial, interventionalTruth,
  kalmanBucyVariance, partitionLimit, partitionMethods, standardised, surgeryForecast,
} from '../../lib/causal/referee/partition';
import {rng} from '../../lib/math';

const plan = (tau: number) => 1 + Math.sin(3 * tau), parts = [4, 8, 16, 32, 64];
const design = {visits: 4, past: 2, plan, horizon: 1.5};

describe('the partition argument (A.1)', function () {
  this.timeout(180_000);
  const model = confoundedDiffusion(), trial = simulateDiffusion(rng(1), model, design, {units: 20000});

  it('closed-form truth agrees with simulated interventions, on average and against every value of the history', () => {
    const {means} = interventionalTruth(model, filterTrial(model, trial), design);
    const residual = trial.answers.map((y, i) => y - means[i]);
    const features = [0, 1, 2, 3].flatMap(k =>
      (['y', 'a'] as const).map(name => residual.map((r, i) => r * trial.histories[i][k][name]!)));
    for (const z of [residual, ...features, residual.map((r, i) => r * trial.histories[i][4].y!)].map(standardised))
      assert.ok(Math.abs(z) < 3, `${z}`);
  });

  it('its variance is the variance of the simulated outcomes about it', () => {
    const {means, variance} = interventionalTruth(model, filterTrial(model, trial), design);
    assert.ok(Math.abs(standardised(trial.answers.map((y, i) => (y - means[i]) ** 2 - variance))) < 3);
  });

  for (const [name, method] of Object.entries(partitionMethods))
    it(`K = 4, L to 64, ${name}: mean and variance reach truth at order ${method.order}`, () => {
      const rows = partitionLimit(model, trial, parts, method);
      const slopes = (['error', 'varianceError'] as const).map(key => convergenceSlope(parts, rows.map(r => r[key])));
      console.log(
        `      slopes ${slopes.map(s => s.toFixed(3)).join(', ')}; L = 64: error ${rows[4].error.toExponential(1)}, z ${rows[4].z.toFixed(2)}`,
      );
      for (const slope of slopes) assert.ok(Math.abs(slope + method.order) < 0.2, `${slope}`);
      if (method.order > 1) assert.ok(Math.abs(rows[4].z) < 3);
    });

  it('doses taken as recorded do not converge: with feedback they run away, with the confounder alone '
      + 'they stay off', () => {
    const method = partitionMethods['RK4, dose as planned'], rows = partitionLimit(model, trial, parts, method);
    assert.ok(rows.every((r, i) => i === 0 || r.recorded > rows[i - 1].recorded));
    const still = confoundedDiffusion({policy: 0});
    const other = partitionLimit(still, simulateDiffusion(rng(3), still, design, {units: 2000}), parts, method);
    console.log(
      `      off by ${rows.map(r => r.recorded.toFixed(2)).join(', ')}; without feedback ${other.map(r => r.recorded.toFixed(3)).join(', ')}`,
    );
    assert.ok(other.every(r => r.recorded > 0.02) && other[4].recorded > 0.7 * other[3].recorded);
    const free = confoundedDiffusion({policy: 0, treatment: 0});
    const none = partitionLimit(free, simulateDiffusion(rng(3), free, design, {units: 200}), parts, method);
    assert.ok(
      Math.abs(convergenceSlope(parts, none.map(r => r.recorded)) + 1) < 0.1,
      'with neither, plain regression is the formula with doses held',
    );
  });

  it('surgery on the unrolled linear model is the same truth for doses held, by another road', () => {
    const truth = interventionalTruth(model, filterTrial(model, trial), design).means;
    const gaps = parts.map(n => distance(surgeryForecast(model, trial, n), truth));
    assert.ok(Math.abs(convergenceSlope(parts, gaps) + 1) < 0.1);
    const flat = {...trial, design: {...design, plan: () => 0.7}};
    const held = interventionalTruth(model, filterTrial(model, flat), flat.design).means;
    for (const n of [1, 4, 16]) assert.ok(distance(surgeryForecast(model, flat, n), held) < 1e-10);
  });

  it('states without noise, the paper\'s equation (3): the same orders', () => {
    const still = confoundedDiffusion({stateNoise: 0}), ode = simulateDiffusion(rng(5), still, design, {units: 500});
    for (const method of Object.values(partitionMethods)) {
      const slope = convergenceSlope(parts, partitionLimit(still, ode, parts, method).map(r => r.error));
      assert.ok(Math.abs(slope + method.order) < 0.2, `${slope}`);
    }
  });

  it('continuous observation: K refined on the same patients, the formula reaches its limit at order 1 and agrees with '
      + 'intervention; the filter deaf to doses does not', () => {
    const fine = simulateDiffusion(rng(2), model, {...design, visits: 512, noise: 'per time'}, {units: 800});
    const visits = [4, 8, 16, 32, 64];
    const limit = interventionalTruth(model, filterTrial(model, fine), fine.design).means;
    const method = partitionMethods['RK4, dose as planned'];
    const at = (K: number, heard = model) => {
      const c = coarsen(fine, 512 / K);
      return adjustOnPartition(model, filterTrial(heard, c), c.design, {...method, parts: 64}).means;
    };
    const forecasts = visits.map(K => at(K)), gaps = forecasts.map(f => distance(f, limit));
    const slope = convergenceSlope(visits, gaps);
    const deaf = distance(at(64, {...model, treatment: 0}), limit);
    console.log(
      `      slope in K: ${slope.toFixed(3)}, gap at K = 64: ${gaps[4].toExponential(1)}, deaf ${deaf.toFixed(3)}`,
    );
    assert.ok(Math.abs(slope + 1) < 0.2, `${slope}`);
    assert.ok(Math.abs(standardised(fine.answers.map((y, i) => y - forecasts[4][i]))) < 3);
    assert.ok(deaf > 10 * gaps[4]);
  });

  it('more observation times: with noise per time the filter tends to Kalman-Bucy at order 1, with noise per visit '
      + 'to certainty', () => {
    const K = [16, 32, 64, 128], limit = kalmanBucyVariance(model, 2);
    const slope = convergenceSlope(K, K.map(visits =>
      Math.abs(assimilationVariance(model, {noise: 'per time', past: 2, visits}) - limit)));
    assert.ok(Math.abs(slope + 1) < 0.1, `${slope}`);
    const visit = [128, 512, 2048].map(visits => assimilationVariance(model, {noise: 'per visit', past: 2, visits}));
    assert.ok(Math.abs(visit[2] / visit[1] - 0.5) < 0.03 && visit[1] < visit[0]);
  });

  it('refuses what makes no sense', () => {
    assert.throws(() => confoundedDiffusion({drift: 0}), /drift that is not 0/);
    assert.throws(
      () => simulateDiffusion(rng(1), model, {...design, visits: 0}), /`visits` must be a whole number >= 1/,
    );
    assert.throws(() => simulateDiffusion(rng(1), model, {...design, horizon: 0}), /horizon > 0/);
    assert.throws(() => coarsen(trial, 2), /noise per time/);
    assert.throws(
      () => partitionLimit(model, trial, [0], partitionMethods['RK4, dose as planned']),
      /`parts` must be a whole number/,
    );
  });
});
