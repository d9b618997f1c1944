import assert from 'node:assert/strict';
import {join} from 'node:path';
import fc from 'fast-check';
import {
  csvNumber, fitScaler, gridOf, historyAt, historyRows, planAt, planRows, readCsv, takeUnits, targetsAt, timesOf,
  trajectories, trajectoriesFromUnits,
  unitsAt, windows, windowUnits, type Trajectories, type TrajectoriesFields,
} from '../../lib/data';
import {ndarray, rng, type NdArray} from '../../lib/math';
import {example} from './example';
import {changedAfter, irregular} from './irregular';

const channel = (name: string) => ({name, unit: '1'});
/** Unit p at times 0, 1, 4, followed to 6; unit q at times 0.5 and 2. Treatments are 10 k. */
const two: TrajectoriesFields = {
  name: 'two', timeUnit: 'h', time: ndarray([2, 3], Float64Array.of(0, 1, 4, 0.5, 2, 99)), counts: [3, 2],
  ids: ['p', 'q'], followed: [6, 2],
  outcomes: ndarray([2, 3, 1], Float64Array.of(1, 2, 3, 4, 5, 0)),
  observed: ndarray([2, 3, 1], Float64Array.of(1, 1, 1, 1, 1, 0)),
  treatments: ndarray([2, 3, 1], Float64Array.of(10, 20, 30, 40, 50, 0)), statics: ndarray([2, 0]),
  channels: {outcomes: [channel('y')], treatments: [channel('dose')], statics: []},
};
const data = trajectories(two);
const list = (array: NdArray | Float64Array) => Array.from('data' in array ? array.data : array);

describe('trajectories of units with times of their own', () => {
  it('keep each unit\'s times, their number, the end of follow-up and ids; padding repeats the last time', () => {
    assert.deepEqual([timesOf(data, 0), timesOf(data, 1)].map(list), [[0, 1, 4], [0.5, 2]]);
    assert.deepEqual([list(data.time), list(data.followed), data.ids], [[0, 1, 4, 0.5, 2, 2], [6, 2], ['p', 'q']]);
  });

  it('are on a grid where all rows of times are equal, and then say so', () => {
    const grid = example(1), rows = ndarray([7, 9], Float64Array.from({length: 63}, (_, k) => grid.time[k % 9]));
    assert.deepEqual(trajectories({...grid, time: rows}), grid);
    assert.deepEqual(gridOf(grid), grid.time);
    assert.throws(
      () => gridOf(data),
      /gridOf: argument `time` must be one grid that all units share; received "times of their own"/,
    );
  });

  it('by default are followed to the last time and named by number', () => {
    const {followed: _, ids: __, ...rest} = two, plain = trajectories(rest);
    assert.deepEqual([list(plain.followed), plain.ids], [[4, 2], ['0', '1']]);
  });

  const refused: readonly (readonly [string, Partial<TrajectoriesFields>, RegExp])[] = [
    [
      'times out of order in one unit', {time: ndarray([2, 3], Float64Array.of(0, 1, 4, 2, 0.5, 9))},
      /`time` must be .*strictly increasing; .* Unit 1, index 1 holds 0.5 after 2/,
    ],
    ['times of other units', {time: ndarray([3, 3])}, /`time` must be of shape \[2,3\]/],
    ['more times than there are', {counts: [3, 4]}, /`counts` must be 2 whole numbers in \[1, 3\]/],
    ['a unit without a time', {counts: [3, 0]}, /`counts`/],
    [
      'an end of follow-up before the last time', {followed: [6, 1.5]},
      /`followed` must be at or after the unit's last time, 2; received 1.5\. It is unit 1/,
    ],
    ['an end of follow-up that is none', {followed: [6, NaN]}, /`followed`/],
    ['ids that repeat', {ids: ['p', 'p']}, /`ids` must be 2 different names/],
    [
      'a measurement behind the last time', {observed: ndarray([2, 3, 1], new Float64Array(6).fill(1))},
      /`observed` must be 0 behind a unit's last time; received 1\. Its place has flat index 5/,
    ],
    [
      'a role that does not exist',
      {channels: {...two.channels, outcomes: [{...channel('y'), role: 'target' as never}]}},
      /`channels.outcomes` must be of role 'forecast' or 'covariate'/,
    ],
    [
      'an unknown treatment with a value', {known: ndarray([2, 3, 1])},
      /`treatments` must be 0 where known is 0; received 10/,
    ],
    [
      'half-known treatments', {known: ndarray([2, 3, 1], new Float64Array(6).fill(0.5))},
      /`known` must be 1 where the treatment is known, else 0/,
    ],
  ];
  for (const [claim, part, message] of refused)
    it(`refuse ${claim}`, () => assert.throws(() => trajectories({...two, ...part}), {name: 'ArgumentError', message}));
});

