import assert from 'node:assert/strict';
import {historyAt, planAt} from '../../lib/data';
import {
  compare, coverage, crps, evaluate, heatmap, intervalScore, mae, overSeeds, protocol, rmse,
} from '../../lib/evaluation';
import {mean, ndarray, normal, rng} from '../../lib/math';
import {persistence, type FittedForecaster} from '../../lib/models';
import {example} from '../data/example';

const data = example(3, {N: 40}), scaling = {name: 'odd', divisors: [2, 5]};
const asked = protocol({name: 'p', decisions: [1, 4], horizon: 3, scaling});

/** Answers `mean` and normal draws around it. */
const drawing = (S: number, name = 'drawing'): FittedForecaster => ({
  name, information: 'none',
  async forecast(history, plan) {
    const [N, s] = plan.treatments.shape, dy = history.outcomes.shape[2], shape = [N, s, dy], n = N * s * dy;
    const samples = S > 0 ? {samples: ndarray([S, ...shape], normal(rng(5), S * n))} : {};
    const {time} = await (await persistence.fit(data, data, {rng: rng(0)})).forecast(history, plan);
    return {time, mean: ndarray(shape), ...samples};
  },
});

describe('evaluate with metrics', () => {
  it('counts each over the same targets, in the protocol\'s unit, and leaves the RMSE as it is', async () => {
    const plain = await evaluate(drawing(39), data, asked), metrics = [crps, mae, coverage(0.9), intervalScore(0.95)];
    const scores = await evaluate(drawing(39), data, asked, {metrics});
    assert.deepEqual(scores.cells.map(({values: _values, ...cell}) => cell), plain.cells);
    assert.deepEqual(scores.metrics, metrics.map(({name, unit, ranks}) => ({name, unit, ranks})));
    const [first] = scores.cells, {shape: [, T], data: y} = data.outcomes;
    const at = (i: number) => (i * T + first.target) * 2;
    const units = Array.from({length: 40}, (_, i) => i).filter(i => data.observed.data[at(i)] === 1);
    const {samples} = await drawing(39).forecast(historyAt(data, 1), planAt(data, 1, 3));
    const n = 40 * 3 * 2, own = (i: number) => Array.from({length: 39}, (_, s) => samples!.data[s * n + i * 3 * 2]);
    for (const {name, score, unit} of metrics) {
      const byHand = mean(units.map(i => score(y[at(i)], {mean: 0, samples: Float64Array.from(own(i)).sort()})));
      assert.ok(Math.abs(first.values![name] - byHand / (unit === 'outcome' ? 2 : 1)) < 1e-12, name);
    }
  });

  it('names a metric that needs draws where there are none, or too few', async () => {
    const none =
      /: argument `metrics` must be metrics of the mean for ridge\.forecast, which gives 0 draws; received "CRPS"\. /;
    await assert.rejects(evaluate(drawing(0, 'ridge'), data, asked, {metrics: [mae, crps]}), none);
    const few = /which gives 20 draws; received "coverage 0.95"\. It needs 39/;
    await assert.rejects(evaluate(drawing(20), data, asked, {metrics: [crps, coverage(0.95)]}), few);
    await evaluate(drawing(0), data, asked, {metrics: [mae]});
  });

  it('refuses two metrics of one name, and draws of a wrong shape or not finite', async () => {
    const twice = {metrics: [crps, {...mae, name: 'CRPS'}]};
    await assert.rejects(evaluate(drawing(39), data, asked, twice), /`metrics` must be with names of their own/);
    type Change = (values: Float64Array) => Float64Array;
    const changed = (change: Change, S = 39): FittedForecaster => ({...drawing(39), async forecast(history, plan) {
      const answer = await drawing(39).forecast(history, plan), {data: values, shape: [, ...shape]} = answer.samples!;
      return {...answer, samples: {shape: [S, ...shape], data: change(values)}};
    }});
    const ask = (fitted: FittedForecaster) => evaluate(fitted, data, asked, {metrics: [crps]});
    const length = /drawing\.forecast: argument `samples` must be 9600 values for its shape; received 9360/;
    await assert.rejects(ask(changed(v => v, 40)), length);
    const finite = /argument `samples` must be finite everywhere; .*Unit \d+, step \d, outcome \d/;
    await assert.rejects(ask(changed(v => v.fill(NaN))), finite);
    assert.equal((await evaluate(drawing(39), data, asked, {metrics: [rmse]})).metrics, undefined);
  });

  it('carries them through averages over seeds, heat maps and comparisons, each in its unit', async () => {
    const metrics = [crps, coverage(0.9)], runs = await Promise.all([0, 1, 2].map(async k => {
      const shifted = {...data, outcomes: ndarray(data.outcomes.shape, data.outcomes.data.map(v => v + k / 10))};
      return evaluate(drawing(39), shifted, asked, {metrics});
    }));
    const {cells} = overSeeds(runs), own = runs.map(run => run.cells[0].values!.CRPS);
    assert.ok(Math.abs(cells[0].values!.CRPS - mean(own)) < 1e-12 && cells[0].sds!.CRPS > 0);
    const options = {outcome: 'a', decision: 1, horizons: [1, 2]};
    const table = compare([{source: 'as written', scores: runs}], {...options, metric: 'CRPS'});
    assert.ok(Math.abs(table.rows[0].values[0].mean - mean(own)) < 1e-12);
    assert.deepEqual([table.metric, table.unit, table.rows[0].values[0].best], ['CRPS', 'odd', true]);
    const shares = compare([{source: 'as written', scores: runs}], {...options, metric: 'coverage 0.9'});
    assert.deepEqual([shares.unit, shares.rows[0].values[0].best], ['share', undefined]);
    assert.equal(heatmap(runs[0], 'a', 'CRPS').values[0][0], runs[0].cells[0].values!.CRPS);
    const unknown = /compare: argument `metric` must be one of RMSE, CRPS, coverage 0\.9; received "MAE"/;
    assert.throws(() => compare([{source: 'as written', scores: runs}], {...options, metric: 'MAE'}), unknown);
    const mixed = [runs[0], runs[1], {...runs[2], metrics: undefined}];
    assert.throws(() => overSeeds(mixed), /overSeeds: argument `runs` must be counted by the same metrics/);
  });
});
