import assert from 'node:assert/strict';
import {confoundedKalman, type ConfoundedModel} from '../../lib/causal/kalman';
import {compareLinear, estimateLinear, linearStateSpace} from '../../lib/causal/linear-referee';
import {intervene, linearPrediction, sampleLinear} from '../../lib/causal/linear-scm';
import {assimilationVariance, convergenceSlope, kalmanBucyVariance, partitionLimit} from '../../lib/causal/partition';
import {pendulumReferee} from '../../lib/causal/particle-referee';
import {fold, mean, rng, sd} from '../../lib/math';
import {euler, rk4} from '../../lib/ode';

describe('linear-Gaussian referee', function () {
  this.timeout(120_000);

  it('equation (4) equals surgery in closed form without a confounder and with a fresh one, in both regimes', () => {
    for (const confounder of ['none', 'white'] as const) for (const regime of ['fixed', 'dynamic'] as const) for (const steps of [3, 5]) {
      const {truth, formula} = compareLinear(linearStateSpace({confounder, regime, steps}), steps - 2);
      for (const [name, value] of Object.entries(truth.coefficients)) assert.ok(Math.abs(value - formula.coefficients[name]) < 1e-12, name);
      assert.ok(Math.abs(truth.variance - formula.variance) < 1e-12);
    }
  });

  it('plain regression halves the effect under hidden confounding although every outcome is in it', () => {
    const {truth, naive} = compareLinear(linearStateSpace(), 2);
    assert.ok(Math.abs(truth.coefficients.A2 - 0.5) < 1e-12);
    assert.ok(naive.coefficients.A2 < 0.3);
  });

  it('a confounder with memory takes equation (4) off truth', () => {
    const {truth, formula} = compareLinear(linearStateSpace({confounder: 'process'}), 2);
    assert.ok(Math.abs(formula.coefficients.A2 - truth.coefficients.A2) > 0.05);
    assert.ok(Math.abs(formula.coefficients.Y2 - truth.coefficients.Y2) > 0.3);
  });

  it('samples: the estimate is within 3 standard errors of truth at every size, its error falls like 1 / sqrt(n); plain regression stays off', () => {
    const model = linearStateSpace(), sizes = [250, 1000, 4000], repeats = 60;
    const rmse = sizes.map(n => {
      const fits = Array.from({length: repeats}, (_, r) => estimateLinear(sampleLinear(model, fold(fold(rng(31), n), r), n), 2));
      const effect = fits.map(f => f.formula.coefficients.A2), se = sd(effect) / Math.sqrt(repeats);
      assert.ok(Math.abs(mean(effect) - 0.5) < 3 * se, `n = ${n}: ${mean(effect)} ± ${se}`);
      assert.ok(Math.abs(mean(fits.map(f => f.naive.coefficients.A2)) - 0.5) > 20 * se);
      return Math.sqrt(mean(effect.map(e => (e - 0.5) ** 2)));
    });
    const slope = convergenceSlope(sizes, rmse);
    console.log(`      slope of log error over log n: ${slope.toFixed(3)}`);
    assert.ok(Math.abs(slope + 0.5) < 0.1, `${slope}`);
  });

  it('simulated interventions have the closed-form law', () => {
    const model = intervene(linearStateSpace(), ['A2']), n = 40000, columns = sampleLinear(model, rng(3), n);
    const {coefficients} = linearPrediction(model, 'Y3', ['A2', 'Y2']);
    const residual = columns.Y3.map((y, i) => y - coefficients.A2 * columns.A2[i] - coefficients.Y2 * columns.Y2[i]);
    for (const name of ['A2', 'Y2']) {
      const crossed = residual.map((r, i) => r * columns[name][i]);
      assert.ok(Math.abs(mean(crossed)) < 3 * sd(crossed) / Math.sqrt(n));
    }
  });

  it('the recursive filter that reads treatments as measurements equals batch conditioning; the one that does not is off', () => {
    const model: ConfoundedModel = {decay: 0.9, effect: 0.5, processSd: 0.3, confounding: {outcome: 1, treatment: 1}, sensorSd: 0.4, policySd: 0.7, initialSd: 1};
    const scm = linearStateSpace({regime: 'fixed', steps: 4}), seen = ['Y3', 'A0', 'Y0', 'A1', 'Y1', 'A2', 'Y2'];
    const batch = linearPrediction(scm, 'Z3', seen), values: Record<string, number> = {A0: 0.3, A1: -1.2, A2: 0.8, Y0: 0.5, Y1: -0.4, Y2: 1.1, Y3: 0.2};
    const history = [0, 1, 2, 3].map(k => ({y: values[`Y${k}`], a: values[`A${k}`]}));
    const filter = confoundedKalman(model, history), expected = seen.reduce((s, name) => s + batch.coefficients[name] * values[name], 0);
    assert.ok(Math.abs(filter.mean - expected) < 1e-12);
    assert.ok(Math.abs(filter.variance - batch.variance) < 1e-12);
    const deaf = confoundedKalman({...model, confounding: {outcome: 1, treatment: 0}}, history);
    assert.ok(Math.abs(deaf.mean - expected) > 0.05);
  });
});

