import assert from 'node:assert/strict';
import fc from 'fast-check';
import {historyAt, planAt} from '../../../lib/data';
import {ndarray, rng} from '../../../lib/math';
import {
  cancerCohort, cancerPlan, concentrations, counterfactualTwins, factualDoses, oneStepPlans, randomDoses, slidingPlans,
  softmaxPolicy,
} from '../../../lib/studies/cancer';

describe('counterfactual twins', () => {
  const cohort = cancerCohort({patients: 40, rng: 11});

  for (const variant of ['released', 'printed'] as const)
    it(`share everything up to t_c with the factual patients, whatever the plan (${variant})`, () =>
      fc.assert(fc.property(fc.integer({min: 0, max: 20}), fc.nat(1000), (c, seed) => {
        const base = variant === 'released' ? cohort : cancerCohort({patients: 10, variant, rng: 3});
        const N = base.doses.shape[0];
        const twins = counterfactualTwins(base, c, randomDoses(N, 2, rng(seed)));
        assert.deepEqual(historyAt(twins.trajectories, c), historyAt(base.trajectories, c));
        assert.equal(twins.trajectories.time.length, c + 3);
        assert.notDeepEqual(planAt(twins.trajectories, c, 2), planAt(base.trajectories, c, 2));
      }), {numRuns: 15}));

  it('under the doses in fact given are the factual patients, bit for bit', () => {
    const twins = counterfactualTwins(cohort, 6, factualDoses(cohort, 6, 17)).trajectories;
    assert.deepEqual(twins.outcomes, cohort.trajectories.outcomes);
    assert.deepEqual(twins.treatments, cohort.trajectories.treatments);
  });

  it('under the policy of their own gamma are the factual patients, under another one not', () => {
    assert.deepEqual(
      counterfactualTwins(cohort, 6, softmaxPolicy(4)).trajectories.outcomes, cohort.trajectories.outcomes,
    );
    const other = counterfactualTwins(cohort, 6, softmaxPolicy(-8)).trajectories;
    assert.deepEqual(historyAt(other, 6), historyAt(cohort.trajectories, 6));
    assert.notDeepEqual(other.outcomes, cohort.trajectories.outcomes);
  });

  it('share the noise: more treatment means a smaller tumour in every single patient', () => {
    const volumeAfter = (chemo: number, radio: number) => {
      const plan = ndarray([40, 3, 2], Float64Array.from({length: 240}, (_, k) => (k % 2 ? radio : chemo)));
      return counterfactualTwins(cohort, 5, plan).trajectories.outcomes.data.filter((_, k) => k % 18 === 16);
    };
    const [none, chemo, both] = [volumeAfter(0, 0), volumeAfter(7, 0), volumeAfter(7, 3)];
    none.forEach((v, i) => assert.ok(v > chemo[i] && chemo[i] > both[i], `patient ${i}`));
  });

  it('carry chemotherapy over: a plan of doses becomes the concentrations that the simulator reports', () => {
    const doses = randomDoses(40, 5, rng(2)), twins = counterfactualTwins(cohort, 4, doses).trajectories;
    const actual = planAt(twins, 4, 5);
    const plan = cancerPlan(historyAt(cohort.trajectories, 4), doses, actual.time);
    assert.deepEqual(plan, actual);
    assert.deepEqual(
      cancerPlan(historyAt(cohort.trajectories, 0), factualDoses(cohort, 0, 3), Float64Array.of(0, 1, 2, 3)),
      planAt(cohort.trajectories, 0, 3),
    );
    assert.deepEqual([...concentrations(ndarray([1, 3, 2], Float64Array.of(7, 1, 0, 2, 3, 0)), [4]).data], [
      9, 1, 4.5, 2, 5.25, 0,
    ]);
  });

  it('come with the plans of the literature: 16 one-step choices, one application sliding over the horizon', () => {
    const steps = oneStepPlans(3), sliding = slidingPlans(2, 4);
    assert.equal(new Set(steps.map(plan => plan.doses.data.join())).size, 16);
    assert.deepEqual(steps[0].doses.shape, [3, 1, 2]);
    assert.equal(sliding.length, 8);
    assert.ok(sliding.every(({doses}) => doses.data.filter(v => v > 0).length === 2));
    assert.equal(new Set(sliding.map(plan => plan.name)).size, 8);
    const random = randomDoses(4000, 1, rng(1)).data;
    const share = (value: number, j: number) => random.filter((v, k) => k % 2 === j && v === value).length / 4000;
    for (const [j, levels] of [[0, [0, 3, 5, 7]], [1, [0, 1, 2, 3]]] as const)
      for (const level of levels) assert.ok(Math.abs(share(level, j) - 0.25) < 0.03);
  });

  it('refuse plans of a wrong shape, with NaN or negative doses, and plans that outlast the series', () => {
    const plan = (s: number, value = 1, N = 40) => ndarray([N, s, 2], new Float64Array(N * s * 2).fill(value));
    assert.throws(
      () => counterfactualTwins(cohort, 5, plan(2, 1, 39)),
      /counterfactualTwins: argument `plan` must be of shape \[40, s, 2\] with s in \[1, 18\]/,
    );
    assert.throws(() => counterfactualTwins(cohort, 5, plan(19)), /argument `plan`/);
    assert.throws(() => counterfactualTwins(cohort, 23, plan(1)), /argument `c` must be a whole number in \[0, 22\]/);
    for (const bad of [NaN, -1, Infinity])
      assert.throws(() => counterfactualTwins(cohort, 5, plan(2, bad)), /two finite doses >= 0/);
    assert.throws(
      () => concentrations(plan(2, NaN), new Float64Array(40)), /concentrations: argument `doses` must be finite/,
    );
    assert.throws(
      () => cancerPlan(historyAt(cohort.trajectories, 4), plan(2), Float64Array.of(3, 4, 5)), /argument `time`/,
    );
    assert.throws(() => slidingPlans(3, -1), /argument `horizon`/);
  });
});
