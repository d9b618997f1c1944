import assert from 'node:assert/strict';
import {confoundedKalman, type ConfoundedModel} from '../../lib/causal/referee/kalman';
import {compareLinear, estimateLinear, linearStateSpace} from '../../lib/causal/referee/linearReferee';
import {intervene, linearPrediction, sampleLinear} from '../../lib/causal/referee/linearScm';
import {convergenceSlope} from '../../lib/causal/referee/partition';
import {pendulumReferee} from '../../lib/studies/pendulum/particleReferee';
import {randomScm, scmMarginal} from '../../lib/causal/referee/discreteScm';
import {causalGraph} from '../../lib/causal/graph/graph';
import {fold, mean, normal, rng, sd} from '../../lib/math';

describe('linear-Gaussian referee', function () {
  this.timeout(120_000);

  it('equation (4) equals surgery in closed form without a confounder and with a fresh one, in both regimes', () => {
    for (const confounder of ['none', 'white'] as const)
      for (const regime of ['fixed', 'dynamic'] as const) for (const steps of [3, 5]) {
        const {truth, formula} = compareLinear(linearStateSpace({confounder, regime, steps}), steps - 2);
        for (const [name, value] of Object.entries(truth.coefficients))
          assert.ok(Math.abs(value - formula.coefficients[name]) < 1e-12, name);
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

  it('samples: the estimate is within 3 standard errors of truth at every size, its error falls like 1 / sqrt(n); '
      + 'plain regression stays off', () => {
    const model = linearStateSpace(), sizes = [250, 1000, 4000], repeats = 60;
    const rmse = sizes.map(n => {
      const fits = Array.from({length: repeats}, (_, r) =>
        estimateLinear(sampleLinear(model, fold(fold(rng(31), n), r), n), 2));
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

  it('surgery without `intervene`: twins that differ in A2 alone have the outcomes that truth predicts from the '
      + 'factual past', () => {
    // The structural equations, written out here: nothing of the linear engine but its answer is used.
    const n = 40000, draw = (name: string, sd: number) => normal(fold(rng(12), name), n, {sd}), dose = 1.3;
    let z = draw('Z0', 1), total = new Float64Array(n);
    const past: Record<string, Float64Array> = {};
    for (let t = 0; t < 3; t++) {
      const e = draw(`e${t}`, 1), v = draw(`v${t}`, 0.4), extra = draw(`n${t}`, 0.7), w = draw(`w${t}`, 0.3);
      const y = z.map((s, i) => s + e[i] + v[i]);
      const a = t === 2 ? new Float64Array(n).fill(dose) : y.map((s, i) => 0.6 * s + 0.15 * total[i] + e[i] + extra[i]);
      past[`Y${t}`] = y;
      if (t < 2) past[`A${t}`] = a;
      total = total.map((s, i) => s + y[i] + a[i]);
      z = z.map((s, i) => 0.9 * s + 0.5 * a[i] + w[i]);
    }
    const e = draw('e3', 1), v = draw('v3', 0.4), {truth, naive} = compareLinear(linearStateSpace(), 2);
    const zOf = ({coefficients}: typeof truth) => {
      const residual = z.map((s, i) => s + e[i] + v[i] - coefficients.A2 * dose
        - Object.entries(past).reduce((sum, [name, c]) => sum + coefficients[name] * c[i], 0));
      return [residual, ...Object.values(past).map(c => residual.map((r, i) => r * c[i]))].map(x =>
        Math.abs(mean(x)) / (sd(x) / Math.sqrt(n)));
    };
    assert.ok(Math.max(...zOf(truth)) < 3, `${zOf(truth)}`);
    assert.ok(Math.max(...zOf(naive)) > 10, 'the test sees a wrong answer');
  });

  it('surgery on a discrete model equals the truncated product of tables, summed cell by cell', () => {
    for (let k = 0; k < 40; k++) {
      const graph = causalGraph(['U -> X', 'U -> Y', 'W -> X -> M -> Y', 'W -> Y'], {hidden: ['U']});
      const scm = randomScm(graph, fold(rng(6), k), {sizes: {M: 3}});
      for (const X of [0, 1]) for (const Y of [0, 1]) for (const W of [0, 1]) {
        let sum = 0;
        for (const U of [0, 1]) for (const M of [0, 1, 2]) {
          const cell: Record<string, number> = {U, W, X, M, Y};
          sum += graph.nodes.filter(node => node !== 'X').reduce((p, node) => {
            const {names, sizes, data} = scm.tables.get(node)!;
            return p * data[names.reduce((at, name, i) => at * sizes[i] + cell[name], 0)];
          }, 1);
        }
        assert.ok(Math.abs(sum - scmMarginal(scm, [], {intervened: {X}, evidence: {Y, W}}).data[0]) < 1e-15);
      }
    }
  });

  it('the recursive filter that reads treatments as measurements equals batch conditioning; the one that '
      + 'does not is off', () => {
    const model: ConfoundedModel = {
      decay: 0.9, effect: 0.5, processSd: 0.3, confounding: {outcome: 1, treatment: 1}, sensorSd: 0.4, policySd: 0.7,
      initialSd: 1,
    };
    const scm = linearStateSpace({regime: 'fixed', steps: 4}), seen = ['Y3', 'A0', 'Y0', 'A1', 'Y1', 'A2', 'Y2'];
    const batch = linearPrediction(scm, 'Z3', seen);
    const values: Record<string, number> = {A0: 0.3, A1: -1.2, A2: 0.8, Y0: 0.5, Y1: -0.4, Y2: 1.1, Y3: 0.2};
    const history = [0, 1, 2, 3].map(k => ({y: values[`Y${k}`], a: values[`A${k}`]}));
    const filter = confoundedKalman(model, history);
    const expected = seen.reduce((s, name) => s + batch.coefficients[name] * values[name], 0);
    assert.ok(Math.abs(filter.mean - expected) < 1e-12);
    assert.ok(Math.abs(filter.variance - batch.variance) < 1e-12);
    const deaf = confoundedKalman({...model, confounding: {outcome: 1, treatment: 0}}, history);
    assert.ok(Math.abs(deaf.mean - expected) > 0.05);
    const ahead = confoundedKalman(model, [...history.slice(0, 3), {}]);
    const prior = linearPrediction(scm, 'Z3', seen.slice(1));
    assert.ok(Math.abs(ahead.variance - prior.variance) < 1e-12, 'a last time without an outcome: the prediction');
    assert.throws(() => confoundedKalman(model, [{a: 1}, {y: 1}]), /the outcome measured/);
    assert.throws(() => confoundedKalman(model, [{y: 1}, {y: 1}]), /the treatment given/);
  });
});

describe('nonlinear referee', function () {
  this.timeout(120_000);

  it('equation (4) with particles agrees with simulated interventions within 3 standard errors at every sample size; '
      + 'taking the plan for an observed dose does not', () => {
    for (const units of [100, 400, 1000]) {
      const [formula, naive] = pendulumReferee(rng(units), {units, particles: 400});
      console.log(
        `      ${units} units: equation (4) z = ${formula.z.toFixed(2)} and ${formula.zHistory.toFixed(2)}, planned dose as observed z = ${naive.z.toFixed(2)}`,
      );
      assert.ok(Math.abs(formula.z) < 3 && Math.abs(formula.zHistory) < 3);
      // A hundred units are too few to see this bias.
      if (units >= 400) assert.ok(Math.abs(naive.z) > 3);
    }
  });

  it('without confounding the three filters agree with truth', () => {
    for (const row of pendulumReferee(rng(5), {units: 300, confounding: 0}))
      assert.ok(Math.abs(row.z) < 3.5, `${row.filter} ${row.z}`);
  });
});
