import assert from 'node:assert/strict';
import {EigenvalueDecomposition, Matrix, solve} from 'ml-matrix';
import {
  causalGraph, compareLinear, intervene, linearCovariance, linearPrediction, linearScm, linearStateSpace, regress,
  regressionBias, sampleLinear, type LinearScm,
} from '../../lib/causal';
import {fold, rng, uniform} from '../../lib/math';

/** Bias of the regression on the whole history (or on treatments and the last outcome alone) by conditioning in the linear model. */
function batchBias(
  visits: number, readings: 'all' | 'present',
  numbers: {decay: number; effect: number; stateNoise: number; outcomeNoise?: number},
): number {
  const c = visits - 1;
  const scm = linearStateSpace({...numbers, steps: visits + 1, regime: readings === 'all' ? 'dynamic' : 'fixed'});
  const past = Array.from({length: c}, (_, k) => (readings === 'all' ? [`A${k}`, `Y${k}`] : [`A${k}`])).flat();
  return linearPrediction(scm, `Y${visits}`, [`A${c}`, `Y${c}`, ...past]).coefficients[`A${c}`] - numbers.effect;
}

describe('linear prediction', function () {
  this.timeout(120_000);

  it('equals the scalar Kalman recursion to 1e-12 on 168 settings with up to 64 visits, shrinking and growing states, '
      + 'weak and strong feedback', () => {
    let settings = 0, worst = 0;
    for (const stateNoise of [0, 0.3]) for (const effect of [-0.2, 0.5]) for (const decay of [0.9, 1, 1.05])
      for (const visits of [1, 2, 4, 8, 16, 32, 64]) for (const readings of ['all', 'present'] as const) {
        const gap = Math.abs(batchBias(visits, readings, {decay, effect, stateNoise}) - regressionBias({
          visits, decay, effect, stateNoise, readings,
        }));
        assert.ok(gap < 1e-12, `${JSON.stringify({stateNoise, effect, decay, visits, readings})}: ${gap}`);
        worst = Math.max(worst, gap);
        settings++;
      }
    console.log(`      ${settings} settings, largest gap ${worst.toExponential(1)}`);
    assert.equal(settings, 168);
  });

  it('and stays within 1e-12 of it where noises differ by factors of up to 1e8 and states grow by half '
      + 'at every step', () => {
    for (const outcomeNoise of [0.4, 1e-3, 1e-6])
      for (const stateNoise of [0, 1e-8, 0.3]) for (const decay of [0.5, 1.05, 1.5]) for (const visits of [8, 32]) {
        const numbers = {decay, effect: 0.5, stateNoise, outcomeNoise};
        const gap = Math.abs(batchBias(visits, 'all', numbers) - regressionBias({...numbers, visits}));
        assert.ok(gap < 1e-12, `${JSON.stringify({...numbers, visits})}: ${gap}`);
      }
  });

  it('a chain that grows unseen for 200 steps keeps its digits', () => {
    const names = Array.from({length: 201}, (_, i) => `V${i}`);
    const {coefficients} =
      linearPrediction(linearScm(causalGraph([names.join(' -> ')]), () => 1.1, () => 1), 'V200', ['V0']);
    assert.ok(Math.abs(coefficients.V0 / 1.1 ** 200 - 1) < 1e-12);
  });

  it('the bias after 32 visits does not depend on the size of the effect, which moves only what is known', () => {
    for (const decay of [0.9, 1, 1.05]) {
      const [a, b] = [-0.2, 0.5].map(effect => batchBias(32, 'all', {decay, effect, stateNoise: 0}));
      assert.ok(Math.abs(a - b) < 1e-12);
    }
  });

  it('states without noise: the bias goes where decay forgets the start, falls like 1 / visits where it does not, and '
      + 'stays where the state grows', () => {
    const at = (decay: number, visits: number, readings?: 'present') =>
      -regressionBias({visits, decay, stateNoise: 0, readings});
    assert.ok(at(0.9, 32, 'present') < at(0.9, 2, 'present') / 100, 'without any past reading');
    assert.ok(Math.abs(at(1, 64) / at(1, 128) - 2) < 0.05 && at(1, 64, 'present') === at(1, 2, 'present'));
    assert.ok(at(1.05, 400) > 0.06 && Math.abs(at(1.05, 400) - at(1.05, 300)) < 1e-9);
  });

  it('an outcome that reveals the confounder identifies the effect where equation (4) fails', () => {
    for (const stateNoise of [0, 0.3]) {
      const additive = linearStateSpace({confounder: 'process', outcomeNoise: 0, stateNoise});
      const {truth, formula} = compareLinear(additive, 2);
      assert.ok(Math.abs(linearPrediction(additive, 'Y3', ['A2', 'Z2', 'Y2']).coefficients.A2 - 0.5) < 1e-12);
      assert.ok(Math.abs(truth.coefficients.A2 - 0.5) < 1e-12 && Math.abs(formula.coefficients.A2 - 0.5) > 0.05);
    }
  });

  it('on 400 random models, some nodes without noise, equals the textbook formula with covariances', () => {
    let exact = 0, refused = 0;
    for (let k = 0; k < 400; k++) {
      const {scm, target, given} = randomModel(k), sigma = linearCovariance(scm);
      const at = (n: string) => scm.graph.nodes.indexOf(n);
      const within = sigma.selection(given.map(at), given.map(at));
      const across = sigma.selection(given.map(at), [at(target)]);
      if (conditionNumber(within) > 1e10) {
        refused++;
        assert.throws(() => linearPrediction(scm, target, given), /linearly independent/);
        continue;
      }
      const {coefficients, variance} = linearPrediction(scm, target, given), beta = solve(within, across).to1DArray();
      given.forEach((g, i) =>
        assert.ok(Math.abs(coefficients[g] - beta[i]) < 1e-8 * Math.max(1, Math.abs(beta[i])), `${k} ${g}`));
      const left = sigma.get(at(target), at(target)) - beta.reduce((s, b, i) => s + b * across.get(i, 0), 0);
      assert.ok(Math.abs(variance - left) < 1e-9, `${k}: ${variance} ${left}`);
      if (variance === 0) exact++;
    }
    console.log(`      ${refused} with dependent conditions refused, ${exact} targets known exactly`);
    assert.ok(refused > 10 && exact > 10);
  });

  it('units do not matter: variables measured in units of 1e-6 to 1e6 give the same prediction', () => {
    for (let k = 0; k < 200; k++) {
      const {scm, target, given} = randomModel(k), u = uniform(fold(rng(5), k), scm.graph.nodes.length);
      const unit = (n: string) => 10 ** Math.round(12 * u[scm.graph.nodes.indexOf(n)] - 6);
      const other = linearScm(scm.graph, (a, b) => scm.weight(a, b) * unit(b) / unit(a), n => scm.noise(n) * unit(n));
      const predict = (m: LinearScm) => {
        try { return linearPrediction(m, target, given); } catch (e) { return (e as Error).message; }
      };
      const [a, b] = [predict(scm), predict(other)];
      if (typeof a === 'string' || typeof b === 'string') { assert.equal(a, b); continue; }
      for (const g of given) {
        const expected = a.coefficients[g], got = b.coefficients[g] * unit(g) / unit(target);
        assert.ok(Math.abs(got - expected) < 1e-9 * Math.max(1, Math.abs(expected)), `${k} ${g}`);
      }
      assert.ok(Math.abs(b.variance / unit(target) ** 2 - a.variance) < 1e-9 * Math.max(1, a.variance));
    }
  });

  it('least squares on a sample tends to it, and dependent columns are refused', () => {
    const scm = linearStateSpace(), columns = sampleLinear(scm, rng(4), 20000), given = ['A2', 'Y2', 'A1', 'Y1'];
    const sample = regress(columns, 'Y3', given), exact = linearPrediction(scm, 'Y3', given);
    for (const g of given) assert.ok(Math.abs(sample.coefficients[g] - exact.coefficients[g]) < 0.05);
    assert.throws(
      () => regress({...columns, copy: columns.Y2.map(v => 3 * v)}, 'Y3', ['Y2', 'copy']), /linearly independent/,
    );
    assert.throws(() => regress(columns, 'Y3', ['toString']), /`given` must be columns/);
  });

  it('refuses repeated conditions, the target among them, and a bad number of visits', () => {
    const scm = intervene(linearStateSpace(), ['A2']);
    for (const given of [['A2', 'A2'], ['Y3']])
      assert.throws(() => linearPrediction(scm, 'Y3', given), /different nodes/);
    for (const visits of [0, 1.5, NaN]) assert.throws(() => regressionBias({visits}), /whole number >= 1/);
  });
});

