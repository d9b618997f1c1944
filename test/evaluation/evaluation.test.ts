import assert from 'node:assert/strict';
import {historyAt, targetTimes, type Forecast, type History, type Plan, type Trajectories} from '../../lib/data';
import {
  compare, comparisonRecords, counterfactualPlans, evaluate, heatmap, meanOverCells, overSeeds, percentOf, protocol,
  testSd, trainingSd, unscaled, type Scores,
} from '../../lib/evaluation';
import {publishedCancerProtocol, publishedHeatmap, publishedTable1} from '../../lib/studies/cancer';
import {ndarray, rng} from '../../lib/math';
import {oracle, persistence, type FittedForecaster} from '../../lib/models';
import {cancerCohort, counterfactualTwins, randomDoses} from '../../lib/studies/cancer';
import {example} from '../data/example';

const train = cancerCohort({patients: 60, rng: 1}), test = cancerCohort({patients: 30, rng: 2});
const fitted = () => persistence.fit(train.trajectories, train.trajectories, {rng: rng(0)});

/** Answers the same value everywhere. */
const constant = (value: number, name = 'constant'): FittedForecaster => ({
  name, information: 'none',
  forecast: async (_history: History, plan: Plan): Promise<Forecast> => ({time: targetTimes(plan), mean: ndarray(
    [plan.treatments.shape[0], plan.treatments.shape[1], 2],
    new Float64Array(plan.treatments.shape[0] * plan.treatments.shape[1] * 2).fill(value),
  )}),
});

/** Root mean square of `value` minus the measured outcome, by the definition. */
function byHand(data: Trajectories, t: number, j: number, value: number): number {
  const [N, T, dy] = data.outcomes.shape, at = (i: number) => (i * T + t) * dy + j;
  const seen = Array.from({length: N}, (_, i) => i).filter(i => data.observed.data[at(i)] === 1);
  return Math.sqrt(seen.reduce((sum, i) => sum + (value - data.outcomes.data[at(i)]) ** 2, 0) / seen.length);
}

