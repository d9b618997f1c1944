import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {locate, MissingDataError, readPublishedCancer, type Trajectories} from '../../lib/data';
import {mean, ndarray, sd} from '../../lib/math';
import {cancerCohort, doseProbabilities, resimulate, simulateCancer, softmaxPolicy, sphereDiameter, sphereVolume, withoutNoise, type CancerNoise, type CancerParameters} from '../../lib/simulators';
import {estimate, type Estimate} from './moments';

interface Replay {
  readonly gamma: number;
  readonly patients: readonly Record<string, number | number[] | number[][]>[];
}

/** A fixture's patients as arguments of the simulator. */
function replayArguments({patients}: Replay): {parameters: CancerParameters; noise: CancerNoise} {
  const numbers = (name: string) => Float64Array.from(patients, p => p[name] as number), n = patients.length;
  const rows = (name: string, ...shape: number[]) => ndarray([n, ...shape], Float64Array.from(patients.flatMap(p => (p[name] as number[][]).flat())));
  const steps = (patients[0].noise_volume as number[]).length;
  return {
    parameters: {
      patientType: Int32Array.from(patients, p => p.patient_type as number), initialVolume: numbers('V0'), initialWeight: numbers('W0'),
      rho: numbers('rho'), capacity: numbers('K'), alphaR: numbers('alpha_r'), betaR: numbers('beta_r'), betaC: numbers('beta_c'),
      weightGrowth: numbers('kg'), weightChemo: numbers('kl1_chemo'), weightRadio: numbers('kl2_radio'), weightTumour: numbers('kl3_tumour'),
      slopeChemo: new Float64Array(n), slopeRadio: new Float64Array(n),
    },
    // A uniform number of 0 lets nobody recover.
    noise: {volume: rows('noise_volume', steps), weight: rows('noise_weight', steps), dose: rows('uniform', steps, 2), recovery: ndarray([n, steps])},
  };
}

function expectReplay(fixture: Replay, tolerance: number): void {
  const {parameters, noise} = replayArguments(fixture), run = simulateCancer(parameters, noise, softmaxPolicy(fixture.gamma));
  const near = (name: string, got: number, want: number, where: string) => assert.ok(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)), `${name}, ${where}: ${got} against ${want}`);
  fixture.patients.forEach((patient, i) => (patient.volume as number[]).forEach((_, t) => {
    const at = (i * (patient.volume as number[]).length + t) * 2;
    [['volume', run.outcomes, 0], ['weight', run.outcomes, 1], ['chemo', run.treatments, 0], ['radio', run.treatments, 1]].forEach(([name, array, j]) =>
      near(name as string, (array as {data: Float64Array}).data[at + (j as number)], (patient[name as string] as number[])[t], `patient ${i}, time ${t}`));
  }));
}

/** The published data, or a skipped test that says why. */
function published<T>(test: Mocha.Context, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MissingDataError)) throw error;
    console.log(`      skipped: ${error.message.split('\n')[0]}`);
    return test.skip();
  }
}