describe('unknown treatments', () => {
  const known = ndarray([2, 3, 2], Float64Array.of(1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1));
  const treatments = ndarray([2, 3, 2], Float64Array.of(10, 1, 0, 1, 30, 1, 40, 1, 0, 1, 0, 1));
  const fields = {
    ...two, treatments, known, channels: {...two.channels, treatments: [channel('dose'), channel('device')]},
  };

  it('are 0 and marked in one more channel, which models read in history and plan', () => {
    const marked = trajectories(fields);
    const column = (array: NdArray, j: number) => list(array).filter((_, k) => k % 3 === j);
    assert.deepEqual(marked.channels.treatments.map(c => c.name), ['dose', 'device', 'dose unknown']);
    assert.deepEqual([0, 1, 2].map(j => column(marked.treatments, j)), [
      [10, 0, 30, 40, 0, 0], [1, 1, 1, 1, 1, 1], [0, 1, 0, 0, 1, 0],
    ]);
    assert.deepEqual(column(historyAt(marked, 1).treatments, 2), [0, 0]);
    assert.deepEqual(column(planAt(marked, 1, 1, {units: [0]}).treatments, 2), [1]);
  });

  it('change nothing where all are known', () => {
    assert.deepEqual(trajectories({...two, known: ndarray([2, 3, 1], new Float64Array(6).fill(1))}), data);
  });
});

describe('cutting irregular trajectories', () => {
  it('by index counts each unit\'s own times', () => {
    const history = historyAt(data, 1);
    assert.deepEqual([history.time, list(history.outcomes), list(history.treatments)], [
      ndarray([2, 2], Float64Array.of(0, 1, 0.5, 2)), [1, 2, 4, 5], [10, 40],
    ]);
    assert.throws(
      () => historyAt(data, 2),
      /historyAt: argument `decision` must be below 2, the number of times of unit 1; received 2/,
    );
    assert.deepEqual(list(historyAt(data, 2, {units: [0]}).outcomes), [1, 2, 3]);
  });

  it('between two measurements cuts the interval: its treatment is known up to t_c and planned from there', () => {
    const history = historyAt(data, {time: 3}, {units: [0]}), plan = planAt(data, {time: 3}, 2, {units: [0]});
    assert.deepEqual([history.time, list(history.outcomes), list(history.observed), list(history.treatments)], [
      Float64Array.of(0, 1, 3), [1, 2, 0], [1, 1, 0], [10, 20],
    ]);
    assert.deepEqual([plan.time, list(plan.treatments)], [Float64Array.of(3, 4), [20]]);
    assert.deepEqual(list(targetsAt(data, {time: 3}, 2, {units: [0]}).outcomes), [3]);
  });

  it('at one time for all, or one for each, gives rows of different length', () => {
    const common = historyAt(data, {time: 1}), own = historyAt(data, {time: [4, 2]});
    assert.deepEqual([common.time, common.counts, list(common.observed)], [
      ndarray([2, 2], Float64Array.of(0, 1, 0.5, 1)), undefined, [1, 1, 1, 0],
    ]);
    assert.deepEqual([own.time, own.counts], [
      ndarray([2, 3], Float64Array.of(0, 1, 4, 0.5, 2, 2)), Int32Array.of(3, 2),
    ]);
    const plan = planAt(data, {time: 1}, 3);
    assert.deepEqual([plan.time, plan.counts, list(plan.treatments)], [
      ndarray([2, 2], Float64Array.of(1, 4, 1, 2)), undefined, [20, 40],
    ]);
    assert.deepEqual(planAt(data, {time: 1}, 1).counts, Int32Array.of(1, 2));
  });

  it('after the end of follow-up is refused, and nothing there is a target', () => {
    assert.deepEqual([
      [2, 10], [0.2, 10], [5, 10], [1, 0.5],
    ].map(([time, horizon]) => Array.from(unitsAt(data, {time}, horizon))), [[0], [0], [], []]);
    assert.throws(
      () => historyAt(data, {time: 3}),
      /historyAt: argument `decision` must be within the follow-up of unit 1, \[0.5, 2\]; received 3/,
    );
    assert.throws(() => historyAt(data, {time: 0.2}), /within the follow-up of unit 1/);
    assert.deepEqual(historyAt(data, {time: 6}, {units: [0]}).time, Float64Array.of(0, 1, 4, 6));
    assert.throws(
      () => planAt(data, {time: 5}, 9, {units: [0]}),
      /planAt: argument `horizon` must be long enough for a time to forecast in some unit/,
    );
  });

  it('on a grid a decision by time is the decision by index at that time', () => {
    const grid = example(2), c = 3, time = grid.time[c], span = grid.time[6] - time;
    assert.deepEqual(historyAt(grid, {time}), historyAt(grid, c));
    assert.deepEqual(planAt(grid, {time}, span), planAt(grid, c, 3));
    assert.deepEqual(targetsAt(grid, {time}, span), targetsAt(grid, c, 3));
  });

  it('shows nothing that comes after each unit\'s own t_c: values, treatments or times', () =>
    fc.assert(fc.property(fc.nat(500), fc.double({min: 0.1, max: 0.5, noNaN: true}), (seed, share) => {
      const truth = irregular(seed, {observedShare: 1}), [N] = truth.outcomes.shape, end = {time: truth.followed};
      const time = Array.from({length: N}, (_, i) =>
        timesOf(truth, i)[0] + share * (truth.followed[i] - timesOf(truth, i)[0]));
      assert.deepEqual(historyAt(changedAfter(truth, time), {time}), historyAt(truth, {time}));
      assert.notDeepEqual(historyAt(changedAfter(truth, time), end), historyAt(truth, end));
    }), {numRuns: 40}));

  it('chosen units are those of the chosen trajectories', () => {
    const truth = irregular(3), units = [4, 0, 4], chosen = takeUnits(truth, units), time = 1.5;
    assert.deepEqual(historyAt(truth, 1, {units}), historyAt(chosen, 1));
    assert.deepEqual(planAt(truth, 1, 2, {units}), planAt(chosen, 1, 2));
    const at = {time: truth.ids.map((_, i) => timesOf(truth, i)[0] + time)};
    assert.deepEqual(
      historyAt(truth, at, {units: [4, 0]}), historyAt(takeUnits(truth, [4, 0]), {time: [at.time[4], at.time[0]]}),
    );
    assert.deepEqual([...chosen.followed, chosen.ids], [...units.map(i => truth.followed[i]), units.map(String)]);
  });
});

