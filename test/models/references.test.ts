import assert from 'node:assert/strict';
import {historyAt, MissingDataError, planAt, targetsAt, type Plan} from '../../lib/data';
import {readPublishedCancer} from '../../lib/studies/cancer';
import {counterfactualPlans, evaluate} from '../../lib/evaluation';
import {publishedCancerProtocol} from '../../lib/studies/cancer';
import {ndarray, rng} from '../../lib/math';
import {
  autoregression, directBoosting, iteratedBoosting, oracle, persistence, perTimeMean, type Forecaster,
} from '../../lib/models';
import {mechanistic} from '../../lib/studies/cancer';
import {
  cancerCohort, counterfactualTwins, randomDoses, resimulate, softmaxPolicy, withoutNoise,
} from '../../lib/studies/cancer';
import {example} from '../data/example';
import {expectSeesOnlyHistoryAndPlan} from './noLeak';

const train = cancerCohort({patients: 200, rng: 1}), test = cancerCohort({patients: 40, rng: 2});
const fit = (forecaster: Forecaster) => forecaster.fit(train.trajectories, train.trajectories, {rng: rng(0)});
const small = {trees: 20, rows: 1500, window: 4};
const references: readonly (readonly [Forecaster, boolean])[] = [
  [persistence, false], [perTimeMean, false], [autoregression({plan: 'none'}), false],
  [autoregression({plan: 'current'}), true], [autoregression(), true],
  [autoregression({transform: ['log', 'identity']}), true],
  [directBoosting(small), true], [iteratedBoosting(small), true], [mechanistic({draws: 16}), true],
  [oracle(test), true],
];

describe('every reference forecaster', () => {
  for (const [forecaster, usesPlan] of references) {
    it(`${forecaster.name} (${forecaster.information}) sees history and plan only${usesPlan ? '' : ', and is blind '
      + 'to the plan'}`, async () =>
      expectSeesOnlyHistoryAndPlan(await fit(forecaster), test.trajectories, {usesPlan}));

    it(`${forecaster.name} answers in shape, at the plan's times, and the same each time`, async () => {
      const fitted = await fit(forecaster), history = historyAt(test.trajectories, 5);
      const plan = planAt(test.trajectories, 5, 4), {mean, time} = await fitted.forecast(history, plan);
      assert.deepEqual([mean.shape, [...(time as Float64Array)]], [[40, 4, 2], [6, 7, 8, 9]]);
      assert.ok(mean.data.every(Number.isFinite));
      assert.deepEqual((await fitted.forecast(history, plan)).mean, mean);
      assert.deepEqual((await (await fit(forecaster)).forecast(history, plan)).mean, mean);
    });

    it(`${forecaster.name} refuses plans of a wrong shape, with NaN doses, without steps or from `
        + `another time`, async () => {
      const fitted = await fit(forecaster), history = historyAt(test.trajectories, 5);
      const plan = planAt(test.trajectories, 5, 2);
      const refuses = (change: Partial<Plan>, message: RegExp) =>
        assert.rejects(async () => fitted.forecast(history, {...plan, ...change}), message);
      await refuses(
        {treatments: ndarray([40, 2, 3])}, /\.forecast: argument `plan\.treatments` must be of shape \[40, s, 2\]/,
      );
      await refuses({treatments: ndarray([39, 2, 2])}, /argument `plan\.treatments`/);
      await refuses(
        {treatments: ndarray([40, 2, 2], plan.treatments.data.map((v, k) => (k === 9 ? NaN : v)))},
        /finite everywhere; received NaN.*flat index 9/,
      );
      await refuses({treatments: ndarray([40, 0, 2]), time: plan.time.slice(0, 1)}, /argument `plan\.time`/);
      await refuses({time: Float64Array.of(4, 5, 6)}, /increasing from t_c = 5/);
      await refuses({time: Float64Array.of(5, 7, 6)}, /argument `plan\.time`/);
    });
  }
});

