import assert from 'node:assert/strict';
import {historyAt, planAt, targetTimes, type History, type Plan, type Trajectories} from '../../lib/data';
import {lastObserved} from '../../lib/data/last';
import {fold, ndarray, normal, rng} from '../../lib/math';
import {persistence, tempered, type FittedForecaster, type Forecaster} from '../../lib/models';
import {example} from '../data/example';
import {irregular} from '../data/irregular';
import {expectSeesOnlyHistoryAndPlan} from './noLeak';

const N = 60, T = 9, SLOPES = normal(rng(8), N), decisions = [2, 3, 4];

/** Outcome a rises by the unit's own slope, with noise; b is noise alone. */
const data: Trajectories = (() => {
  const base = example(3, {N, observedShare: 1}), noise = normal(rng(9), N * T * 2), values = ndarray([N, T, 2]);
  for (let i = 0; i < N; i++) for (let t = 0; t < T; t++) {
    values.data[(i * T + t) * 2] = SLOPES[i] * t + 0.1 * noise[(i * T + t) * 2];
    values.data[(i * T + t) * 2 + 1] = noise[(i * T + t) * 2 + 1];
  }
  return {...base, time: Float64Array.from({length: T}, (_, t) => t), outcomes: values};
})();

/** Forecasts twice the slope for a, and for b random changes that have nothing to do with it; two draws apart by 1. */
const boaster: Forecaster = (() => {
  const name = 'boaster', information = 'history' as const;
  async function forecast(history: History, plan: Plan) {
    const [n, , dy] = history.outcomes.shape, s = plan.treatments.shape[1], last = lastObserved(history, [0, 0]);
    const random = normal(fold(rng(4), history.outcomes.shape[1]), n * s);
    const mean = ndarray([n, s, dy], Float64Array.from({length: n * s * dy}, (_, k) => {
      const i = Math.floor(k / (s * dy)), step = Math.floor(k / dy) % s, j = k % dy;
      return last.data[i * dy + j] + (j === 0 ? 2 * SLOPES[i] * (step + 1) : random[Math.floor(k / dy)]);
    }));
    const apart = Float64Array.of(...mean.data.map(v => v - 0.5), ...mean.data.map(v => v + 0.5));
    const samples = ndarray([2, n, s, dy], apart);
    return {time: targetTimes(plan), mean, samples};
  }
  const fitted: FittedForecaster = {name, information, forecast};
  return {name, information, fit: async () => fitted};
})();

const fit = (caution?: number) =>
  tempered(boaster, {decisions, horizon: 3, caution}).fit(data, data, {rng: rng(0)});

describe('a method trusted as far as validation units bear it out', () => {
  it('keeps half of a change that is twice too large, and nearly nothing of one that is noise', async () => {
    const {shares: [a, b]} = await fit();
    assert.ok(Math.abs(a - 0.5) < 0.02, `${a}`);
    assert.ok(b >= 0 && b < 0.05, `${b}`);
  });

  it('answers the last value and that share of the change', async () => {
    const question = [historyAt(data, 4), planAt(data, 4, 2)] as const, fitted = await fit();
    const whole = await (await boaster.fit(data, data, {rng: rng(0)})).forecast(...question);
    const {mean} = await fitted.forecast(...question), last = lastObserved(question[0], [0, 0]).data;
    mean.data.forEach((v, k) => {
      const from = last[Math.floor(k / 4) * 2 + k % 2];
      assert.ok(Math.abs(v - from - fitted.shares[k % 2] * (whole.mean.data[k] - from)) < 1e-12);
    });
  });

  it('moves draws without bringing them nearer to each other', async () => {
    const {mean, samples} = await (await fit()).forecast(historyAt(data, 4), planAt(data, 4, 2));
    const n = mean.data.length;
    mean.data.forEach((v, k) => {
      assert.ok(Math.abs(samples!.data[k] - v + 0.5) < 1e-12 && Math.abs(samples!.data[n + k] - v - 0.5) < 1e-12);
    });
  });

  it('takes off as many standard errors as asked', async () => {
    const [none, one, two] = await Promise.all([0, 1, 2].map(async caution => (await fit(caution)).shares[0]));
    assert.ok(none > one && Math.abs(none - one - (one - two)) < 1e-12, `${none} ${one} ${two}`);
  });

  it('is the last value where that is all that was forecast, for units with times of their own as well', async () => {
    const own = irregular(1, {N: 12}), rule = {decisions: [1, 2, 30], horizon: 3};
    const fitted = await tempered(persistence, rule).fit(own, own, {rng: rng(0)});
    assert.deepEqual(fitted.shares, [1, 1]);
    const question = [historyAt(own, 1), planAt(own, 1, 2)] as const;
    const bare = await (await persistence.fit(own, own, {rng: rng(0)})).forecast(...question);
    assert.deepEqual((await fitted.forecast(...question)).mean, bare.mean);
  });

  it('sees nothing but history and plan', async () =>
    expectSeesOnlyHistoryAndPlan(await fit(), data, {usesPlan: false}));

  it('refuses what makes no sense, by name', async () => {
    assert.throws(() => tempered(boaster, {decisions: [], horizon: 3}), /tempered: argument `number of decisions`/);
    assert.throws(() => tempered(boaster, {decisions, horizon: 3, caution: -1}), /tempered: argument `caution`/);
    await assert.rejects(tempered(boaster, {decisions: [40], horizon: 3}).fit(data, data, {rng: rng(0)}),
      /tempered: argument `validation` must be with a measured target/);
  });
});