describe('cancer simulator, as released', () => {
  it('replays its own stored patients to 1e-12', () => expectReplay(JSON.parse(readFileSync(join(__dirname, 'fixtures', 'cancer-golden.json'), 'utf8')), 1e-12));

  it('replays six published patients, given their constants and random numbers, to 1e-12', function () {
    const folder = published(this, () => locate('cancer'));
    expectReplay(JSON.parse(readFileSync(join(folder, 'sim_replay_gamma4_6patients.json'), 'utf8')), 1e-12);
  });

  it('follows the published recurrences, written out again by hand', () => {
    const cohort = cancerCohort({patients: 20, rng: 5}), p = cohort.parameters, y = cohort.trajectories.outcomes.data, k = cohort.doses.data;
    for (let i = 0; i < 20; i++)
      for (let t = 0, C = 0; t < 23; t++) {
        const a = (i * 24 + t) * 2, V = y[a], W = y[a + 1], d = k[a + 1], eV = cohort.noise.volume.data[i * 23 + t], eW = cohort.noise.weight.data[i * 23 + t];
        C = C / 2 + k[a];
        assert.equal(cohort.trajectories.treatments.data[a], C);
        const kill = p.betaC[i] * C + p.alphaR[i] * d + (p.alphaR[i] / 10) * d * d, loss = p.weightChemo[i] * C + p.weightRadio[i] * d + p.weightTumour[i] * V;
        assert.ok(Math.abs(y[a + 2] / (V * (1 + p.rho[i] * Math.log(sphereVolume(30) / V) - kill + eV)) - 1) < 1e-12);
        assert.ok(Math.abs(y[a + 3] / (W * (1 + p.weightGrowth[i] * W * (1 - W / p.initialWeight[i]) - loss + eW)) - 1) < 1e-12);
      }
  });

  it('draws levels with the probabilities it states', () => {
    for (const gamma of [0, 4, 20]) {
      const counts = new Float64Array(4), policy = softmaxPolicy(gamma), n = 20000, diameter = 7.3;
      for (let i = 0; i < n; i++) counts[policy({unit: 0, step: 0, meanDiameter: diameter, uniform: {radio: (i + 0.5) / n, chemo: 0.5}})[1]]++;
      doseProbabilities(gamma, diameter).forEach((probability, j) => assert.ok(Math.abs(counts[j] / n - probability) < 1e-4));
    }
  });

  it('does not overflow at an extreme gamma', () => {
    for (const gamma of [1e6, -1e6]) assert.ok(cancerCohort({patients: 5, gamma, rng: 1}).doses.data.every(v => Number.isFinite(v)));
    assert.deepEqual(doseProbabilities(1e6, 13), [0, 0, 0, 1]);
  });

  it('averages the last 16 diameters, or all there are', () => {
    const seen: number[] = [], cohort = cancerCohort({patients: 1, steps: 22, rng: 2});
    const replay = resimulate(cohort, ({step, meanDiameter}) => (seen.push(meanDiameter), [cohort.doses.data[2 * step], cohort.doses.data[2 * step + 1]]));
    const diameters = Array.from({length: 22}, (_, t) => sphereDiameter(replay.trajectories.outcomes.data[2 * t]));
    seen.forEach((value, t) => assert.ok(Math.abs(value - mean(diameters.slice(Math.max(t - 15, 0), t + 1))) < 1e-12, `step ${t}`));
  });

  it('gives the same patients and noise under every gamma, and others for another seed', () => {
    const cohort = (gamma: number, rng: number) => cancerCohort({patients: 30, gamma, rng});
    assert.deepEqual(cohort(0, 7).parameters, cohort(8, 7).parameters);
    assert.deepEqual(cohort(0, 7).noise, cohort(8, 7).noise);
    assert.deepEqual(cohort(4, 7), cohort(4, 7));
    assert.notDeepEqual(cohort(4, 7).parameters.rho, cohort(4, 8).parameters.rho);
  });

  it('starts with diameters between 4.5 and 13 cm and keeps constants inside their limits', () => {
    const {parameters: p} = cancerCohort({patients: 5000, steps: 2, rng: 1}), within = (values: Float64Array, low: number, high: number) => assert.ok(values.every(v => v > low && v < high));
    within(p.initialVolume.map(sphereDiameter), 4.5 - 1e-9, 13 + 1e-9);
    within(p.rho, 0, 0.3);
    within(p.alphaR.map((v, i) => (v - (p.patientType[i] === 1 ? 0.00398 : 0)) / 0.75), 0, 0.3);
    assert.deepEqual([1, 2, 3].map(type => Math.abs(p.patientType.filter(v => v === type).length - 5000 / 3) < 150), [true, true, true]);
  });

  it('draws constants with the stated moments', () => {
    const {parameters: p} = cancerCohort({patients: 20000, steps: 2, rng: 3}), diameter = p.initialVolume.map(sphereDiameter);
    const expected: readonly (readonly [string, number, number, number])[] = [
      // name, drawn mean, stated mean (of 1000 published patients), its standard error
      ['alpha_r', mean(p.alphaR), 0.0818, 0.044 / Math.sqrt(1000)], ['rho', mean(p.rho), 0.00597, 0.0043 / Math.sqrt(1000)],
      ['diameter', mean(diameter), 8.17, 2.47 / Math.sqrt(1000)], ['weight', mean(p.initialWeight), 102, 21 / Math.sqrt(1000)],
      ['beta_c', mean(p.betaC), 0.015 + 0.002 / 3, 0.00117 / Math.sqrt(20000)],
    ];
    for (const [name, drawn, stated, error] of expected) assert.ok(Math.abs(drawn - stated) < 3.5 * Math.hypot(error, error / Math.sqrt(20)), `${name}: ${drawn} against ${stated} +- ${error}`);
    const centred = (values: Float64Array, m = mean(values), spread = sd(values)) => values.map(v => (v - m) / spread), a = centred(p.alphaR), b = centred(p.rho);
    assert.ok(Math.abs(mean(a.map((v, i) => v * b[i])) - 0.72) < 0.03, 'correlation of alpha_r and rho');
  });

  it('matches the moments of the published cohorts within sampling error, for five of our seeds', function () {
    const theirs = published(this, () => (['train', 'val', 'test'] as const).map(split => readPublishedCancer(split)));
    const moments = (data: Trajectories): Estimate[] => {
      // Nobody in the published cohorts recovers; in ours about one in 15,000 does and is left out.
      const whole = Array.from({length: data.outcomes.shape[0]}, (_, i) => i).filter(i => data.observed.data[i * 48 + 47] === 1), N = whole.length;
      const y = (i: number, t: number, j: number) => data.outcomes.data[(whole[i] * 24 + t) * 2 + j], u = (i: number, t: number, j: number) => data.treatments.data[(whole[i] * 24 + t) * 2 + j];
      assert.ok(data.outcomes.shape[0] - N <= 2);
      const average = (f: (t: number) => number) => mean(Array.from({length: 23}, (_, t) => f(t)));
      return [
        ...[0, 4, 8, 15, 23].flatMap(t => [estimate(`log volume at ${t}`, N, i => Math.log(y(i, t, 0))), estimate(`weight at ${t}`, N, i => y(i, t, 1)), estimate(`square log volume at ${t}`, N, i => Math.log(y(i, t, 0)) ** 2)]),
        estimate('concentration', N, i => average(t => u(i, t, 0))), estimate('radio', N, i => average(t => u(i, t, 1))),
        estimate('radio squared', N, i => average(t => u(i, t, 1) ** 2)), estimate('radio times diameter', N, i => average(t => u(i, t, 1) * sphereDiameter(y(i, t, 0)))),
        estimate('log shrinkage in the first step', N, i => Math.log(y(i, 1, 0) / y(i, 0, 0))), estimate('weight ratio over the series', N, i => y(i, 23, 1) / y(i, 0, 1)),
      ];
    };
    const pooled = (sets: Estimate[][]) => sets[0].map(({name}, k) => ({name, value: mean(sets.map(s => s[k].value)), error: Math.hypot(...sets.map(s => s[k].error)) / sets.length}));
    const target = pooled(theirs.map(moments)), z: number[] = [];
    for (let seed = 1; seed <= 5; seed++)
      moments(cancerCohort({patients: 3000, rng: seed}).trajectories).forEach(({name, value, error}, k) => {
        const score = (value - target[k].value) / Math.hypot(error, target[k].error);
        z.push(score);
        assert.ok(Math.abs(score) < 4, `seed ${seed}, ${name}: ${value} against ${target[k].value}, ${score.toFixed(1)} standard errors`);
      });
    // A wrong constant would shift all seeds alike, far beyond what 5 x 21 honest z-scores do.
    assert.ok(mean(z.map(v => v * v)) < 2, `mean square z ${mean(z.map(v => v * v))}`);
    console.log(`      ${z.length} z-scores: mean square ${mean(z.map(v => v * v)).toFixed(2)}, largest ${Math.max(...z.map(Math.abs)).toFixed(1)}`);
  });

  it('ends some series at gamma 0 by recovery, none at gamma 4', () => {
    const stopped = (gamma: number) => cancerCohort({patients: 1000, gamma, rng: 3}).trajectories.observed.data.filter((v, k) => k % 48 === 47 && v === 0).length;
    assert.equal(stopped(4), 0);
    assert.ok(stopped(0) > 40 && stopped(0) < 120, `${stopped(0)} of 1000; published cohorts: 67 to 80`);
  });

  it('ends untreated series by death at 13 cm; after any end nothing is observed and all is 0', () => {
    const cohort = cancerCohort({patients: 300, gamma: 0, steps: 60, rng: 2}), ends = new Set<number>(), T = 60;
    for (const {trajectories: {outcomes, observed, treatments}} of [cohort, resimulate(cohort, () => [0, 0])])
      for (let i = 0; i < 300; i++) {
        const end = Array.from({length: T}, (_, t) => observed.data[(i * T + t) * 2]).lastIndexOf(1), weightEnd = (i * T + end) * 2 + 1;
        if (end === T - 1) continue;
        ends.add(outcomes.data[weightEnd - 1]);
        for (let k = weightEnd; k < (i + 1) * T * 2; k++) assert.ok(outcomes.data[k] === 0 && observed.data[k] === 0 && treatments.data[k] === 0);
      }
    assert.deepEqual([...ends].sort(), [0, sphereVolume(13)]);
  });

  it('without noise is smooth in its constants: the same run twice', () => {
    const cohort = cancerCohort({patients: 10, rng: 4}), quiet = resimulate(cohort, softmaxPolicy(4), {noise: withoutNoise(cohort.noise)});
    assert.notDeepEqual(quiet.trajectories.outcomes, cohort.trajectories.outcomes);
    assert.deepEqual(resimulate(quiet, softmaxPolicy(4)).trajectories.outcomes, quiet.trajectories.outcomes);
  });

  it('simulates 3,000 patients in well under a second', () => {
    const times = [1, 2, 3].map(rng => {
      const start = process.cpuUsage();
      cancerCohort({patients: 3000, rng});
      const {user, system} = process.cpuUsage(start);
      return (user + system) / 1e6;
    });
    assert.ok(Math.min(...times) < 0.8, `${Math.min(...times)} s of processor time`);
  });

  it('refuses nonsense and names it', () => {
    for (const patients of [0, -1, 2.5]) assert.throws(() => cancerCohort({patients, rng: 1}), /cancerCohort: argument `patients`/);
    assert.throws(() => cancerCohort({steps: 1, rng: 1}), /argument `steps`/);
    assert.throws(() => cancerCohort({gamma: NaN, rng: 1}), /softmaxPolicy: argument `gamma` must be a finite number; received NaN/);
    assert.throws(() => cancerCohort({variant: 'guessed' as 'printed', rng: 1}), /'released' or 'printed'/);
    const cohort = cancerCohort({patients: 3, rng: 1});
    assert.throws(() => resimulate(cohort, () => [NaN, 0]), /simulateCancer: argument `policy`.*received \[NaN, 0\].*Patient 0, step 0/);
    assert.throws(() => simulateCancer(cohort.parameters, cancerCohort({patients: 2, rng: 1}).noise, softmaxPolicy(4)), /argument `noise` must be for 3 patients/);
  });

  it('for any gamma, size and seed gives finite, ordered, non-negative series', () => fc.assert(fc.property(fc.double({min: -20, max: 20, noNaN: true}), fc.integer({min: 2, max: 40}), fc.nat(1e6), (gamma, steps, seed) => {
    const {trajectories: data} = cancerCohort({patients: 8, steps, gamma, rng: seed});
    assert.ok(data.outcomes.data.every(v => v >= 0 && Number.isFinite(v)) && data.outcomes.shape[1] === steps);
    assert.ok(data.treatments.data.every((v, k) => v >= 0 && v < (k % 2 ? 4 : 14)));
  }), {numRuns: 30}));
});