describe('persistence', () => {
  it('carries the last measured value forward over gaps; an outcome never measured gets its '
      + 'training mean', async () => {
    const data = example(4, {N: 30, observedShare: 0.4}), fitted = await persistence.fit(data, data, {rng: rng(0)});
    const history = historyAt(data, 2), {mean} = await fitted.forecast(history, planAt(data, 2, 2));
    const average = [0, 1].map(j => data.outcomes.data.reduce((sum, v, k) => sum + (k % 2 === j ? v : 0), 0)
      / data.observed.data.reduce((sum, v, k) => sum + (k % 2 === j ? v : 0), 0));
    for (let i = 0; i < 30; i++)
      for (const j of [0, 1]) {
        const seen = [2, 1, 0].find(t => history.observed.data[(i * 3 + t) * 2 + j] === 1);
        const expected = seen === undefined ? average[j] : history.outcomes.data[(i * 3 + seen) * 2 + j];
        for (const k of [0, 1]) assert.ok(Math.abs(mean.data[(i * 2 + k) * 2 + j] - expected) < 1e-12);
      }
  });
});

describe('mean per time', () => {
  it('is the mean of the measured training values at the time asked for, interpolated in between', async () => {
    const data = example(5, {N: 50}), fitted = await perTimeMean.fit(data, data, {rng: rng(0)});
    const history = historyAt(data, 1);
    const at = (t: number) => [0, 1].map(j => {
      const sum = (a: Float64Array) =>
        Array.from({length: 50}, (_, i) => a[(i * 9 + t) * 2 + j]).reduce((x, y) => x + y, 0);
      return sum(data.outcomes.data) / sum(data.observed.data);
    });
    const middle = (data.time[2] + data.time[3]) / 2;
    const {mean} = await fitted.forecast(history, {
      time: Float64Array.of(data.time[1], data.time[2], middle), treatments: ndarray([50, 2, 3]),
    });
    [...at(2), ...at(2).map((v, j) => (v + at(3)[j]) / 2)].forEach((v, k) =>
      assert.ok(Math.abs(mean.data[k] - v) < 1e-12));
    await assert.rejects(
      fitted.forecast(history, {time: Float64Array.of(data.time[1], 99), treatments: ndarray([50, 1, 3])}),
      /within the training times/,
    );
  });
});

describe('autoregression', () => {
  it('finds an exactly linear rule', async () => {
    const data = example(6, {N: 400, observedShare: 1}), at = (i: number, t: number) => (i * 9 + t) * 2;
    const outcomes = ndarray(data.outcomes.shape, data.outcomes.data.slice());
    for (let i = 0; i < 400; i++)
      for (let t = 0; t < 8; t++) {
        outcomes.data[at(i, t + 1)] = 0.8 * outcomes.data[at(i, t)] - 0.5 * data.treatments.data[(i * 9 + t) * 3] + 1;
        outcomes.data[at(i, t + 1) + 1] = outcomes.data[at(i, t) + 1] + 0.3 * outcomes.data[at(i, t)];
      }
    const linear = {...data, outcomes};
    const fitted = await autoregression({lambda: 1e-9}).fit(linear, linear, {rng: rng(0)});
    const {mean} = await fitted.forecast(historyAt(linear, 2), planAt(linear, 2, 4));
    targetsAt(linear, 2, 4).outcomes.data.forEach((v, k) => assert.ok(Math.abs(mean.data[k] - v) < 1e-6));
  });

  it('uses only measured targets and tolerates gaps in the history', async () => {
    const data = example(7, {N: 200}), fitted = await autoregression().fit(data, data, {rng: rng(0)});
    const hidden = {
      ...data,
      outcomes: ndarray(data.outcomes.shape, data.outcomes.data.map((v, k) => (data.observed.data[k] ? v : 1e5))),
    };
    const other = await autoregression().fit(hidden, hidden, {rng: rng(0)});
    const ask = [historyAt(data, 3), planAt(data, 3, 2)] as const;
    assert.deepEqual((await other.forecast(...ask)).mean, (await fitted.forecast(...ask)).mean);
  });

  it('leaves an outcome at its last value that no training unit has then, as covariates', async () => {
    const data = example(8, {N: 60}), [N, T, dy] = data.outcomes.shape;
    const late = (k: number) => Math.floor(k / dy) % T === 5;
    const never = ndarray([N, T, dy], data.observed.data.map((v, k) => (late(k) && k % dy === 0 ? 0 : v)));
    const [{name, unit}, other] = data.channels.outcomes;
    const read = {name, unit, role: 'covariate' as const};
    const covariate = {...data, channels: {...data.channels, outcomes: [read, other]}};
    for (const set of [{...data, observed: never}, covariate]) {
      const fitted = await autoregression().fit(set, set, {rng: rng(0)}), history = historyAt(set, 3);
      const {mean} = await fitted.forecast(history, planAt(set, 3, 2));
      const still = await (await persistence.fit(set, set, {rng: rng(0)})).forecast(history, planAt(set, 3, 2));
      const value = ({data: values}: typeof mean, j: number) => Array.from(values).filter((_, k) =>
        k % dy === j && Math.floor(k / dy) % 2 === 1);
      const [got, last] = [0, 1].map(j => [value(mean, j), value(still.mean, j)]);
      got[0].forEach((v, i) => assert.ok(Math.abs(v - got[1][i]) < 1e-9, `${v}, ${got[1][i]}`));
      assert.ok(last[0].some((v, i) => Math.abs(v - last[1][i]) > 1e-3), 'the other outcome is regressed');
    }
  });

  it('refuses a penalty of 0, an unknown plan option and times it was not trained at', async () => {
    assert.throws(() => autoregression({lambda: 0}), /autoregression: argument `lambda`/);
    assert.throws(() => autoregression({plan: 'some' as 'all'}), /argument `plan`/);
    const fitted = await fit(autoregression());
    await assert.rejects(
      fitted.forecast(historyAt(test.trajectories, 5), {
        time: Float64Array.of(5, 5.5), treatments: ndarray([40, 1, 2]),
      }),
      /autoregression\.forecast: argument `plan\.time` must be on the times that it knows, 6 at index 6; received 5\.5/,
    );
    const beyond = {time: Float64Array.of(23, 24), treatments: ndarray([40, 1, 2])};
    await assert.rejects(
      fitted.forecast(historyAt(test.trajectories, 23), beyond),
      /argument `plan\.time` must be up to 23, where its training data end/,
    );
  });
});

