import assert from 'node:assert/strict';
import {diagnose, effectiveShare, evaluate, failedFit, protocol, unscaled} from '../../lib/evaluation';
import {cancerPlans} from '../../lib/studies/cancer';
import {ndarray, rng} from '../../lib/math';
import {
  oracle, autoregression, perTimeMean, persistence, type FittedForecaster, type Forecaster,
} from '../../lib/models';
import {cancerCohort, cancerDoseLevels, factualDoses} from '../../lib/studies/cancer';
import {historyAt} from '../../lib/data';
import {DivergenceError} from '../../lib/training';

const train = cancerCohort({patients: 300, rng: 1}).trajectories, cohort = cancerCohort({patients: 200, rng: 2});
const test = cohort.trajectories;
const plans = cancerPlans(cohort, 'random', {rng: rng(3), draws: 4});
const fit = (forecaster: Forecaster) => forecaster.fit(train, train, {rng: rng(0)});
const failures = async (fitted: FittedForecaster) => (await diagnose(fitted, test, {plans})).map(f => f.failure);

describe('diagnose', () => {
  it('finds nothing wrong with the oracle and a regression that sees the plan', async () => {
    assert.deepEqual(await failures(await fit(oracle(cohort))), []);
    assert.deepEqual(await failures(await fit(autoregression())), []);
  });

  it('finds the mean, the last value and blindness to the plan', async () => {
    assert.deepEqual(await failures(await fit(perTimeMean)), ['collapsed to the mean', 'blind to the plan']);
    assert.deepEqual(await failures(await fit(persistence)), ['collapsed to the last value', 'blind to the plan']);
    assert.deepEqual(await failures(await fit(autoregression({plan: 'none'}))), ['blind to the plan']);
  });

  it('finds forecasts that are not numbers before judging their spread', async () => {
    const inner = await fit(persistence);
    const broken: FittedForecaster = {...inner, forecast: async (h, p) => {
      const {time, mean} = await inner.forecast(h, p);
      return {time, mean: ndarray(mean.shape, mean.data.map((v, i) => (i < 40 ? NaN : v)))};
    }};
    const [finding] = await diagnose(broken, test);
    assert.equal(finding.failure, 'not finite');
    assert.match(finding.evidence, /^\d+ forecasts are not finite$/);
  });

  it('finds forecasts that run away, in few units too', async () => {
    const inner = await fit(autoregression());
    const wild: FittedForecaster = {...inner, forecast: async (h, p) => {
      const {time, mean} = await inner.forecast(h, p);
      return {time, mean: ndarray(mean.shape, mean.data.map((v, i) => (i < 5 * p.treatments.shape[1] * 2 ? 1e5 : v)))};
    }};
    assert.deepEqual((await diagnose(wild, test)).map(f => f.failure), ['ran away']);
  });

  it('finds weights of which few count, and says what to do', async () => {
    const weights = Array.from({length: 100}, (_, i) => (i < 3 ? 1 : 1e-4)), regression = await fit(autoregression());
    const weighed = (all: readonly number[]) => ({...regression, weigh: () => Promise.resolve(Float64Array.from(all))});
    const [finding] = await diagnose(weighed(weights), test);
    assert.deepEqual([finding.failure, finding.evidence], [
      'exploding weights', 'the weighted rows say as much as 3.0 % of them would unweighted',
    ]);
    assert.match(finding.advice, /Truncate/);
    assert.deepEqual(await failures(weighed(new Array<number>(100).fill(2))), []);
    assert.equal(effectiveShare([5, 5]), 1);
    assert.throws(() => effectiveShare([1, NaN]), /argument `weights`/);
  });

  it('keeps the reason of a training that diverged', () => {
    const {forecaster, failure, evidence} = failedFit('CRN', new DivergenceError(2, 70, 0.1));
    assert.deepEqual([forecaster, failure], ['CRN', 'diverged']);
    assert.match(evidence, /epoch 2 at step 70/);
  });

  it('refuses bad questions', async () => {
    const fitted = await fit(persistence);
    await assert.rejects(diagnose(fitted, test, {decision: 20}), /diagnose: argument `horizon` must be in \[1, 3\]/);
    await assert.rejects(diagnose(fitted, test, {share: 0}), /argument `share`/);
  });
});

describe('counterfactual test sets', () => {
  const plansOf = (kind: 'one step' | 'sliding' | 'random', options = {}) =>
    cancerPlans(cohort, kind, {rng: rng(5), ...options}).at(test, 8);

  it('one step asks about all 16 pairs of doses', () => {
    const worlds = plansOf('one step');
    assert.equal(worlds.length, 16);
    assert.ok(worlds.every(world => world.outcomes.shape[1] === 10));
    assert.equal(new Set(worlds.map(world => world.treatments.data.subarray(8 * 2, 9 * 2).join())).size, 16);
  });

  it('sliding asks about two plans a step, random about as many as wanted, none beyond the end of the series', () => {
    assert.equal(plansOf('sliding', {horizon: 4}).length, 8);
    assert.equal(plansOf('random', {draws: 3}).length, 3);
    assert.ok(cancerPlans(cohort, 'sliding', {horizon: 6}).at(test, 20).every(world => world.outcomes.shape[1] === 24));
  });

  it('shares past, patients and noise between branches: they differ only from the decision on', () => {
    for (const world of plansOf('random', {draws: 2}))
      assert.deepEqual(historyAt(world, 8).outcomes, historyAt(test, 8).outcomes);
    const doses = factualDoses(cohort, 8, 1), worlds = plansOf('one step');
    for (let i = 0; i < 20; i++) {
      const k =
        cancerDoseLevels.chemo.indexOf(doses.data[2 * i]) * 4 + cancerDoseLevels.radio.indexOf(doses.data[2 * i + 1]);
      assert.equal(
        worlds[k].outcomes.data[(i * 10 + 9) * 2], test.outcomes.data[(i * 24 + 9) * 2],
        'the branch with the doses in fact given is what happened',
      );
    }
  });

  it('one generator asks about one set of doses, another about another', () => {
    const first = plansOf('random')[0].treatments;
    const other = cancerPlans(cohort, 'random', {rng: rng(6)}).at(test, 8)[0].treatments;
    assert.deepEqual(plansOf('random')[0].treatments, first);
    assert.notDeepEqual(other, first);
  });

  it('is scored like any other protocol, under its own name', async () => {
    const sliding = protocol({
      name: 'p', decisions: [8], horizon: 3, scaling: unscaled(2), plans: cancerPlans(cohort, 'sliding', {horizon: 3}),
    });
    const {cells, protocol: {plans: {name}}} = await evaluate(await fit(oracle(cohort)), test, sliding);
    assert.equal(name, 'counterfactual: sliding doses');
    assert.equal(cells.filter(c => c.outcome === 'tumour volume').length, 3);
  });

  it('refuses random doses without a generator', () => {
    assert.throws(
      () => cancerPlans(cohort, 'random'), /cancerPlans: argument `rng` must be a generator for random doses/,
    );
    assert.throws(() => cancerPlans(cohort, 'all' as never), /argument `kind`/);
  });
});
