import assert from 'node:assert/strict';
import {
  takeUnits, targetTimes, timesOf, type Forecast, type History, type Plan, type Trajectories,
} from '../../lib/data';
import {
  compare, diagnose, evaluate, heatmap, overSeeds, protocol, unscaled, type Plans, type Protocol, type ScoreCell,
} from '../../lib/evaluation';
import {ndarray, rng, type NdArray} from '../../lib/math';
import {persistence, type FittedForecaster} from '../../lib/models';
import {example} from '../data/example';
import {irregular} from '../data/irregular';

const N = 40, data = irregular(4, {N}), names = ['a', 'b'];

/** Answers `value(row, time, outcome)`; NaN behind each row's last time, where nobody may look. */
function answering(
  name: string, value: (unit: number, time: number, j: number, planned: number) => number,
): FittedForecaster {
  return {name, information: 'none', async forecast(history: History, plan: Plan): Promise<Forecast> {
    const [rows, s] = plan.treatments.shape, mean = ndarray([rows, s, 2]);
    for (let i = 0; i < rows; i++) {
      const unit = data.statics.data.indexOf(history.statics.data[i]), times = timesOf(plan, i);
      for (let k = 0; k < s; k++) for (let j = 0; j < 2; j++)
        mean.data[(i * s + k) * 2 + j] = k + 1 < times.length
          ? value(unit, times[k + 1], j, plan.treatments.data[(i * s + k) * 2]) : NaN;
    }
    return {time: targetTimes(plan), mean};
  }};
}

/** Outcome `j` of a unit at one of its times; undefined where it was not measured. */
function measured(
  {outcomes, observed, ...timed}: Trajectories, unit: number, time: number, j: number,
): number | undefined {
  const k = timesOf(timed, unit).indexOf(time), at = (unit * outcomes.shape[1] + k) * 2 + j;
  return k >= 0 && observed.data[at] === 1 ? outcomes.data[at] : undefined;
}

const truth = answering('truth', (unit, time, j) => measured(data, unit, time, j) ?? 0);
const constant = (value: number) => answering('constant', () => value);

/** Cells of a constant forecast, straight from the definition: all measured times that `target` gives for a unit. */
function byHand(
  value: number, targets: (unit: number, times: readonly number[]) => readonly number[],
): (readonly [number, number])[] {
  return names.map((_, j) => {
    const errors = data.ids.flatMap((__, unit) => targets(unit, Array.from(timesOf(data, unit)))
      .map(time => measured(data, unit, time, j)).filter(y => y !== undefined).map(y => (value - y) ** 2));
    return [Math.sqrt(errors.reduce((a, b) => a + b, 0) / errors.length), errors.length] as const;
  });
}

const ask = (fields: Partial<Protocol>) =>
  protocol({name: 'p', decisions: [{time: 3}], horizon: 4, scaling: unscaled(2), ...fields});

function expectCells(cells: readonly ScoreCell[], expected: readonly (readonly [number, number])[]): void {
  assert.deepEqual(cells.map(c => c.count), expected.map(([, count]) => count));
  cells.forEach((c, k) => assert.ok(Math.abs(c.rmse - expected[k][0]) < 1e-12, `${c.rmse} and ${expected[k][0]}`));
}