describe('mechanistic Bayes', () => {
  it('forecasts noise-free patients almost exactly once it has seen enough of them, factual or not', async () => {
    const quiet = resimulate(test, softmaxPolicy(4), {noise: withoutNoise(test.noise)});
    const fitted = await fit(mechanistic({draws: 64}));
    const twins = counterfactualTwins(quiet, 14, randomDoses(40, 3, rng(3))).trajectories;
    for (const data of [quiet.trajectories, twins]) {
      const {mean} = await fitted.forecast(historyAt(data, 14), planAt(data, 14, 3));
      const last = historyAt(data, 14).outcomes.data, truth = targetsAt(data, 14, 3).outcomes.data;
      const off = (j: number) => Math.max(...Array.from(truth, (v, k) =>
        (k % 2 === j ? Math.abs(mean.data[k] - v) / last[(Math.floor(k / 6) * 15 + 14) * 2 + j] : 0)));
      assert.ok(off(0) < 0.05 && off(1) < 0.005, `volume ${off(0)}, weight ${off(1)}`);
    }
  });

  it('knows the population before it knows the patient: from one outcome it beats persistence', async () => {
    const protocol = {...publishedCancerProtocol(train.trajectories), decisions: [0], until: undefined, horizon: 6};
    const [bayes, last] = await Promise.all([mechanistic(), persistence].map(async f =>
      (await evaluate(await fit(f), test.trajectories, protocol)).cells));
    bayes.forEach((cell, k) => assert.ok(
      cell.rmse < last[k].rmse, `${cell.outcome}, s = ${cell.horizon}: ${cell.rmse} against ${last[k].rmse}`,
    ));
  });

  it('refuses other data', async () => {
    const data = example(1);
    await assert.rejects(mechanistic().fit(data, data, {rng: rng(0)}), /trajectories of the cancer simulator/);
    assert.throws(() => mechanistic({draws: 1}), /argument `draws`/);
  });
});