describe('evaluate', () => {
  it('gives the root mean squared error over measured targets, in the protocol\'s unit', async () => {
    const data = example(3, {N: 40});
    const {cells} = await evaluate(
      constant(0.3), data,
      protocol({name: 'p', decisions: [1, 4], horizon: 3, scaling: {name: 'odd', divisors: [2, 5]}}),
    );
    assert.equal(cells.length, 12);
    for (const {outcome, target, rmse, count} of cells) {
      const j = outcome === 'a' ? 0 : 1;
      assert.ok(Math.abs(rmse - byHand(data, target, j, 0.3) / [2, 5][j]) < 1e-12);
      assert.equal(
        count,
        Array.from({length: 40}, (_, i) => data.observed.data[(i * 9 + target) * 2 + j]).reduce((a, b) => a + b, 0),
      );
    }
  });

  it('counts the published cancer cells: rows end at index 3 ... 13, columns at 4 ... 14, 66 '
      + 'cells an outcome', async () => {
    const scores = await evaluate(await fitted(), test.trajectories, publishedCancerProtocol(train.trajectories));
    const map = heatmap(scores, 'tumour volume');
    assert.deepEqual([map.decisions[0], map.decisions.at(-1), map.targets[0], map.targets.at(-1)], [3, 13, 4, 14]);
    assert.equal(scores.cells.length, 132);
    assert.equal(map.values.flat().filter(v => v !== undefined).length, 66);
    assert.ok(map.values.every((row, i) =>
      row.every((v, j) => (v === undefined) === (map.targets[j] <= map.decisions[i]))));
    assert.ok(Math.abs(meanOverCells(scores, 'tumour volume')
      - map.values.flat().filter(v => v !== undefined).reduce((a, b) => a! + b!, 0)! / 66) < 1e-12);
  });

  it('pools the plans of a counterfactual protocol and asks about each with its own treatments', async () => {
    const worlds = [1, 2].map(seed =>
      (c: number) => counterfactualTwins(test, c, randomDoses(30, 2, rng(seed))).trajectories);
    const plans = counterfactualPlans('random doses', c => worlds.map(world => world(c)));
    const ask = (p: typeof plans) => protocol({name: 'cf', decisions: [5], horizon: 6, scaling: unscaled(2), plans: p});
    const both = (await evaluate(constant(10), test.trajectories, ask(plans))).cells;
    assert.deepEqual(both.map(c => [c.horizon, c.count]), [[1, 60], [2, 60], [1, 60], [2, 60]]);
    for (const cell of both) {
      const expected = Math.hypot(
        ...worlds.map(world => byHand(world(5), cell.target, cell.outcome === 'tumour volume' ? 0 : 1, 10)),
      ) / Math.SQRT2;
      assert.ok(Math.abs(cell.rmse - expected) < 1e-9 * expected);
    }
    const floor = await oracle(test).fit(train.trajectories, train.trajectories, {rng: rng(0)}), asked: History[] = [];
    const spy: FittedForecaster = {
      ...floor, forecast: (history, plan) => (asked.push(history), floor.forecast(history, plan)),
    };
    await evaluate(spy, test.trajectories, ask(plans));
    for (const history of asked) assert.deepEqual(history, historyAt(test.trajectories, 5));
  });

  it('leaves out outcomes without a unit and cells without a measured target', async () => {
    const percent = await evaluate(
      constant(1), test.trajectories,
      protocol({name: 'p', decisions: [3], horizon: 2, scaling: percentOf([1150, undefined])}),
    );
    assert.deepEqual([...new Set(percent.cells.map(c => c.outcome))], ['tumour volume']);
    assert.ok(Math.abs(percent.cells[0].rmse - byHand(test.trajectories, 4, 0, 1) / 11.5) < 1e-12);
    const data = example(3);
    const hidden = {
      ...data,
      observed: ndarray(data.observed.shape, data.observed.data.map((_, k) => (Math.floor(k / 2) % 9 === 4 ? 0 : 1))),
    };
    const {cells} = await evaluate(
      constant(0), hidden, protocol({name: 'p', decisions: [3], horizon: 2, scaling: unscaled(2)}),
    );
    assert.deepEqual(cells.map(c => c.target), [5, 5]);
  });

  it('fails loudly on forecasts that are not finite or have a wrong shape', async () => {
    const p = protocol({name: 'p', decisions: [3], horizon: 2, scaling: unscaled(2)});
    await assert.rejects(
      evaluate(constant(NaN), test.trajectories, p),
      /constant\.forecast: argument `mean` must be finite everywhere; received NaN. Unit 0, step 1, outcome 0/,
    );
    const short: FittedForecaster = {
      ...constant(1), forecast: async (_, plan) => ({time: targetTimes(plan), mean: ndarray([30, 1, 2])}),
    };
    await assert.rejects(evaluate(short, test.trajectories, p), /of shape \[30, 2, 2\]/);
  });

  it('refuses protocols that make no sense or do not fit the data', async () => {
    const good = {name: 'p', decisions: [3], horizon: 2, scaling: unscaled(2)};
    assert.throws(
      () => protocol({...good, horizon: -1}), /protocol: argument `horizon` must be a whole number >= 1; received -1/,
    );
    assert.throws(() => protocol({...good, decisions: []}), /argument `decisions`/);
    assert.throws(() => protocol({...good, decisions: [1.5]}), /argument `decisions`/);
    await assert.rejects(
      evaluate(constant(1), test.trajectories, protocol({...good, decisions: [23]})),
      /indices with a target after them; received 23/,
    );
    await assert.rejects(
      evaluate(constant(1), test.trajectories, protocol({...good, scaling: unscaled(3)})), /for 2 outcomes/,
    );
    assert.throws(() => percentOf([0]), /argument `largest`/);
  });

  it('scales by training data of the first 16 times, or by test data, as asked', () => {
    const values = (data: Trajectories, until: number) =>
      Array.from(data.outcomes.data).filter((_, k) => k % 2 === 0 && Math.floor(k / 2) % 24 < until);
    const population = (x: number[]) => {
      const m = x.reduce((a, b) => a + b, 0) / x.length;
      return Math.sqrt(x.reduce((sum, v) => sum + (v - m) ** 2, 0) / x.length);
    };
    assert.ok(Math.abs(
      trainingSd(train.trajectories, {steps: 16}).divisors[0]! - population(values(train.trajectories, 16)),
    ) < 1e-9);
    assert.ok(Math.abs(testSd(test.trajectories).divisors[0]! - population(values(test.trajectories, 24))) < 1e-9);
  });
});

describe('over seeds', () => {
  const run = async (value: number, horizon = 2): Promise<Scores> =>
    evaluate(constant(value), test.trajectories, protocol({name: 'p', decisions: [3], horizon, scaling: unscaled(2)}));

  it('gives mean and sample standard deviation of every cell', async () => {
    const runs = await Promise.all([10, 20, 40, 80].map(v => run(v))), {cells, seeds} = overSeeds(runs);
    assert.equal(seeds, 4);
    cells.forEach((cell, k) => {
      const x = runs.map(r => r.cells[k].rmse), m = x.reduce((a, b) => a + b, 0) / 4;
      assert.ok(Math.abs(cell.rmse - m) < 1e-12
        && Math.abs(cell.sd - Math.sqrt(x.reduce((sum, v) => sum + (v - m) ** 2, 0) / 3)) < 1e-9);
    });
  });

  it('refuses fewer than three seeds, and runs of different methods or protocols', async () => {
    const [a, b, c, d] = await Promise.all([run(1), run(2), run(3), run(3, 1)]);
    assert.throws(() => overSeeds([a, b]), /overSeeds: argument `runs` must be at least 3; received 2/);
    assert.throws(() => overSeeds([a, b, d]), /cannot stand in one table/);
    assert.throws(() => overSeeds([a, b, {...c, forecaster: 'other'}]), /of constant; received "other"/);
  });
});