describe('evaluate, for units with times of their own', () => {
  it('after a time counts every unit\'s measured times in the cell of their distance, and only of units '
      + 'followed then', async () => {
    const decisions = [2, 3.5], edges = [1, 2.5, 4], asked = ask({decisions: decisions.map(time => ({time})), edges});
    const {cells} = await evaluate(constant(0.3), data, asked);
    const followed = (unit: number, now: number) => timesOf(data, unit)[0] <= now && now <= data.followed[unit];
    const inCell = (now: number, k: number) => byHand(0.3, (unit, times) => times.filter(t =>
      followed(unit, now) && t - now > (edges[k - 1] ?? 0) && t - now <= edges[k]));
    const expected = decisions.flatMap(now => names.flatMap((_, j) => edges.map((__, k) => inCell(now, k)[j])));
    assert.ok(expected.every(([, count]) => count > 10), 'the data say something');
    expectCells(cells, expected);
    assert.deepEqual(cells.slice(0, 3).map(c => [c.outcome, c.decision, c.horizon, c.target]), edges.map(edge =>
      ['a', 2, edge, 2 + edge]));
  });

  it('after an index counts each unit\'s own steps', async () => {
    const {cells} = await evaluate(
      constant(-0.2), data, protocol({name: 'p', decisions: [1, 4], horizon: 3, scaling: unscaled(2)}),
    );
    const at = (k: number) => byHand(-0.2, (_, times) => times.slice(k, k + 1));
    expectCells(cells, [1, 4].flatMap(c => names.flatMap((_, j) => [1, 2, 3].map(s => at(c + s)[j]))));
  });

  it('gives no error to a forecast that is the truth, whatever stands behind its last time', async () => {
    for (const asked of [ask({}), ask({decisions: [2]})])
      assert.ok((await evaluate(truth, data, asked)).cells.every(c => c.rmse === 0 && c.count > 10));
  });

  it('on a grid a protocol by time is the protocol by index, cell by cell', async () => {
    const grid = example(3, {N: 30}), gaps = Array.from(grid.time.slice(4, 7), t => t - grid.time[3]);
    const fitted = await persistence.fit(grid, grid, {rng: rng(1)});
    const timed = await evaluate(fitted, grid, ask({decisions: [{time: grid.time[3]}], horizon: gaps[2], edges: gaps}));
    const indexed = await evaluate(
      fitted, grid, protocol({name: 'p', decisions: [3], horizon: 3, scaling: unscaled(2)}),
    );
    assert.deepEqual(timed.cells.map(c => [c.outcome, c.rmse, c.count]), indexed.cells.map(c =>
      [c.outcome, c.rmse, c.count]));
  });

  it('puts its cells into maps, averages and comparisons; equal targets share a column whatever '
      + 'rounding says', async () => {
    const decisions = [2.2, 2.4].map(time => ({time})), edges = [0.2, 0.4, 0.6, 0.8];
    const asked = ask({decisions, horizon: 0.8, edges});
    const runs = await Promise.all([0.1, 0.2, 0.4].map(value => evaluate(constant(value), data, asked)));
    assert.deepEqual(heatmap(runs[0], 'a').targets, [2.4, 2.6, 2.8, 3, 3.2]);
    assert.deepEqual(heatmap(overSeeds(runs), 'a').decisions, [2.2, 2.4]);
    const {rows: [row]} = compare([{source: 'reference', scores: runs}], {
      outcome: 'a', decision: 2.4, horizons: [0.6],
    });
    const cells = runs.map(({cells: all}) =>
      all.find(c => c.outcome === 'a' && c.decision === 2.4 && c.horizon === 0.6)!.rmse);
    assert.ok(Math.abs(row.values[0].mean - cells.reduce((a, b) => a + b, 0) / 3) < 1e-12);
  });

  it('names a decision at which nobody can be asked', async () => {
    for (const decisions of [[{time: 1e3}], [{time: -1}]])
      await assert.rejects(
        evaluate(truth, data, ask({decisions})),
        /evaluate: argument `protocol\.decisions` must be times with a target within the horizon/,
      );
    const short = takeUnits(data, data.ids.flatMap((_, i) => (timesOf(data, i).length < 5 ? [i] : [])));
    await assert.rejects(
      evaluate(truth, short, ask({decisions: [6], horizon: 1})),
      /evaluate: argument `protocol\.decisions` must be indices with a target/,
    );
  });
});

describe('diagnose, for units with times of their own', () => {
  const failures = async (fitted: FittedForecaster, options = {}) =>
    (await diagnose(fitted, data, {decision: {time: 3}, horizon: 4, ...options})).map(f => f.failure);

  it('by time and by index finds nothing wrong with the truth, and names the mean, the last value and '
      + 'what ran away', async () => {
    for (const options of [{}, {decision: 1, horizon: 3}]) {
      assert.deepEqual(await failures(truth, options), []);
      assert.deepEqual(await failures(constant(0.1), options), ['collapsed to the mean']);
      assert.deepEqual(await failures(await persistence.fit(data, data, {rng: rng(1)}), options), [
        'collapsed to the last value',
      ]);
      const unsteady = answering('unsteady', (unit, time, j) => (unit < 20 ? 1e5 : measured(data, unit, time, j) ?? 0));
      assert.deepEqual(await failures(unsteady, options), ['ran away']);
      assert.deepEqual(await failures(answering('broken', unit => (unit < 20 ? NaN : 0)), options), ['not finite']);
    }
  });

  it('finds blindness to plans that begin at a time', async () => {
    const world = (by: number): Trajectories => {
      const times = data.time as NdArray, T = times.shape[1];
      const moved = ({shape, data: all}: NdArray, size: number) =>
        ndarray(shape, all.map((v, at) => (times.data[Math.floor(at / 2)] > 3
          && Math.floor(at / 2) % T < data.counts![Math.floor(at / 2 / T)] ? v + size : v)));
      return {...data, outcomes: moved(data.outcomes, by), treatments: moved(data.treatments, 100 * by)};
    };
    const plans: Plans = {name: 'two', at: () => [world(0), world(5)]};
    const seeing = answering('seeing', (unit, time, j, planned) =>
      (measured(data, unit, time, j) ?? 0) + (planned > 50 ? 5 : 0));
    assert.deepEqual(await failures(truth, {plans}), ['blind to the plan']);
    // Where a unit's only target ends the interval that was under way at the decision, no plan can change its
    // treatment.
    assert.deepEqual(await failures(seeing, {plans}), []);
  });

  it('refuses decisions with nothing to look at, by name', async () => {
    const short = takeUnits(data, data.ids.flatMap((_, i) => (timesOf(data, i).length < 5 ? [i] : [])));
    const few = /diagnose: argument `decision` must be with at least two units measured/;
    await assert.rejects(diagnose(truth, data, {decision: {time: 1e3}, horizon: 4}), few);
    await assert.rejects(diagnose(truth, short, {decision: 1, horizon: 6}), few);
    await assert.rejects(
      diagnose(truth, data, {decision: {time: 3}, horizon: -1}),
      /diagnose: argument `horizon` must be a duration > 0; received -1/,
    );
  });
});