describe('oracle', () => {
  for (const variant of ['released', 'printed'] as const)
    it(`is exact when there is no noise, factual or not (${variant})`, async () => {
      const noisy = cancerCohort({patients: 30, variant, rng: 4});
      const cohort = resimulate(noisy, () => [2, 1], {noise: withoutNoise(noisy.noise)});
      const fitted = await fit(oracle(cohort));
      for (const data of [
        cohort.trajectories, counterfactualTwins(cohort, 3, randomDoses(30, 5, rng(1))).trajectories,
      ]) {
        const {mean} = await fitted.forecast(historyAt(data, 3), planAt(data, 3, 5));
        assert.deepEqual(mean, targetsAt(data, 3, 5).outcomes);
      }
    });

  it('refuses patients it does not know', async () => {
    const stranger = cancerCohort({patients: 3, rng: 99}).trajectories;
    await assert.rejects(
      (await fit(oracle(test))).forecast(historyAt(stranger, 2), planAt(stranger, 2, 1)),
      /oracle\.forecast: argument `history` must be of units of the cohort/,
    );
  });

  it('beats every method that has to learn', async () => {
    const protocol = {...publishedCancerProtocol(train.trajectories), decisions: [8], horizon: 6};
    const score = async (f: Forecaster) => (await evaluate(await fit(f), test.trajectories, protocol)).cells;
    const floor = await score(oracle(test));
    const sum = (cells: typeof floor) => cells.reduce((total, cell) => total + cell.rmse, 0);
    for (const [other] of references.slice(0, -1)) assert.ok(sum(floor) < sum(await score(other)), other.name);
  });
});

describe('references on the published cohorts, gamma 4, last index 8', () => {
  const scores = async (forecaster: Forecaster) => {
    const train = readPublishedCancer('train');
    const fitted = await forecaster.fit(train, readPublishedCancer('val'), {rng: rng(0)});
    const {cells} = await evaluate(fitted, readPublishedCancer('test'), {
      ...publishedCancerProtocol(train), decisions: [8], horizon: 6,
    });
    return {
      volume: cells.filter(c => c.outcome === 'tumour volume').map(c => c.rmse),
      weight: cells.filter(c => c.outcome === 'body weight').map(c => c.rmse),
    };
  };
  const near = (got: readonly number[], want: readonly number[]) =>
    got.forEach((v, k) => assert.ok(Math.abs(v - want[k]) <= 0.00051, `s = ${k + 1}: ${v} against ${want[k]}`));
  const known: readonly (readonly [Forecaster, readonly number[], readonly number[]])[] = [
    [persistence, [0.062, 0.105, 0.137, 0.162, 0.183, 0.199], [0.072, 0.134, 0.19, 0.24, 0.286, 0.328]],
    [
      autoregression({plan: 'current'}), [0.015, 0.027, 0.032, 0.034, 0.035, 0.036],
      [0.01, 0.03, 0.046, 0.058, 0.068, 0.076],
    ],
    [autoregression(), [0.015, 0.021, 0.024, 0.025, 0.026, 0.026], [0.01, 0.015, 0.02, 0.024, 0.027, 0.031]],
  ];
  const orSkip = (test: Mocha.Context, forecaster: Forecaster) => scores(forecaster).catch((error: Error) => {
    if (!(error instanceof MissingDataError)) throw error;
    console.log(`      skipped: ${error.message.split('\n')[0]}`);
    return test.skip();
  });

  for (const [forecaster, volume, weight] of known)
    it(`${forecaster.name} reproduces independently computed errors to three digits`, async function () {
      const got = await orSkip(this, forecaster);
      near(got.volume, volume);
      near(got.weight, weight);
    });

  it('mechanistic Bayes reaches 0.0065 at s = 6', async function () {
    const got = await orSkip(this, mechanistic());
    assert.ok(got.volume[5] < 0.0066, `${got.volume}`);
  });
});

describe('references under plans that nobody chose', () => {
  it('those that know the equations err at most 1.5 times as much as under the plans given', async () => {
    const cohort = cancerCohort({patients: 400, rng: 5});
    const factual = {...publishedCancerProtocol(train.trajectories), decisions: [8], horizon: 6};
    const twins = counterfactualTwins(cohort, 8, randomDoses(400, 6, rng(6))).trajectories;
    const other = {...factual, plans: counterfactualPlans('random doses', () => [twins])};
    for (const forecaster of [mechanistic(), oracle(cohort)]) {
      const fitted = await fit(forecaster);
      const error = async (protocol: typeof factual) =>
        (await evaluate(fitted, cohort.trajectories, protocol)).cells.reduce((sum, cell) => sum + cell.rmse, 0);
      assert.ok(await error(other) < 1.5 * await error(factual), forecaster.name);
    }
  });
});
