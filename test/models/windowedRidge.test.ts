import assert from 'node:assert/strict';
import {historyAt, planAt, targetsAt, trajectories, type Trajectories} from '../../lib/data';
import {bernoulli, fold, mean, ndarray, normal, rng} from '../../lib/math';
import {autoregression, persistence, windowedRidge, type Forecaster} from '../../lib/models';
import {example} from '../data/example';

const fit = (forecaster: Forecaster, train: Trajectories) => forecaster.fit(train, train, {rng: rng(0)});

/** A level that returns to 0 and is pushed up by a treatment; measured now and then, with a covariate that follows. */
function pushed(seed: number, {N = 60, T = 14, missing = 0.4} = {}): Trajectories {
  const source = rng(seed), a = Float64Array.from(bernoulli(fold(source, 'a'), N * T, 0.5));
  const noise = normal(fold(source, 'noise'), N * T, {sd: 0.1}), seen = bernoulli(fold(source, 'seen'), N * T, missing);
  const y = new Float64Array(N * T * 2), observed = new Float64Array(N * T * 2).fill(1);
  for (let i = 0; i < N; i++)
    for (let t = 0; t < T; t++) {
      const at = i * T + t;
      y[at * 2] = t === 0 ? 4 * noise[at] : 0.8 * y[at * 2 - 2] + 0.5 * a[at - 1] + noise[at];
      y[at * 2 + 1] = -y[at * 2];
      if (t > 0 && seen[at]) observed[at * 2] = 0;
    }
  return trajectories({
    name: 'pushed', timeUnit: 'h', time: Float64Array.from({length: T}, (_, t) => t),
    outcomes: ndarray([N, T, 2], y.map((v, k) => v * observed[k])), observed: ndarray([N, T, 2], observed),
    treatments: ndarray([N, T, 1], a), statics: ndarray([N, 0]),
    channels: {
      outcomes: [{name: 'level', unit: ''}, {name: 'mirror', unit: '', role: 'covariate'}],
      treatments: [{name: 'on', unit: ''}], statics: [],
    },
  });
}

async function error(forecaster: Forecaster, train: Trajectories, test: Trajectories): Promise<number> {
  const fitted = await fit(forecaster, train), squares: number[] = [];
  for (const c of [2, 5, 8]) {
    const {outcomes, observed} = targetsAt(test, c, 3), plan = planAt(test, c, 3);
    const {data} = (await fitted.forecast(historyAt(test, c), plan)).mean;
    data.forEach((v, k) => { if (k % 2 === 0 && observed.data[k]) squares.push((v - outcomes.data[k]) ** 2); });
  }
  return Math.sqrt(mean(squares));
}

describe('ridge over a window', () => {
  it('few units, gaps: beats the last value and a fit for each decision time; the plan helps', async () => {
    const train = pushed(1, {N: 25}), test = pushed(2, {N: 400});
    const [last, each, blind, seen] = await Promise.all([
      persistence, autoregression(), windowedRidge({plan: 'none'}), windowedRidge(),
    ].map(f => error(f, train, test)));
    assert.ok(seen < 0.7 * last && seen < each && seen < 0.8 * blind, `${[last, each, blind, seen]}`);
  });

  it('recovers an exact law where everything is measured', async () => {
    const train = pushed(3, {missing: 0, N: 300}), test = pushed(4, {missing: 0, N: 50});
    const fitted = await fit(windowedRidge({lambda: 1e-6}), train);
    const {data} = (await fitted.forecast(historyAt(test, 6), planAt(test, 6, 2))).mean;
    const {outcomes, treatments} = test;
    for (let i = 0; i < 50; i++) {
      const [y, a, b] = [outcomes.data[(i * 14 + 6) * 2], treatments.data[i * 14 + 6], treatments.data[i * 14 + 7]];
      // 0.8^2 y + 0.8 * 0.5 a + 0.5 b, up to the error of weights fitted to noise of 0.1.
      assert.ok(Math.abs(data[(i * 2 + 1) * 2] - (0.64 * y + 0.4 * a + 0.5 * b)) < 0.06);
    }
  });

  it('without the plan: other treatments to come change nothing', async () => {
    const data = pushed(5), fitted = await fit(windowedRidge({plan: 'none'}), data), plan = planAt(data, 4, 3);
    const other = {...plan, treatments: ndarray(plan.treatments.shape, plan.treatments.data.map(v => 1 - v))};
    const answer = async (p: typeof plan) => (await fitted.forecast(historyAt(data, 4), p)).mean;
    assert.deepEqual(await answer(other), await answer(plan));
  });

  it('uses only what was measured; covariates stay at their last value', async () => {
    const data = example(7, {N: 100});
    const other = {...data, outcomes: ndarray(data.outcomes.shape, data.outcomes.data.map((v, k) =>
      (data.observed.data[k] ? v : 1e5)))};
    const answer = async (world: Trajectories) =>
      (await (await fit(windowedRidge(), world)).forecast(historyAt(world, 3), planAt(world, 3, 2))).mean;
    assert.deepEqual(await answer(other), await answer(data));
    const world = pushed(6), {mean: said} = await (await fit(windowedRidge(), world))
      .forecast(historyAt(world, 5), planAt(world, 5, 2));
    for (let i = 0; i < 60; i++) {
      const last = world.outcomes.data[(i * 14 + 5) * 2 + 1];
      assert.ok(Math.abs(said.data[i * 4 + 1] - last) < 1e-9 && Math.abs(said.data[i * 4 + 3] - last) < 1e-9);
    }
  });

  it('equal seeds, equal forecasts; options out of range are named', async () => {
    const data = pushed(8), ask = [historyAt(data, 4), planAt(data, 4, 2)] as const;
    const [a, b] = await Promise.all([0, 1].map(async () =>
      (await (await fit(windowedRidge({rows: 100}), data)).forecast(...ask)).mean));
    assert.deepEqual(a, b);
    assert.throws(() => windowedRidge({lambda: 0}), /windowedRidge: argument `lambda` must be finite and above 0/);
    assert.throws(() => windowedRidge({window: 0}), /windowedRidge: argument `window`/);
    assert.throws(() => windowedRidge({plan: 'some' as 'all'}), /argument `plan` must be 'none' or 'all'/);
  });
});
