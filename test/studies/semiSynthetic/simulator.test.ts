import assert from 'node:assert/strict';
import fc from 'fast-check';
import {planAt, snapshot} from '../../../lib/data';
import {ndarray, rng} from '../../../lib/math';
import {
  semiSyntheticCohort, semiSyntheticModel, semiSyntheticPlan, semiSyntheticPlans, semiSyntheticWorld, simulatedStays,
    standardisedLabs,
} from '../../../lib/studies/semiSynthetic';
import {near} from '../../math/law';
import {cohortOf, stays, VARIANTS} from './small';
import {timesIn} from '../../../lib/data/times';

const T = 49;

describe('the semi-synthetic simulator', () => {
  for (const variant of VARIANTS) {
    it(`${variant}: twins under the plan that was given are the factual path, bit for bit`, () => {
      fc.assert(fc.property(fc.integer({min: 0, max: T - 2}), fc.nat(), fc.nat(), (c, more, seed) => {
        const cohort = cohortOf(variant, 20, {}, seed), s = 1 + (more % (T - 1 - c));
        const twin = cohort.twins(c, planAt(cohort.trajectories, c, s).treatments).trajectories;
        const fact = cohort.trajectories,
          dy = fact.outcomes.shape[2];
        for (let i = 0; i < 20; i++)
          for (let k = 0; k < (c + s + 1) * dy; k++)
            assert.equal(twin.outcomes.data[i * (c + s + 1) * dy + k], fact.outcomes.data[i * T * dy + k]);
      }), {numRuns: 25, seed: 1});
    });

    it(`${variant}: twins equal the factual path up to the decision under any plan`, () => {
      const cohort = cohortOf(variant, 30), c = 10;
      const twin = cohort.twins(c, semiSyntheticPlan('random', 30, 8, rng(2))).trajectories;
      assert.equal(timesIn(twin.time), c + 9);
      for (let t = 0; t <= c; t++) assert.deepEqual(snapshot(twin.outcomes, t, 0),
        snapshot(cohort.trajectories.outcomes, t, 0));
      for (let t = 0; t < c; t++) assert.deepEqual(snapshot(twin.treatments, t, 1),
        snapshot(cohort.trajectories.treatments, t, 1));
    });
  }

  it('the outcome is spline, path, hidden term, noise and effect, eqs. (10) and (12)', () => {
    const {trajectories: {outcomes}, truth, noise} = cohortOf('informative', 50);
    outcomes.data.forEach((y, k) => {
      const untreated = truth.spline.data[k] + truth.path.data[k] + truth['outcome term'].data[k]
        + noise.outcome.data[k];
      assert.ok(Math.abs(truth.untreated.data[k] - untreated) < 1e-14 && y === truth.untreated.data[k]
        + truth.effect.data[k]);
    });
  });

  for (const variant of ['printed', 'informative'] as const)
    it(`${variant}: the effect is eq. (11) written out over recorded treatments and probabilities`, () => {
      const {trajectories: {treatments}, truth, world: {model}} = cohortOf(variant, 40);
      const a = (i: number, t: number, l: number) => treatments.data[(i * T + t) * 2 + l];
      const p = (i: number, t: number, l: number) => truth.propensities.data[(i * T + t) * 2 + l];
      for (let i = 0; i < 40; i++)
        for (let t = 0; t < T; t++) {
          let effect = 0;
          for (let lag = 1; lag <= 20 && lag <= t; lag++)
            effect += Math.min(...[0, 1].map(l => a(i, t - lag, l) * p(i, t - lag, l) * model.beta)) / lag ** 2;
          assert.ok(Math.abs(truth.effect.data[i * T + t] - effect) < 1e-14);
        }
    });

  it('the probabilities are those of the printed policy, on the factual path and on twins', () => {
    const cohort = cohortOf('informative', 40, {strength: 1.7}), {truth, trajectories: {outcomes}} = cohort;
    for (let i = 0; i < 40; i++)
      for (let t = 0; t < T; t++)
        for (const l of [0, 1]) {
          const past = Array.from({length: Math.min(4, t)}, (_, k) => outcomes.data[i * T + t - 1 - k]);
          const average = past.length > 0 ? past.reduce((x, y) => x + y, 0) / past.length : 0, k = (i * T + t) * 2 + l;
          const p = 1 / (1 + Math.exp(-(0.3 * average + 1.7 * truth['policy terms'].data[k] - 2)));
          assert.ok(Math.abs(truth.propensities.data[k] - p) < 1e-14);
        }
  });

  it('decisions are Bernoulli draws with these probabilities', () => {
    const {trajectories: {treatments}, truth: {propensities: {data: p}}} = cohortOf('informative', 500);
    const z = treatments.data.map((a, k) => (a - p[k]) / Math.sqrt(p[k] * (1 - p[k])));
    near(z, 0, 'standardised decisions');
    near(z.map(v => v * v), 1, 'their squares');
    near(z.map((v, k) => v * (p[k] - 0.2)), 0, 'times probability');
  });

  it('effects are linear in beta where the policy does not answer to outcomes', () => {
    const policy = {outcome: [0, 0] as const}, one = cohortOf('informative', 40, {beta: -1, policy}).truth.effect.data;
    for (const beta of [-3, -0.25, 0]) {
      cohortOf('informative', 40,
        {beta, policy}).truth.effect.data.forEach((e, k) => assert.ok(Math.abs(e + beta * one[k]) < 1e-13));
    }
  });

  it('where it does, the first effect of a first treatment is', () => {
    const first = (beta: number) => {
      const cohort = cohortOf('informative', 60, {beta}), {effect} = cohort.truth;
      return snapshot(ndarray([60, T, 1], effect.data), 1, 0);
    };
    const one = first(-1);
    assert.ok(one.some(e => e < 0));
    first(-3).forEach((e, i) => assert.ok(Math.abs(e - 3 * one[i]) < 1e-14));
  });

  it('with beta above 0 nothing acts unless both treatments are given; then the weaker does', () => {
    const cohort = cohortOf('informative', 30, {beta: 2}), {propensities} = cohort.truth;
    const only = (l: number) => ndarray([30, 1, 2], Float64Array.from({length: 60}, (_, k) => (k % 2 === l ? 1 : 0)));
    const at = (plan: ReturnType<typeof only>) => snapshot(cohort.twins(0, plan).trajectories.outcomes, 1, 0);
    const never = at(semiSyntheticPlan('never', 30, 1)), both = at(semiSyntheticPlan('always', 30, 1));
    for (const l of [0, 1]) assert.deepEqual(at(only(l)), never);
    both.forEach((y, i) => {
      const weaker = Math.min(propensities.data[i * T * 2], propensities.data[i * T * 2 + 1]);
      assert.ok(Math.abs(y - never[i] - 2 * weaker) < 1e-14);
    });
  });

  it('released: treatments are the probabilities and change nothing, and the outcome is stored twice', () => {
    const cohort = cohortOf('released', 30), {outcomes, treatments} = cohort.trajectories, {truth} = cohort;
    assert.deepEqual([outcomes.shape, treatments.shape], [[30, T, 2], [30, T, 2]]);
    assert.deepEqual(treatments.data, truth.propensities.data);
    assert.deepEqual(snapshot(outcomes, 20, 0), snapshot(outcomes, 20, 1));
    assert.ok(truth.effect.data.every(e => e === 0));
    for (const kind of ['always', 'never'] as const) {
      const twin = cohort.twins(12, semiSyntheticPlan(kind, 30, 24)).trajectories;
      for (let t = 0; t <= 36; t++) assert.deepEqual(snapshot(twin.outcomes, t, 0), snapshot(outcomes, t, 0));
    }
  });

  it('strengths and effects share functions, stays and noise; the outcomes without effects are the same', () => {
    const weak = cohortOf('informative', 20, {strength: 0}),
      strong = cohortOf('informative', 20, {strength: 4, beta: -1});
    for (const name of ['untreated', 'labs', 'policy terms']) assert.deepEqual(weak.truth[name], strong.truth[name]);
    const fixed = weak.truth.propensities.data.filter((_, k) => k % (2 * T) < 2);
    assert.ok(fixed.every(p => p === 1 / (1 + Math.exp(2))),
      'at strength 0 everybody is as likely to be treated at first');
  });

  it('informative functions have mean 0 and standard deviation 1 over stays and hours; log labs too', () => {
    const {world} = cohortOf('informative', 1), z = standardisedLabs(stays.labs, 'logarithms').data;
    const policy = (l: number) => world.policyTerms.data.filter((_, k) => k % 2 === l);
    for (const values of [world.outcomeTerm.data, policy(0), policy(1), z.filter((_, k) => k % 3 === 1)]) {
      const n = values.length, centre = values.reduce((a, b) => a + b, 0) / n;
      assert.ok(Math.abs(centre) < 1e-12 && Math.abs(values.reduce((a, b) => a + b * b, 0) / n - 1) < 1e-12);
    }
  });

  it('Phi_1 is a function of creatinine alone, Phi_2 of the other two', () => {
    const data = stays.labs.data.slice(), changed = ndarray(stays.labs.shape, data);
    for (let k = 0; k < data.length; k += 3) data[k] = stays.labs.data[data.length - 3 - k];
    const terms = [stays, {...stays, labs: changed}].map(s =>
      semiSyntheticWorld(s, semiSyntheticModel('printed'), rng(5)).policyTerms.data);
    terms[0].forEach((v, k) => k % 2 === 1 && assert.ok(Math.abs(v - terms[1][k]) < 1e-12));
    assert.ok(terms[0].some((v, k) => k % 2 === 0 && Math.abs(v - terms[1][k]) > 1e-3));
  });

  it('3,557 patients over 49 hours take at most 10 s', () => {
    const start = performance.now(), substrate = simulatedStays(rng(1));
    const world = semiSyntheticWorld(substrate, semiSyntheticModel('informative'), rng(2)),
      cohort = semiSyntheticCohort(world, rng(3));
    const seconds = (performance.now() - start) / 1000;
    assert.deepEqual(cohort.trajectories.outcomes.shape, [3557, 49, 1]);
    assert.ok(seconds < 10, `${seconds} s`);
  });

  it('names bad arguments', () => {
    const cohort = cohortOf('informative', 3), plan = (s: number) => semiSyntheticPlan('never', 3, s);
    assert.throws(() => cohort.twins(48, plan(1)), /twins: argument `decision`/);
    assert.throws(() => cohort.twins(40, plan(9)), /argument `plan` must be of shape \[3, s, 2\] with s in \[1, 8\]/);
    assert.throws(() => cohort.twins(0, ndarray([3, 1, 2], new Float64Array(6).fill(2))),
      /argument `plan` must be in \[0, 1\]/);
    assert.throws(() => semiSyntheticModel('other' as 'printed'),
      /argument `variant` must be 'released', 'printed' or 'informative'/);
    assert.throws(() => semiSyntheticModel('printed', {strength: NaN}), /argument `strength`/);
    assert.throws(() => semiSyntheticModel('printed', {window: 0}), /argument `window`/);
    assert.throws(() => semiSyntheticCohort(cohort.world, rng(1), {among: [200]}),
      /argument `among` must be rows in \[0, 199\]/);
    assert.throws(() => semiSyntheticPlan('random', 3, 3), /argument `rng`/);
  });

  it('plans for scores: random ones differ by decision, and equal generators ask the same', () => {
    const cohort = cohortOf('informative', 10),
      ask = (c: number) => semiSyntheticPlans(cohort, 'random', {rng: rng(4)}).at(cohort.trajectories, c)[0];
    assert.deepEqual(ask(5).treatments, ask(5).treatments);
    assert.notDeepEqual(planAt(ask(5), 5, 6).treatments.data, planAt(ask(6), 6, 6).treatments.data);
    assert.equal(timesIn(ask(46).time), 49);
  });
});
