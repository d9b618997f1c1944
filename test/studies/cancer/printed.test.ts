import assert from 'node:assert/strict';
import {mean, sd} from '../../../lib/math';
import {dopri5, odeTerm, orThrow, solve} from '../../../lib/ode';
import {cancerCohort, resimulate, sphereDiameter, withoutNoise} from '../../../lib/studies/cancer';

describe('cancer simulator, as printed', () => {
  const cohort = cancerCohort({patients: 200, variant: 'printed', rng: 6}), p = cohort.parameters;
  const y = (i: number, t: number, j: number) => cohort.trajectories.outcomes.data[(i * 24 + t) * 2 + j], u = (i: number, t: number, j: number) => cohort.trajectories.treatments.data[(i * 24 + t) * 2 + j];

  it('solves eq. (8a): the volume follows the closed form of Gompertz growth under a constant dose', () => {
    for (let i = 0; i < 200; i++)
      for (let t = 0; t < 23; t++) {
        const kill = p.betaC[i] * u(i, t, 0) + p.alphaR[i] * u(i, t, 1) + p.betaR[i] * u(i, t, 1) ** 2 - cohort.noise.volume.data[i * 23 + t];
        const rest = Math.log(30) - kill / p.rho[i], exact = rest + (Math.log(y(i, t, 0)) - rest) * Math.exp(-p.rho[i]);
        assert.ok(Math.abs(Math.log(y(i, t + 1, 0)) - exact) < 1e-10, `patient ${i}, step ${t}`);
      }
  });

  it('solves eq. (8b): volume and weight agree with an adaptive solver', () => {
    for (const i of [0, 57, 199]) {
      const t = 3, C = u(i, t, 0), d = u(i, t, 1), eV = cohort.noise.volume.data[i * 23 + t], eW = cohort.noise.weight.data[i * 23 + t];
      const field = odeTerm((_: number, [V, W]: Float64Array) => Float64Array.of(
        (p.rho[i] * Math.log(30 / V) - p.betaC[i] * C - (p.alphaR[i] * d + p.betaR[i] * d * d) + eV) * V,
        p.weightGrowth[i] * W * (1 - W / p.initialWeight[i]) - p.weightChemo[i] * C - p.weightRadio[i] * d - p.weightTumour[i] * V + eW * W,
      ));
      const [end] = orThrow(solve(field, {solver: dopri5, t0: 0, t1: 1, y0: Float64Array.of(y(i, t, 0), y(i, t, 1)), tolerances: {rtol: 1e-11, atol: 1e-11}})).ys.slice(-1);
      assert.ok(Math.abs(end[0] / y(i, t + 1, 0) - 1) < 1e-9 && Math.abs(end[1] / y(i, t + 1, 1) - 1) < 1e-9, `${end} against ${y(i, t + 1, 0)}, ${y(i, t + 1, 1)}`);
    }
  });

  it('doses by eq. (9): a fixed function of the diameter and the personal slope, inside (0, 14) and (0, 3)', () => {
    for (let i = 0; i < 200; i++) {
      const share = (slope: number) => 1 / (1 + Math.exp((-4 * slope * (sphereDiameter(y(i, 0, 0)) - 6.5)) / 13));
      assert.ok(Math.abs(u(i, 0, 0) - 14 * share(p.slopeChemo[i])) < 1e-12 && Math.abs(u(i, 0, 1) - 3 * share(p.slopeRadio[i])) < 1e-12);
    }
    assert.deepEqual(resimulate(cohort, ({unit, step}) => [u(unit, step, 0), u(unit, step, 1)]).trajectories.outcomes, cohort.trajectories.outcomes);
  });

  it('averages the diameter over the last half cycle', () => {
    const seen: number[] = [], quiet = resimulate(cohort, ({unit, meanDiameter}) => (unit === 0 && seen.push(meanDiameter), [2, 1]), {noise: withoutNoise(cohort.noise)});
    const i = 0, kill = p.betaC[i] * 2 + p.alphaR[i] + p.betaR[i], rest = Math.log(30) - kill / p.rho[i], start = Math.log(p.initialVolume[i]);
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
    const near = (values: Float64Array, m: number, s: number) => assert.ok(Math.abs(mean(values) - m) < (4 * s) / Math.sqrt(20000) && Math.abs(sd(values) / s - 1) < 0.02, `${mean(values)}, ${sd(values)}`);
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