describe('nonlinear referee', function () {
  this.timeout(120_000);

  it('equation (4) with particles agrees with simulated interventions within 3 standard errors at every sample size; taking the plan for an observed dose does not', () => {
    for (const units of [100, 400, 1000]) {
      const [formula, naive] = pendulumReferee(rng(units), {units, particles: 400});
      console.log(`      ${units} units: equation (4) z = ${formula.z.toFixed(2)} and ${formula.zHistory.toFixed(2)}, planned dose as observed z = ${naive.z.toFixed(2)}`);
      assert.ok(Math.abs(formula.z) < 3 && Math.abs(formula.zHistory) < 3);
      // A hundred units are too few to see this bias.
      if (units >= 400) assert.ok(Math.abs(naive.z) > 3);
    }
  });

  it('without confounding the three filters agree with truth', () => {
    for (const row of pendulumReferee(rng(5), {units: 300, confounding: 0})) assert.ok(Math.abs(row.z) < 3.5, `${row.filter} ${row.z}`);
  });
});

describe('continuous time', () => {
  const problem = {
    field: (z: Float64Array, a: number) => Float64Array.of(z[1], -Math.sin(z[0]) - 0.3 * z[1] + a),
    particles: [[0.5, 0], [1, -0.5], [-0.8, 0.4]].map(z => Float64Array.from(z)),
    plan: (tau: number) => Math.sin(3 * tau), horizon: 2, measure: (z: Float64Array) => z[0],
  };

  it('the discretised formula converges at the order of the method: Euler with the dose at the left end 1, RK4 with the dose held at the middle 2', () => {
    const slope = (rows: {parts: number; error: number}[]) => convergenceSlope(rows.map(r => r.parts), rows.map(r => r.error));
    const parts = [16, 32, 64, 128];
    const one = slope(partitionLimit(problem, {parts, solver: euler, sampleAt: 0})), two = slope(partitionLimit(problem, {parts, solver: rk4}));
    assert.ok(Math.abs(one + 1) < 0.1, `${one}`);
    assert.ok(Math.abs(two + 2) < 0.1, `${two}`);
  });

  it('with a plan that is constant the order is the solver\'s own: RK4 gives 4', () => {
    const rows = partitionLimit({...problem, plan: () => 0.7}, {parts: [4, 8, 16, 32], solver: rk4});
    const slope = convergenceSlope(rows.map(r => r.parts), rows.map(r => r.error));
    assert.ok(Math.abs(slope + 4) < 0.25, `${slope}`);
  });

  it('more observation times: with noise per time the filter tends to Kalman-Bucy at order 1, with noise per visit to certainty', () => {
    const parts = [16, 32, 64, 128], limit = kalmanBucyVariance();
    const slope = convergenceSlope(parts, parts.map(n => Math.abs(assimilationVariance({noise: 'per time', parts: n}) - limit)));
    assert.ok(Math.abs(slope + 1) < 0.1, `${slope}`);
    const visit = parts.map(n => assimilationVariance({noise: 'per visit', parts: n}));
    assert.ok(visit.every((v, i) => i === 0 || v < visit[i - 1]) && visit[3] < 0.1);
  });
});
