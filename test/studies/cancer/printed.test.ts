import * as tf from '@tensorflow/tfjs';
import {compile} from 'mathjs';
import assert from 'node:assert/strict';
import {mean, sd} from '../../../lib/math';
import {dopri5, odeTerm, orThrow, rk4, solve} from '../../../lib/ode';
import {
  cancerBoth, cancerCohort, cancerConstants, resimulate, sphereDiameter, withoutNoise,
} from '../../../lib/studies/cancer';
import {fieldOf, tensorFieldOf} from '../../../lib/systems';

describe('cancer simulator, as printed', () => {
  const cohort = cancerCohort({patients: 200, variant: 'printed', rng: 6}), p = cohort.parameters;
  const y = (i: number, t: number, j: number) => cohort.trajectories.outcomes.data[(i * 24 + t) * 2 + j];
  const u = (i: number, t: number, j: number) => cohort.trajectories.treatments.data[(i * 24 + t) * 2 + j];

  it('solves eq. (8a): the volume follows the closed form of Gompertz growth under a constant dose', () => {
    for (let i = 0; i < 200; i++)
      for (let t = 0; t < 23; t++) {
        const kill = p.betaC[i] * u(i, t, 0) + p.alphaR[i] * u(i, t, 1) + p.betaR[i] * u(i, t, 1) ** 2
          - cohort.noise.volume.data[i * 23 + t];
        const rest = Math.log(30) - kill / p.rho[i], exact = rest + (Math.log(y(i, t, 0)) - rest) * Math.exp(-p.rho[i]);
        assert.ok(Math.abs(Math.log(y(i, t + 1, 0)) - exact) < 1e-10, `patient ${i}, step ${t}`);
      }
  });

  describe('solves eq. (8) as cancerBoth says it, for all patients together,', () => {
    const constants = cancerConstants(p), N = 200, span = {t0: 0, t1: 1}, tolerances = {rtol: 1e-13, atol: 1e-13};
    const state = (t: number) => Float64Array.from({length: 2 * N}, (_, k) => y(k >> 1, t, k % 2));
    /** Doses and noise of step t. */
    const given = (t: number) => Float64Array.from({length: 4 * N}, (_, k) => {
      const i = k >> 2, {volume, weight} = cohort.noise;
      return k % 4 < 2 ? u(i, t, k % 4) : (k % 4 === 2 ? volume : weight).data[i * 23 + t];
    });
    const off = (end: ArrayLike<number>, t: number) =>
      Math.max(...Array.from(state(t + 1), (v, k) => Math.abs(end[k] / v - 1)));

    it('read in float64: volumes exactly, weights to the error of eight Runge-Kutta steps', () => {
      const field = fieldOf(cancerBoth, constants);
      for (const t of [0, 3, 11, 22]) {
        const term = odeTerm((_, x: Float64Array) => field(x, given(t))), problem = {...span, y0: state(t)};
        const {ys: [exact]} = orThrow(solve(term, {solver: dopri5, ...problem, tolerances}));
        const {ys: [eight]} = orThrow(solve(term, {solver: rk4, ...problem, dt: 1 / 8}));
        const error = (end: ArrayLike<number>, j: number) =>
          Math.max(...Array.from({length: N}, (_, i) => Math.abs(end[2 * i + j] / exact[2 * i + j] - 1)));
        const weights = error(state(t + 1), 1), limit = error(eight, 1) + 1e-13;
        assert.ok(
          error(state(t + 1), 0) < 1e-12 && weights < limit, `step ${t}: ${error(state(t + 1), 0)}, ${weights}`,
        );
      }
    });

    it('read as formulas', () => {
      const t = 3, i = 57, formulas = cancerBoth.dynamics.map(text => compile(text));
      const own = Object.fromEntries(Object.entries(constants).map(([name, values]) => [name, values[i]]));
      const [C, d, eV, eW] = given(t).subarray(4 * i), known = {...own, C, d, eV, eW};
      const term = odeTerm((_, [V, W]: Float64Array) =>
        Float64Array.from(formulas, f => Number(f.evaluate({...known, V, W}))));
      const {ys: [end]} =
        orThrow(solve(term, {solver: dopri5, ...span, y0: state(t).slice(2 * i, 2 * i + 2), tolerances}));
      end.forEach((v, j) => assert.ok(Math.abs(v / y(i, t + 1, j) - 1) < 1e-9, `${v} and ${y(i, t + 1, j)}`));
    });

    it('read on tensors, to the rounding of 32 evaluations in float32', async () => {
      await tf.setBackend('cpu');
      const t = 11, end = tf.tidy(() => {
        const matrix = (values: ArrayLike<number>, width: number) => tf.tensor2d(Float32Array.from(values), [N, width]);
        const all = Object.entries(constants).map(([name, values]) => [name, tf.tensor1d(Float32Array.from(values))]);
        const field = tensorFieldOf(cancerBoth, Object.fromEntries(all)), a = matrix(given(t), 4);
        const term = odeTerm((_, x: tf.Tensor) => field(x, a));
        return solve(term, {solver: rk4, ...span, y0: matrix(state(t), 2), dt: 1 / 8}).ys[0].dataSync();
      });
      assert.ok(off(end, t) < 32 * 8 * 2 ** -24, `${off(end, t)}`);
    });
  });

  it('doses by eq. (9): a fixed function of the diameter and the personal slope, inside (0, 14) and (0, 3)', () => {
    for (let i = 0; i < 200; i++) {
      const share = (slope: number) => 1 / (1 + Math.exp((-4 * slope * (sphereDiameter(y(i, 0, 0)) - 6.5)) / 13));
      assert.ok(Math.abs(u(i, 0, 0) - 14 * share(p.slopeChemo[i])) < 1e-12
        && Math.abs(u(i, 0, 1) - 3 * share(p.slopeRadio[i])) < 1e-12);
    }
    assert.deepEqual(
      resimulate(cohort, ({unit, step}) => [u(unit, step, 0), u(unit, step, 1)]).trajectories.outcomes,
      cohort.trajectories.outcomes,
    );
  });

  it('averages the diameter over the last half cycle', () => {
    const seen: number[] = [];
    const quiet = resimulate(cohort, ({unit, meanDiameter}) => (unit === 0 && seen.push(meanDiameter), [2, 1]), {
      noise: withoutNoise(cohort.noise),
    });
    const i = 0, kill = p.betaC[i] * 2 + p.alphaR[i] + p.betaR[i], rest = Math.log(30) - kill / p.rho[i];
    const start = Math.log(p.initialVolume[i]);
    const diameter = (t: number) => sphereDiameter(Math.exp(rest + (start - rest) * Math.exp(-p.rho[i] * t)));
    const fine = mean(Array.from({length: 5000}, (_, k) => diameter(0.5 + (k + 0.5) / 10000)));
    assert.ok(Math.abs(seen[1] - fine) < 1e-7, `${seen[1]} against ${fine}`);
    assert.equal(quiet.variant, 'printed');
  });

  it('draws its constants from Table 4, negative rates again', () => {
    const {parameters: q} = cancerCohort({patients: 20000, steps: 2, variant: 'printed', rng: 1});
    // A normal law with mean near 0 cut at 0 has mean about sd sqrt(2 / pi).
    assert.ok(Math.abs(mean(q.rho) - 0.00723 * Math.sqrt(2 / Math.PI)) < 0.0002);
    assert.ok(q.rho.every(v => v > 0) && q.alphaR.every(v => v > 0) && q.betaR.every((v, i) => v === q.alphaR[i] / 10));
    const near = (values: Float64Array, m: number, s: number) => assert.ok(
      Math.abs(mean(values) - m) < (4 * s) / Math.sqrt(20000) && Math.abs(sd(values) / s - 1) < 0.02,
      `${mean(values)}, ${sd(values)}`,
    );
    near(q.betaC, 0.028, 0.0007);
    near(q.weightGrowth, 14e-5, 1e-5);
    near(q.weightChemo, 0.001775, 2e-4);
    near(q.weightRadio, 0.004125, 1e-4);
    near(q.weightTumour, 31e-5, 15e-6);
    near(q.slopeChemo, 2.5, 3 / Math.sqrt(12));
    assert.ok(q.capacity.every(v => v === 30) && q.patientType.every(v => v === 0));
  });

  it('follows everybody to the end', () => assert.ok(cohort.trajectories.observed.data.every(v => v === 1)));
});
