import assert from 'node:assert/strict';
import {historyAt, planAt, snapshot} from '../../../lib/data';
import {mean, ndarray, rng} from '../../../lib/math';
import {bayesFilter, bayesWeights, semiSyntheticFloor, semiSyntheticPlan} from '../../../lib/studies/semiSynthetic';
import {residualLaw} from '../../../lib/studies/semiSynthetic/references/expected';
import {near} from '../../math/law';
import {cohortOf, stays} from './small';

const C = 12, S = 6, N = 250, all = Int32Array.from({length: stays.stays.length}, (_, i) => i);

describe('references of the semi-synthetic study', () => {
  const cohort = cohortOf('informative', N, {}, 3), {trajectories: fact, world} = cohort;
  const twin = cohort.twins(C, semiSyntheticPlan('random', N, S, rng(2))).trajectories;
  const question = [historyAt(twin, C), planAt(twin, C, S)] as const, context = {rng: rng(1)};
  const errors = async (forecaster: ReturnType<typeof bayesFilter>, s: number) => {
    const {mean: {data}} = await (await forecaster.fit(fact, fact, context)).forecast(...question);
    return snapshot(twin.outcomes, C + s, 0).map((y, i) => data[i * S + s - 1] - y);
  };

  it('with confounders known at all times what is left is the law of path and noise', async () => {
    const {gain} = residualLaw(world, C), K = world.path.covariance.data, {noiseSd} = world.model;
    for (const s of [1, 3, 6]) {
      let variance = 0.25 + noiseSd ** 2;
      for (let k = 0; k <= C; k++) variance -= gain.data[(s - 1) * (C + 1) + k] * 0.25 * K[k * 49 + C + s];
      const left = await errors(semiSyntheticFloor(cohort, 'at all times'), s);
      near(left, 0, `bias at ${s}`);
      near(left.map(e => e * e), variance, `variance at ${s}`);
    }
  });

  it('each is worse than the one that is told more', async () => {
    for (const s of [1, 6]) {
      const rmse = async (f: ReturnType<typeof bayesFilter>) => Math.sqrt(mean((await errors(f, s)).map(e => e * e)));
      const full = await rmse(semiSyntheticFloor(cohort, 'at all times')),
        floor = await rmse(semiSyntheticFloor(cohort, 'up to t_c'));
      const bayes = await rmse(bayesFilter(world, all)), last = snapshot(twin.outcomes, C, 0);
      const persistence = Math.sqrt(mean(snapshot(twin.outcomes, C + s, 0).map((y, i) => (y - last[i]) ** 2)));
      assert.ok(full <= floor && full < bayes && bayes < persistence, `${[full, floor, bayes, persistence]}`);
    }
  });

  it('the Bayes filter is calibrated: what it gives to the truth is what it gives to its own draws', () => {
    const {data, shape: [, parts]} = bayesWeights(world, all, question[0]);
    const gap = Float64Array.from({length: N}, (_, i) => {
      const weights = data.subarray(i * parts, (i + 1) * parts);
      return weights[cohort.stays[i] * 3 + cohort.noise.spline[i]] - weights.reduce((sum, w) => sum + w * w, 0);
    });
    near(gap, 0, 'weight of the truth minus expected weight');
  });

  it('its forecasts are unbiased given any function of the record', async () => {
    const left = await errors(bayesFilter(world, all), 6), given = snapshot(fact.treatments, C - 1, 0);
    near(left, 0, 'error');
    for (const feature of [snapshot(fact.outcomes, C, 0), snapshot(fact.outcomes, 0, 0), given])
      near(left.map((e, i) => e * feature[i]), 0, 'error times feature');
  });

  it('treatments on record are evidence, planned ones are not', async () => {
    const [history] = question, {treatments} = history,
      flipped = ndarray(treatments.shape, treatments.data.map(a => 1 - a));
    assert.notDeepEqual(bayesWeights(world, all, history).data,
      bayesWeights(world, all, {...history, treatments: flipped}).data);
    const blind = cohortOf('informative', 20, {beta: 0}),
      fitted = await bayesFilter(blind.world, all).fit(fact, fact, context);
    const ask = (kind: 'always' | 'never') => fitted.forecast(historyAt(blind.trajectories, C), {
      time: planAt(blind.trajectories, C, S).time, treatments: semiSyntheticPlan(kind, 20, S),
    });
    assert.deepEqual((await ask('always')).mean, (await ask('never')).mean);
  });

  it('works for the released variant too, both columns alike', async () => {
    const released = cohortOf('released', 20), t = released.trajectories;
    for (const f of [bayesFilter(released.world, all), semiSyntheticFloor(released, 'up to t_c')]) {
      const {mean: {data}} = await (await f.fit(t, t, context)).forecast(historyAt(t, C), planAt(t, C, S));
      assert.ok(data.every(Number.isFinite));
      data.forEach((v, k) => k % 2 === 1 && assert.equal(v, data[k - 1]));
    }
  });

  it('a floor refuses patients of another cohort', async () => {
    const other = cohortOf('informative', 5, {}, 99).trajectories;
    const fitted = await semiSyntheticFloor(cohort, 'up to t_c').fit(fact, fact, context);
    await assert.rejects(fitted.forecast(historyAt(other, C), planAt(other, C, S)),
      /argument `history` must be of patients of the cohort/);
  });
});