describe('covariates', () => {
  const covariate = (truth: Trajectories): Trajectories =>
    ({...truth, channels: {
      ...truth.channels, outcomes: [truth.channels.outcomes[0], {...truth.channels.outcomes[1], role: 'covariate'}],
    }});

  it('are read in every history and are never a target', () => {
    const truth = example(4, {observedShare: 1}), other = covariate(truth);
    assert.deepEqual(historyAt(other, 3), historyAt(truth, 3));
    assert.deepEqual(list(targetsAt(other, 3, 2).observed), list(targetsAt(truth, 3, 2).observed).map((v, k) =>
      (k % 2 ? 0 : v)));
    const [rows] = windows(other, {decisions: [3], horizon: 2, batch: 7, rng: rng(1)});
    const [all] = windows(truth, {decisions: [3], horizon: 2, batch: 7, rng: rng(1)});
    assert.deepEqual(rows.history, all.history);
    assert.deepEqual([...rows.target.observed], [...all.target.observed].map((v, k) => (k % 2 ? 0 : v)));
    assert.deepEqual([...rows.target.outcomes].map(v => v + 0), [...all.target.outcomes].map((v, k) =>
      (k % 2 ? 0 : v)));
  });
});

describe('training windows of irregular units', () => {
  const claim = 'hold each unit\'s own times exactly, as historyAt, planAt and targetsAt give them';
  it(claim, () => fc.assert(fc.property(fc.nat(500), fc.integer({min: 1, max: 5}), (seed, horizon) => {
    const truth = irregular(seed), decisions = [0, 2, 5];
    for (const each of ['one', 'all'] as const) {
      let seen = 0;
      for (const rows of windows(truth, {decisions, each, horizon, batch: 4, timeScale: 1, rng: rng(seed)})) {
        rows.units.forEach((unit, b) => {
          if (unit < 0) return;
          seen++;
          const c = rows.decisions[b], units = [unit];
          const part = (array: Float32Array) => array.subarray((b * array.length) / 4, ((b + 1) * array.length) / 4);
          const steps = Math.min(horizon, 8 - c);
          const history = historyRows(historyAt(truth, c, {units}), {length: 6, timeScale: 1});
          const plan = planRows(planAt(truth, c, steps, {units}), horizon);
          for (const key of Object.keys(history) as (keyof typeof history)[])
            assert.deepEqual(part(rows.history[key]), history[key], key);
          for (const key of ['duration', 'treatments'] as const) assert.deepEqual(part(rows.plan[key]), plan[key], key);
          const target = targetsAt(truth, c, steps, {units});
          const padded = (values: NdArray) => Float32Array.from({length: horizon * 2}, (_, k) => values.data[k] ?? 0);
          assert.deepEqual([part(rows.target.outcomes), part(rows.target.observed)], [
            padded(target.outcomes), padded(target.observed),
          ]);
        });
      }
      const counts = truth.ids.map((_, i) => timesOf(truth, i).length);
      assert.equal(
        seen,
        each === 'one' ? windowUnits(truth, decisions) : counts.flatMap(n => decisions.filter(c => c <= n - 2)).length,
      );
    }
  }), {numRuns: 20}));

  it('scaling learns from what was measured and given, not from padding', () => {
    const truth = irregular(9), inside = (k: number) => k >= 0;
    const padded: Trajectories =
      {...truth, treatments: ndarray(truth.treatments.shape, truth.treatments.data.map((v, at) => {
        const place = Math.floor(at / 2), [, T] = truth.outcomes.shape;
        return inside(at) && place % T >= timesOf(truth, Math.floor(place / T)).length - 1 ? 1e6 : v;
      }))};
    assert.deepEqual(fitScaler(padded, {of: 'treatments'}).mean, fitScaler(truth, {of: 'treatments'}).mean);
  });
});

