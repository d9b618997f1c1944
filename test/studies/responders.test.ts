import assert from 'node:assert/strict';
import {historyAt, planAt} from '../../lib/data';
import {mean, rng, sd} from '../../lib/math';
import {
  respondersAdjusted, respondersCohort, respondersNaive, respondersOracle, respondersRecorded,
  RESPONDERS_DECISION as C, type RespondersCohort, type RespondersOptions,
} from '../../lib/studies/responders';

const units = 40_000;

/** Mean of (level - forecast) times each of 1 and the forecast, in standard errors: both vanish for a conditional mean. */
function moments(
  {trajectories: t, truth: {level: {data: level}}}: RespondersCohort, forecast: Float64Array, step: number,
): number[] {
  const f = Array.from({length: units}, (_, i) => forecast[2 * i + step]);
  const gap = f.map((v, i) => level[5 * i + C + 1 + step] - v);
  assert.equal(t.time.length, 5);
  return [gap, gap.map((g, i) => g * f[i])].map(v => mean(v) / (sd(v) / Math.sqrt(units)));
}

const both = (cohort: RespondersCohort, formula: typeof respondersAdjusted, options: RespondersOptions) =>
  formula(historyAt(cohort.trajectories, C), planAt(cohort.trajectories, C, 2), options);

describe('responders', () => {
  for (const testDose of [0, 0.3, 1]) {
    it(`test dose ${testDose}: equation (4) in closed form is the mean outcome when doses are set`, () => {
      for (const plan of [[1, 1], [0, 1]] as const) {
        const options = {preference: 2, testDose}, cohort = respondersCohort(rng(1), {...options, units, plan});
        const forecast = both(cohort, respondersAdjusted, options);
        for (const step of [0, 1])
          for (const z of moments(cohort, forecast, step)) assert.ok(Math.abs(z) < 4, `${plan} ${step}: ${z}`);
      }
    });

    it(`test dose ${testDose}: the mean of the records is the mean outcome of those whom the clinician dosed`, () => {
      const options = {preference: 2, testDose}, cohort = respondersCohort(rng(2), {...options, units});
      const forecast = both(cohort, respondersRecorded, options);
      for (const step of [0, 1])
        for (const z of moments(cohort, forecast, step)) assert.ok(Math.abs(z) < 4, `${step}: ${z}`);
    });
  }

  it('untreated histories: the two means differ by tanh(preference / 2) a step at dose 1, as in the '
      + 'counter-example', () => {
    const options = {preference: 2, testDose: 0};
    const cohort = respondersCohort(rng(3), {...options, units: 10, plan: [1, 1]});
    const [set, records] = [respondersAdjusted, respondersRecorded].map(f => both(cohort, f, options));
    for (let i = 0; i < 10; i++) assert.ok(Math.abs(records[2 * i] - set[2 * i] - Math.tanh(1)) < 1e-12);
  });

  it('without preference the two agree', () => {
    const options = {preference: 0, testDose: 0.3}, cohort = respondersCohort(rng(4), {...options, units: 50});
    assert.deepEqual(both(cohort, respondersAdjusted, options), both(cohort, respondersRecorded, options));
  });

  it('a plan changes doses and what follows, not the patients', () => {
    const [free, set] = [undefined, [1, 0] as const].map(plan =>
      respondersCohort(rng(5), {units: 30, testDose: 0.3, plan}));
    assert.deepEqual(free.truth.response, set.truth.response);
    for (let i = 0; i < 30; i++) for (let t = 0; t <= C; t++)
      assert.equal(free.trajectories.outcomes.data[5 * i + t], set.trajectories.outcomes.data[5 * i + t]);
    assert.deepEqual(Array.from(set.trajectories.treatments.data.subarray(0, 5)), [0.3, 0, 1, 0, 0]);
  });

  it('refuses impossible numbers by name', () => {
    assert.throws(() => respondersCohort(rng(1), {units: 0}), /units/);
    assert.throws(() => respondersCohort(rng(1), {preference: -1}), /preference/);
    assert.throws(() => respondersCohort(rng(1), {testDose: Number.NaN}), /testDose/);
    assert.throws(() => respondersCohort(rng(1), {noise: 0}), /noise/);
  });

  it('the oracle errs by the measurement error alone', () => {
    const cohort = respondersCohort(rng(6), {units, noise: 0.3}), known = respondersOracle(cohort);
    const {outcomes: {data: y}} = cohort.trajectories;
    const errors = Array.from(known, (v, k) => y[5 * Math.floor(k / 2) + C + 1 + k % 2] - v);
    // sd of a standard deviation of m normal numbers is sigma / sqrt(2 m).
    assert.ok(Math.abs(sd(errors) - 0.3) < 4 * 0.3 / Math.sqrt(2 * errors.length));
  });

  it('the naive regression is the least squares fit: its residuals are orthogonal to outcome and doses', () => {
    const {trajectories: t} = respondersCohort(rng(7), {units: 500}), f = respondersNaive(t)(t);
    const {outcomes: {data: y}, treatments: {data: a}} = t;
    const left = Array.from({length: 500}, (_, i) => y[5 * i + 4] - f[2 * i + 1]);
    const doses = [C, C + 1].map(t => (i: number) => a[5 * i + t]);
    for (const x of [() => 1, (i: number) => y[5 * i + C], ...doses])
      assert.ok(Math.abs(mean(left.map((v, i) => v * x(i)))) < 1e-4);
    assert.equal(f[0], f[1]);
  });

  it('the naive regression gives the treated more than they get when doses are set: the bias of responders', () => {
    const {trajectories: t} = respondersCohort(rng(8), {units, preference: 2});
    const set = respondersCohort(rng(9), {units, preference: 2, plan: [1, 1]});
    const known = respondersOracle(set);
    const gap = Array.from(respondersNaive(t)(set.trajectories), (v, k) => v - known[k])
      .filter((_, k) => k % 2 === 1);
    assert.ok(mean(gap) > 0.3, `${mean(gap)}`);
  });
});
