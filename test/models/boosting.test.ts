import assert from 'node:assert/strict';
import {historyAt, planAt, targetsAt, trajectories, type Trajectories} from '../../lib/data';
import {bernoulli, fold, mean, ndarray, normal, rng, type NdArray} from '../../lib/math';
import {
  autoregression, directBoosting, iteratedBoosting, type BoostingOptions, type Forecaster,
} from '../../lib/models';
import {twoStepCohort, twoStepRegression, twoStepTruth} from '../../lib/studies/twoStep';
import {example} from '../data/example';

const small: BoostingOptions = {trees: 15, minLeaf: 3, window: 3};
const fit = (forecaster: Forecaster, train: Trajectories, validation = train) =>
  forecaster.fit(train, validation, {rng: rng(0)});

/** Treated or not at random; a treatment adds 1 while the level is below 0, and takes 1 off above. */
function thermostat(seed: number, N = 500, T = 7): Trajectories {
  const source = rng(seed), a = Float64Array.from(bernoulli(fold(source, 'a'), N * T, 0.5));
  const start = normal(source, N), noise = normal(fold(source, 'noise'), N * T, {sd: 0.02});
  const y = new Float64Array(N * T);
  for (let i = 0; i < N; i++)
    for (let t = 0, at = i * T; t < T; t++, at++)
      y[at] = t === 0 ? start[i] : y[at - 1] - a[at - 1] * Math.sign(y[at - 1]) + noise[at];
  return trajectories({
    name: 'thermostat', timeUnit: 'h', time: Float64Array.from({length: T}, (_, t) => t),
    outcomes: ndarray([N, T, 1], y), observed: ndarray([N, T, 1], new Float64Array(N * T).fill(1)),
    treatments: ndarray([N, T, 1], a), statics: ndarray([N, 0]),
    channels: {outcomes: [{name: 'level', unit: ''}], treatments: [{name: 'on', unit: ''}], statics: []},
  });
}

const rmse = (got: Float64Array, want: Float64Array) => Math.sqrt(mean(got.map((v, k) => (v - want[k]) ** 2)));

/** The same units with other outcomes. */
const changed = (data: Trajectories, change: (v: number, at: number) => number): Trajectories =>
  ({...data, outcomes: ndarray(data.outcomes.shape, data.outcomes.data.map(change))});