describe('a data set from a CSV table', () => {
  it('takes ten lines', async () => {
    const rows = await readCsv(join(import.meta.dirname, 'ward.csv'));
    const ward = trajectoriesFromUnits([...new Set(rows.map(row => row.patient))].map(id => {
      const own = rows.filter(row => row.patient === id);
      const read = (...names: string[]) => own.map(row => names.map(name => csvNumber(row[name])));
      return {
        id, time: read('hour').flat() as number[], outcomes: read('pressure', 'lactate'), treatments: read('dose'),
        statics: read('age')[0] as number[],
      };
    }), {name: 'ward', timeUnit: 'h', channels: {
      outcomes: [{name: 'pressure', unit: 'mmHg'}, {name: 'lactate', unit: 'mmol/l', role: 'covariate'}],
      treatments: [{name: 'noradrenaline', unit: 'µg/kg/min'}], statics: [{name: 'age', unit: 'a'}],
    }});
    assert.deepEqual([ward.ids, ward.outcomes.shape, ward.treatments.shape, list(ward.statics)], [
      ['ann', 'ben', 'cyd'], [3, 4, 2], [3, 4, 2], [71, 54, 80],
    ]);
    assert.deepEqual([0, 1, 2].map(i => list(timesOf(ward, i))), [[0, 1.5, 4, 9.25], [0.5, 2, 6], [0, 8]]);
    assert.deepEqual(list(ward.observed).filter((_, k) => k % 2), [1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0]);
    assert.deepEqual(list(historyAt(ward, {time: 5}).treatments), [
      0.1, 0, 0.2, 0, 0, 1, 0.3, 0, 0.3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('refuses rows that do not fit the times or the channels', () => {
    const about = {
      name: 'x', timeUnit: 'h', channels: {outcomes: [channel('y')], treatments: [channel('a')], statics: []},
    };
    const unit = {id: 'a', time: [0, 1], outcomes: [[1], [2]], treatments: [[0], [1]]};
    assert.throws(
      () => trajectoriesFromUnits([{...unit, outcomes: [[1]]}], about),
      /`units\[0\].outcomes` must be 2 long; received 1/,
    );
    assert.throws(
      () => trajectoriesFromUnits([{...unit, treatments: [[0], [1, 2]]}], about),
      /`units\[0\].treatments\[1\]` must be 1 long; received 2/,
    );
    assert.throws(() => trajectoriesFromUnits([], about), /at least one/);
    assert.throws(() => trajectoriesFromUnits([unit, unit], about), /`ids` must be 2 different names/);
    assert.equal(trajectoriesFromUnits([{...unit, followed: 5}], about).followed[0], 5);
  });
});
