import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  historyAt, historyRows, planAt, planRows, targetsAt, timesOf, windows, type Trajectories, type WindowBatch,
} from '../../lib/data';
import {fold, ndarray, rng} from '../../lib/math';
import {example} from './example';

const times = (data: Trajectories, unit: number) => timesOf(data, unit);
/** The longest span of a unit. */
const span = (data: Trajectories) =>
  Math.max(...Array.from({length: data.outcomes.shape[0]}, (_, i) => times(data, i).at(-1)! - times(data, i)[0]));
const part = (array: Float32Array, b: number, B: number) =>
  array.subarray((b * array.length) / B, ((b + 1) * array.length) / B);

/** Every row must be what historyAt, planAt and targetsAt say, padded with zeros. */
function checkRows(data: Trajectories, batch: WindowBatch): void {
  const {batch: B, length: L, horizon: S} = batch.size;
  for (let b = 0; b < B; b++) {
    const c = batch.decisions[b], units = [batch.units[b]], rows = batch.history;
    if (units[0] < 0) {
      assert.ok([...Object.values(rows), batch.plan.treatments, ...Object.values(batch.target)].every(array =>
        part(array, b, B).every((v: number) => v === 0)));
      continue;
    }
    const expected = historyRows(historyAt(data, c, {units}), {length: L, timeScale: span(data)});
    for (const key of Object.keys(rows) as (keyof typeof rows)[])
      assert.deepEqual(part(rows[key], b, B), expected[key], key);
    const s = Math.min(S, times(data, units[0]).length - 1 - c), target = targetsAt(data, c, s, {units});
    assert.deepEqual(part(batch.plan.treatments, b, B), planRows(planAt(data, c, s, {units}), S).treatments);
    assert.deepEqual(part(batch.plan.duration, b, B), planRows(planAt(data, c, s, {units}), S).duration);
    const padded = (values: Float64Array) => Float32Array.from({length: S * 2}, (_, k) => values[k] ?? 0);
    assert.deepEqual(part(batch.target.outcomes, b, B), padded(target.outcomes.data));
    assert.deepEqual(part(batch.target.observed, b, B), padded(target.observed.data));
  }
}

describe('training windows', () => {
  it('hold in every row exactly what historyAt, planAt and targetsAt give, padded with zeros', () => fc.assert(
    fc.property(fc.nat(1000), fc.integer({min: 1, max: 9}), fc.integer({min: 1, max: 6}), (seed, batch, horizon) => {
      const data = example(seed);
      for (const each of ['one', 'all'] as const)
        for (const rows of windows(data, {decisions: [0, 3, 7], each, horizon, batch, rng: rng(seed)}))
          checkRows(data, rows);
    }), {numRuns: 15},
  ));

  it('cannot contain anything after t_c: changing the future changes no history row', () => {
    const data = example(3, {observedShare: 1}), c = 4;
    const later = ndarray(data.outcomes.shape, data.outcomes.data.map((v, k) => (Math.floor(k / 2) % 9 > c ? -v : v)));
    const rows = (d: Trajectories) => [...windows(d, {decisions: [c], horizon: 2, batch: 7, rng: rng(1)})][0];
    assert.deepEqual(rows({...data, outcomes: later}).history, rows(data).history);
    assert.notDeepEqual(rows({...data, outcomes: later}).target, rows(data).target);
  });

  it('visit every unit once an epoch, or once for every decision time', () => {
    const data = example(1, {N: 23}), visited = (each: 'one' | 'all') =>
      [...windows(data, {decisions: [1, 2, 5], each, horizon: 2, batch: 5, rng: rng(9)})].flatMap(b =>
        Array.from(b.units, (u, k) => `${u} ${each === 'all' ? b.decisions[k] : ''}`).filter(u => !u.startsWith('-1')));
    assert.equal(visited('one').length, 23);
    assert.equal(new Set(visited('one')).size, 23);
    assert.equal(new Set(visited('all')).size, 69);
  });

  it('are the same for the same generator and in another order for another', () => {
    const order = (seed: number) => [
      ...windows(example(1, {N: 40}), {decisions: [2, 4], horizon: 1, batch: 8, rng: fold(rng(0), seed)}),
    ].flatMap(b => [...b.units]);
    assert.deepEqual(order(1), order(1));
    assert.notDeepEqual(order(1), order(2));
  });

  it('draw every decision time about equally often', () => {
    const counts = new Map<number, number>();
    for (const b of windows(example(1, {N: 3000}), {decisions: [1, 3, 6], horizon: 1, batch: 100, rng: rng(4)}))
      for (const c of b.decisions) counts.set(c, (counts.get(c) ?? 0) + 1);
    for (const c of [1, 3, 6])
      assert.ok(Math.abs(counts.get(c)! - 1000) < 4 * Math.sqrt(3000 * (1 / 3) * (2 / 3)), `${c}: ${counts.get(c)}`);
  });

  it('keep one shape: an incomplete last batch is padded or dropped', () => {
    const make = (incomplete: 'pad' | 'drop') =>
      [...windows(example(1), {decisions: [2], horizon: 3, batch: 4, incomplete, rng: rng(1), length: 6})];
    assert.deepEqual(make('pad').map(b => [b.size, b.history.outcomes.length, b.units.filter(u => u < 0).length]), [
      [{batch: 4, length: 6, horizon: 3}, 48, 0], [{batch: 4, length: 6, horizon: 3}, 48, 1],
    ]);
    assert.equal(make('drop').length, 1);
  });

  it('refuse decision times without a future, a negative horizon and a length that is too short', () => {
    const make = (change: object) =>
      () => [...windows(example(1), {decisions: [2], horizon: 3, batch: 4, rng: rng(1), ...change})];
    assert.throws(make({decisions: [8]}), /windows: argument `decisions` must be indices in \[0, 7\]/);
    assert.throws(make({decisions: []}), /argument `decisions`/);
    assert.throws(make({horizon: -1}), /argument `horizon`/);
    assert.throws(make({batch: 0}), /argument `batch`/);
    assert.throws(make({length: 2}), /argument `length`/);
    assert.throws(make({timeScale: 0}), /argument `timeScale`/);
  });
});
