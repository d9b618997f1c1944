import assert from 'node:assert/strict';
import fc from 'fast-check';
import {historyAt, planAt, splitUnits, takeUnits, targetsAt, trajectories} from '../../lib/data';
import {ndarray, rng, type NdArray} from '../../lib/math';
import {example} from './example';

const at = (a: NdArray, i: number, t: number, j: number) => a.data[(i * a.shape[1] + t) * a.shape[2] + j];

describe('cutting trajectories at a decision time', () => {
  it('a history holds outcomes up to t_c, treatments strictly before it, and nothing else', () =>
    fc.assert(fc.property(fc.nat(1000), fc.integer({min: 0, max: 8}), (seed, c) => {
      const data = example(seed), history = historyAt(data, c);
      assert.deepEqual([history.time.length, history.outcomes.shape, history.treatments.shape], [
        c + 1, [7, c + 1, 2], [7, c, 3],
      ]);
      for (let i = 0; i < 7; i++)
        for (let t = 0; t <= c; t++) {
          for (let j = 0; j < 2; j++) assert.equal(at(history.outcomes, i, t, j), at(data.outcomes, i, t, j));
          for (let j = 0; j < 3 && t < c; j++)
            assert.equal(at(history.treatments, i, t, j), at(data.treatments, i, t, j));
        }
    }), {numRuns: 20}));

  it('no change after t_c changes the history, and no change outside [t_c, t_c + s) the plan', () =>
    fc.assert(fc.property(fc.nat(1000), fc.integer({min: 0, max: 5}), fc.integer({min: 1, max: 3}), (seed, c, s) => {
      const data = example(seed, {observedShare: 1}), changed = (array: NdArray, inside: (t: number) => boolean) =>
        ndarray(array.shape, array.data.map((v, k) =>
          (inside(Math.floor(k / array.shape[2]) % array.shape[1]) ? v : v + 1)));
      const future = trajectories({
        ...data, outcomes: changed(data.outcomes, t => t <= c), treatments: changed(data.treatments, t => t < c),
      });
      assert.deepEqual(historyAt(future, c), historyAt(data, c));
      const elsewhere = trajectories({...data, treatments: changed(data.treatments, t => t >= c && t < c + s)});
      assert.deepEqual(planAt(elsewhere, c, s), planAt(data, c, s));
    }), {numRuns: 20}));

  it('plan and targets continue the history without gap or overlap', () => {
    const data = example(1), history = historyAt(data, 3), plan = planAt(data, 3, 4), target = targetsAt(data, 3, 4);
    assert.equal(plan.time[0], history.time[3]);
    assert.deepEqual(plan.time.slice(1), target.time);
    assert.deepEqual(Array.from({length: 4}, (_, k) => at(target.outcomes, 2, k, 1)), Array.from({length: 4}, (_, k) =>
      at(data.outcomes, 2, 4 + k, 1)));
    assert.deepEqual(Array.from({length: 4}, (_, k) => at(plan.treatments, 2, k, 1)), Array.from({length: 4}, (_, k) =>
      at(data.treatments, 2, 3 + k, 1)));
  });

  it('cutting chosen units is the same as choosing units and then cutting', () => {
    const data = example(2), units = [4, 0, 4];
    assert.deepEqual(historyAt(data, 2, {units}), historyAt(takeUnits(data, units), 2));
    assert.deepEqual(planAt(data, 2, 3, {units}), planAt(takeUnits(data, units), 2, 3));
  });

  it('refuses indices, horizons and units outside the data, naming them', () => {
    const data = example(3);
    for (const c of [-1, 9, 1.5, NaN])
      assert.throws(() => historyAt(data, c), /historyAt: argument `c` must be .*\[0, 8\]/);
    assert.throws(() => planAt(data, 8, 1), /planAt: argument `c`/);
    for (const horizon of [-2, 0, 7, 1.5])
      assert.throws(() => planAt(data, 3, horizon), /planAt: argument `horizon` must be a whole number in \[1, 5\]/);
    assert.throws(() => targetsAt(data, 3, -1), /targetsAt: argument `horizon`/);
    assert.throws(() => historyAt(data, 3, {units: [7]}), /argument `units`/);
  });
});

describe('splitting units', () => {
  it('gives disjoint groups of the sizes asked for, the same for the same generator', () => {
    const data = example(4, {N: 20}), groups = splitUnits(data, [10, 6, 3], rng(1));
    const firsts = groups.flatMap(g => Array.from({length: g.statics.shape[0]}, (_, i) => g.statics.data[i]));
    assert.deepEqual(groups.map(g => g.outcomes.shape[0]), [10, 6, 3]);
    assert.equal(new Set(firsts).size, 19);
    assert.deepEqual(splitUnits(data, [10, 6, 3], rng(1)), groups);
    assert.notDeepEqual(splitUnits(data, [10, 6, 3], rng(2)), groups);
  });

  it('refuses more units than there are', () =>
    assert.throws(() => splitUnits(example(4), [5, 3], rng(1)), /splitUnits: argument `sizes`.*at most N = 7/));
});

describe('trajectories', () => {
  const data = example(5);
  it('refuses a NaN dose and says where it is', () => {
    const treatments = ndarray(data.treatments.shape, data.treatments.data.map((v, k) => (k === 40 ? NaN : v)));
    assert.throws(
      () => trajectories({...data, treatments}),
      /argument `treatments` must be finite everywhere; received NaN.*flat index 40/,
    );
  });
  it('refuses arrays whose shapes do not fit', () => {
    assert.throws(
      () => trajectories({...data, observed: ndarray([7, 8, 2])}), /argument `observed` must be of shape \[7,9,2\]/,
    );
    assert.throws(() => trajectories({...data, time: data.time.slice().reverse()}), /strictly increasing/);
  });
});