describe('comparison', () => {
  const published = publishedCancerProtocol(train.trajectories);
  const score = async (p = published) => evaluate(await fitted(), test.trajectories, p);

  it('names source and information of every row, published rows first', async () => {
    const table = compare([{source: 'reference', scores: await score()}], {
      outcome: 'tumour volume', decision: 8, horizons: [1, 2, 6], published: publishedTable1(4),
    });
    const records = comparisonRecords(table);
    assert.deepEqual(records.map(r => [r.method, r.source]), [
      ['ObsNODE', 'published'], ['DoseAI', 'published'], ['IGC-Net', 'published'], ['SCIP-Net', 'published'],
      ['persistence', 'reference'],
    ]);
    assert.deepEqual([records[0]['s=6'], records[4].information, table.unit], [
      '0.210 ± 0.010', 'last outcome', 'training sd, first 16 times',
    ]);
    const far = {outcome: 'tumour volume', decision: 7, horizons: [6, 7], published: publishedTable1(4)};
    const beyond = comparisonRecords(compare([{source: 'reference', scores: await score()}], far));
    assert.deepEqual(['s=6', 's=7'].map(s => [s in beyond[0], s in beyond[4]]), [[true, true], [false, true]]);
    assert.match(records[1].note, /not aligned/);
    assert.match(records[4]['s=1'], /^0\.\d{3}$/);
  });

  it('refuses to put scores of different protocols into one table, and says why', async () => {
    const others = [
      protocol({...published, scaling: percentOf([1150, undefined])}), protocol({...published, decisions: [8]}),
      protocol({...published, until: undefined}),
      protocol({...published, plans: counterfactualPlans('x', () => [test.trajectories])}),
    ];
    for (const other of others) {
      const entries = [await score(), await score(other)].map(scores => ({source: 'reference' as const, scores}));
      assert.throws(
        () => compare(entries, {outcome: 'tumour volume', decision: 8, horizons: [1]}),
        /compare: argument `scores`.*different information, targets or units cannot stand in one table/,
      );
    }
    const sameKind = [await score(), await score(publishedCancerProtocol(test.trajectories))].map(scores => ({
      source: 'reference' as const, scores,
    }));
    assert.equal(compare(sameKind, {outcome: 'tumour volume', decision: 8, horizons: [1]}).rows.length, 2);
  });

  it('refuses cells that were not scored', async () => {
    const entries = [{source: 'reference' as const, scores: await score()}];
    assert.throws(
      () => compare(entries, {outcome: 'tumour volume', decision: 8, horizons: [7]}),
      /scored for tumour volume at decision 8 by persistence; received 7/,
    );
    assert.throws(
      () => compare(entries, {outcome: 'body weight', decision: 8, horizons: [1], published: publishedTable1(4)}),
      /rows of body weight/,
    );
    assert.throws(() => heatmap(entries[0].scores, 'height'), /one of tumour volume, body weight/);
  });
});

describe('published numbers', () => {
  it('Table 1 is row 5 of the heat maps, to printed digits, for all four models', () => {
    for (const row of publishedTable1(4)) {
      const map = publishedHeatmap(row.method as 'ObsNODE', 'tumour volume');
      row.mean.forEach((v, k) => assert.ok(
        Math.abs(map.mean[5][6 + k]! - v) < 0.00501, `${row.method}, s = ${k + 1}: ${map.mean[5][6 + k]} against ${v}`,
      ));
    }
  });

  it('ObsNODE\'s first column after the diagonal is the last value carried forward: no spread over seeds', () => {
    const map = publishedHeatmap('ObsNODE', 'tumour volume');
    for (let i = 0; i < 11; i++) assert.equal(map.sd[i][i + 1], 0);
    assert.ok(map.mean.every((row, i) => row.every((v, j) => (v === null) === (j <= i))));
  });

  it('refuses a gamma or model that was not published', () => {
    assert.throws(() => publishedTable1(5), /publishedTable1: argument `gamma` must be 4, 6 or 8/);
    assert.throws(() => publishedHeatmap('CRN' as 'ObsNODE', 'tumour volume'), /argument `model`/);
  });
});