/** Six nodes, random edges and weights; each node has no noise of its own once in four times. */
function randomModel(k: number): {scm: LinearScm; target: string; given: string[]} {
  const n = 6, u = uniform(fold(rng(81), k), 2 * n * n + 3 * n), names = Array.from({length: n}, (_, i) => `V${i}`);
  const at = (v: string) => Number(v.slice(1));
  const edges = names.flatMap((a, i) =>
    names.slice(i + 1).filter(b => u[i * n + at(b)] < 0.5).map(b => `${a} -> ${b}`));
  const scm = linearScm(causalGraph(edges, {nodes: names}), (a, b) => 4 * u[n * n + at(a) * n + at(b)] - 2, v =>
    (u[2 * n * n + at(v)] < 0.25 ? 0 : 0.5 + u[2 * n * n + n + at(v)]));
  const order = [...names].sort((a, b) => u[2 * n * n + 2 * n + at(a)] - u[2 * n * n + 2 * n + at(b)]);
  return {scm, target: order[0], given: order.slice(1, 2 + k % 4)};
}

function conditionNumber(m: Matrix): number {
  const d = m.to2DArray().map((r, i) => Math.sqrt(r[i]));
  if (d.some(v => v === 0)) return Infinity;
  const values = new EigenvalueDecomposition(
    new Matrix(m.to2DArray().map((r, i) => r.map((v, j) => v / d[i] / d[j]))),
  ).realEigenvalues;
  return Math.max(...values) / Math.max(0, Math.min(...values));
}