describe('boosted trees', () => {
  for (const make of [directBoosting, iteratedBoosting]) {
    const {name} = make();

    it(`${name}: learn a rule that is not linear, where ridge cannot`, async () => {
      const train = thermostat(1), validation = thermostat(3), test = thermostat(2);
      const fits = await Promise.all([make(), autoregression()].map(f => fit(f, train, validation)));
      for (const [steps, share] of [[1, 0.25], [3, 0.75]] as const) {
        const {data} = targetsAt(test, 2, steps).outcomes, ask = [historyAt(test, 2), planAt(test, 2, steps)] as const;
        const errors = fits.map(async f => rmse((await f.forecast(...ask)).mean.data, data));
        const [trees, linear] = await Promise.all(errors);
        assert.ok(trees < share * linear, `${steps}: ${trees} against ${linear}`);
      }
    });

    it(`${name}: use only measured targets, and nothing that stands where an outcome was not measured`, async () => {
      const data = example(7, {N: 100}), other = changed(data, (v, at) => (data.observed.data[at] ? v : 1e5));
      const answer = async (world: Trajectories) =>
        (await (await fit(make(small), world)).forecast(historyAt(world, 3), planAt(world, 3, 2))).mean;
      assert.deepEqual(await answer(other), await answer(data));
    });

    it(`${name}: answer histories shorter and longer than the window, and longer than in training`, async () => {
      const fitted = await fit(make(small), thermostat(1, 100, 7)), longer = thermostat(2, 20, 12);
      for (const c of [0, 1, 2, 9]) {
        const {mean} = await fitted.forecast(historyAt(longer, c), planAt(longer, c, 2));
        assert.deepEqual([mean.shape, mean.data.every(Number.isFinite)], [[20, 2, 1], true]);
      }
    });

    it(`${name}: draw at most \`rows\` examples, by the generator given`, async () => {
      const data = thermostat(1), ask = [historyAt(data, 2), planAt(data, 2, 2)] as const;
      const answer = async (options: BoostingOptions, seed: number) =>
        (await (await make({...small, ...options}).fit(data, data, {rng: rng(seed)})).forecast(...ask)).mean.data;
      assert.deepEqual(await answer({rows: 100}, 1), await answer({rows: 100}, 1));
      assert.notDeepEqual(await answer({rows: 100}, 1), await answer({rows: 100}, 2));
      assert.deepEqual(await answer({}, 1), await answer({}, 2), 'nothing is random when all examples are used');
    });

    it(`${name}: refuse options out of range`, () => {
      const bad = {window: 0, trees: 1.5, rate: 2, maxDepth: 0, minLeaf: 0, rows: 0};
      for (const [argument, value] of Object.entries(bad))
        assert.throws(() => make({[argument]: value}), new RegExp(`Boosting: argument \`${argument}\``));
    });

    it(`${name}: refuse steps that they never saw and data that say nothing, and stop when told to`, async () => {
      const data = thermostat(1, 50), fitted = await fit(make(small), data), history = historyAt(data, 2);
      const odd = {time: Float64Array.of(2, 2.5), treatments: ndarray([50, 1, 1])};
      await assert.rejects(
        fitted.forecast(history, odd), /Boosting\.forecast: argument `plan\.time` must be in steps of \[1, 1\]/,
      );
      const never = {...data, observed: ndarray([50, 7, 1], data.observed.data.map((_, k) => Number(k % 7 === 0)))};
      await assert.rejects(
        (await fit(make(small), never)).forecast(history, planAt(data, 2, 1)),
        /Boosting\.fit: argument `train` must be measured in outcome 0, 1 steps after some time/,
      );
      const stopped = await make(small).fit(data, data, {rng: rng(0), signal: AbortSignal.abort()});
      await assert.rejects(stopped.forecast(history, planAt(data, 2, 1)), {name: 'AbortError'});
    });
  }

  it('are the same for one step ahead', async () => {
    const data = example(8, {N: 60}), ask = [historyAt(data, 3), planAt(data, 3, 1)] as const;
    const direct = await fit(directBoosting(small), data), iterated = await fit(iteratedBoosting(small), data);
    assert.deepEqual((await iterated.forecast(...ask)).mean, (await direct.forecast(...ask)).mean);
  });

  it('iterated: two steps are one step from what one step answered', async () => {
    const data = thermostat(4, 50), fitted = await fit(iteratedBoosting(small), data);
    const {mean: both} = await fitted.forecast(historyAt(data, 2), planAt(data, 2, 2));
    const supposed = changed(data, (v, at) => (at % 7 === 3 ? both.data[2 * Math.floor(at / 7)] : v));
    const {mean: second} = await fitted.forecast(historyAt(supposed, 3), planAt(supposed, 3, 1));
    assert.deepEqual(second.data, both.data.filter((_, k) => k % 2 === 1));
  });

  it('where treatment answers outcomes, steps give what a plan does, the direct way what was recorded', async () => {
    const data = twoStepCohort(rng(1), {units: 10_000}).trajectories, N = 300;
    const history = historyAt(data, 0, {units: Array.from({length: N}, (_, i) => i)});
    const always = ndarray([N, 2, 1], new Float64Array(2 * N).fill(1)), plan = {time: data.time, treatments: always};
    // Beyond one standard deviation there are few examples.
    const inside = (answers: NdArray) =>
      answers.data.filter((_, at) => at % 2 === 1 && Math.abs(history.outcomes.data[(at - 1) / 2]) < 1);
    const answer = async (make: typeof directBoosting) =>
      inside((await (await fit(make({trees: 50, minLeaf: 100}), data)).forecast(history, plan)).mean);
    const truth = inside(twoStepTruth(history, plan)), recorded = inside(twoStepRegression(history, plan));
    const iterated = await answer(iteratedBoosting), direct = await answer(directBoosting);
    const apart = rmse(truth, recorded);
    assert.ok(rmse(iterated, truth) < 0.25 * apart, `${rmse(iterated, truth)} of ${apart}`);
    assert.ok(rmse(direct, recorded) < 0.25 * apart, `${rmse(direct, recorded)} of ${apart}`);
  });
});
