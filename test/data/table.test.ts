import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {historyAt, plannedAt, timesOf, trajectoriesFromTable, type TableRoles, type TableRow} from '../../lib/data';
import {heldOver} from '../../lib/data/tableSeries';

const roles: TableRoles = {
  timeUnit: 'h', outcomes: [{name: 'y', unit: 'mg'}], treatments: [{name: 'a', unit: 'ml/h'}],
};
const row = (unit: string, time: number | string, variable: string, value: number | string | null): TableRow =>
  ({unit, time, variable, value});
const ROWS = [
  row('p', 0, 'y', 5), row('p', 0, 'a', 2), row('p', 1, 'y', 6), row('p', 2.5, 'a', 0), row('p', 4, 'y', 7),
  row('q', 1, 'a', 1), row('q', 3, 'y', 9),
];
const read = (more: Partial<TableRoles> = {}, rows: readonly TableRow[] = ROWS) =>
  trajectoriesFromTable(rows, {...roles, ...more});
/** Values of unit `i`'s own times. */
const own = (array: {shape: readonly number[]; data: Float64Array}, i: number, count: number) =>
  Array.from(array.data.subarray(i * array.shape[1] * array.shape[2], (i * array.shape[1] + count) * array.shape[2]));

describe('A table in long form', () => {
  it('has as times of a unit those at which something was measured or changed', async () => {
    const found = await read(), {ids, counts, followed, name} = found;
    assert.deepEqual([ids, Array.from(counts!), Array.from(followed), name], [['p', 'q'], [4, 2], [4, 3], 'table']);
    assert.deepEqual([0, 1].map(i => Array.from(timesOf(found, i))), [[0, 1, 2.5, 4], [1, 3]]);
    assert.deepEqual([own(found.outcomes, 0, 4), own(found.observed, 0, 4)], [[5, 6, 0, 7], [1, 1, 0, 1]]);
  });

  it('has treatments that hold until the next row, from its time on', async () => {
    const {treatments} = await read();
    assert.deepEqual([own(treatments, 0, 4), own(treatments, 1, 2)], [[2, 2, 0, 0], [1, 1]]);
  });

  it('has amounts in the interval in which they are given, and none elsewhere', async () => {
    const {treatments} = await read({treatments: [{name: 'a', unit: 'mg', acts: 'once'}]});
    assert.deepEqual([own(treatments, 0, 4), own(treatments, 1, 2)], [[2, 0, 0, 0], [1, 0]]);
  });

  it('says by an option what holds before the first row of a treatment', async () => {
    const late = [...ROWS, row('r', 0, 'y', 1), row('r', 2, 'a', 3), row('r', 5, 'y', 2)];
    const nothing = await read({treatments: [{name: 'a', unit: 'ml/h', before: 0}]}, late);
    assert.deepEqual(own(nothing.treatments, 2, 3), [0, 3, 3]);
    const unknown = await read({treatments: [{name: 'a', unit: 'ml/h', before: 'unknown'}]}, late);
    assert.deepEqual(unknown.channels.treatments.map(({name}) => name), ['a', 'a unknown']);
    assert.deepEqual(own(unknown.treatments, 2, 3), [0, 1, 3, 0, 3, 0]);
  });

  it('means by an empty value: not measured, or a treatment unknown from then on', async () => {
    const found = await read({}, [...ROWS, row('p', 2, 'y', null), row('p', 3, 'a', '')]);
    assert.deepEqual(Array.from(timesOf(found, 0)), [0, 1, 2.5, 3, 4]);
    assert.deepEqual(own(found.treatments, 0, 5), [2, 0, 2, 0, 0, 0, 0, 1, 0, 1]);
  });

  it('is the same in any order of its rows, but for the order of units', () => fc.assert(fc.asyncProperty(
    fc.shuffledSubarray(ROWS, {minLength: ROWS.length}), async rows => {
      const units = (list: readonly TableRow[]) => [...list].sort((a, b) => (String(a.unit) < String(b.unit) ? -1 : 1));
      assert.deepEqual(await read({}, units(rows)), await read());
    },
  )));

  it('takes covariates, which are read and not forecast, and statics without a time', async () => {
    const more = [...ROWS, row('p', 1, 'temp', 37), row('p', '', 'age', 60), row('q', 0, 'age', 50)];
    const channels = {covariates: [{name: 'temp', unit: '°C'}], statics: [{name: 'age', unit: 'a'}]};
    const found = await read(channels, more);
    assert.deepEqual(found.channels.outcomes[1], {name: 'temp', unit: '°C', role: 'covariate'});
    assert.deepEqual([Array.from(timesOf(found, 1)), Array.from(found.statics.data)], [[1, 3], [60, 50]]);
  });

  it('takes the mean or the last of what is said twice, where asked to', async () => {
    const twice = [...ROWS, row('p', 1, 'y', 8)];
    const at = async (duplicates: 'mean' | 'last') => (await read({duplicates}, twice)).outcomes.data[1];
    assert.deepEqual([await at('mean'), await at('last')], [7, 8]);
  });

  it('takes dates as time since the first of each unit, across a change to summer time', async () => {
    const rows = [
      row('p', '2024-03-30 12:00', 'y', 1), row('p', '2024-03-31T12:00', 'y', 2), row('p', '2024-04-01', 'a', 1),
      row('q', '2024-02-28', 'y', 1), row('q', '2024-03-01T00:00+02:00', 'y', 1),
    ];
    const treatments = [{name: 'a', unit: 'ml/h', before: 0}];
    const found = await read({clock: 'dates', treatments}, rows);
    assert.deepEqual([0, 1].map(i => Array.from(timesOf(found, i))), [[0, 24, 36], [0, 46]]);
    const days = await read({clock: 'dates', timeUnit: 'd', treatments}, rows);
    assert.deepEqual(Array.from(timesOf(days, 0)), [0, 1, 1.5]);
  });

  it('on steps has means of outcomes since the step before, means of rates until the next, and sums of amounts',
    async () => {
      const rows = [...ROWS, row('p', 0, 'dose', 3), row('p', 2.5, 'dose', 4), row('p', 3.9, 'dose', 5)];
      const found = await read({
        step: 2, treatments: [{name: 'a', unit: 'ml/h'}, {name: 'dose', unit: 'mg', acts: 'once'}],
      }, [...rows, row('p', 1.5, 'y', 8)]);
      assert.deepEqual([0, 1].map(i => Array.from(timesOf(found, i))), [[0, 2, 4], [0, 2, 4]]);
      assert.deepEqual([own(found.outcomes, 0, 3), own(found.observed, 1, 3)], [[5, 7, 7], [0, 0, 1]]);
      assert.deepEqual([own(found.treatments, 0, 3), own(found.treatments, 1, 1)], [[2, 3, 0.5, 9, 0, 0], [1, 0]]);
    });

  it('a rate on steps gives as much as the rate itself', () => fc.assert(fc.property(
    fc.array(fc.tuple(fc.double({min: 0, max: 9.9, noNaN: true}), fc.integer({min: 0, max: 9})), {
      minLength: 1, maxLength: 8,
    }), changes => {
      const rates = new Map([[0, 1], ...changes]), time = [...rates.keys()].sort((a, b) => a - b);
      const series = {time, value: time.map(t => rates.get(t))};
      const total = time.reduce((sum, t, k) => sum + rates.get(t)! * ((time[k + 1] ?? 10) - t), 0);
      const steps = Array.from({length: 5}, (_, k) => 2 * heldOver(series, 2 * k, 2 * k + 2)!);
      assert.ok(Math.abs(steps.reduce((a, b) => a + b, 0) - total) < 1e-9);
    },
  )));

  it('of a file may have other names, semicolons, decimal commas, other words for nothing, and variables to leave out',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'obsnode-table-')), path = join(folder, 'ward.csv');
      const lines = ['\uFEFFid;hour;what;result', 'p;0;y;5,5', 'p;0;a;2', 'p;1,5;y;n.d.', 'p; 2 ;y; 6 ', 'p;3;z;1'];
      writeFileSync(path, lines.join('\r\n'));
      const found = await trajectoriesFromTable(path, {
        ...roles, columns: {unit: 'id', time: 'hour', variable: 'what', value: 'result'}, delimiter: ';', decimal: ',',
        missing: ['n.d.'], ignore: ['z'],
      }).finally(() => rmSync(folder, {recursive: true}));
      assert.deepEqual([Array.from(found.time as Float64Array), Array.from(found.outcomes.data)], [[0, 2], [5.5, 6]]);
      assert.equal(found.name, 'ward.csv');
    });
});

describe('A plan in durations', () => {
  it('begins at each unit\'s t_c, holds values and follows functions of the time since', async () => {
    const data = await read(), ahead = [0.5, 2];
    const plan = plannedAt(data, {time: 2}, {ahead, treatments: {a: since => (since < 0.5 ? 4 : 1)}});
    assert.deepEqual(Array.from(plan.time as Float64Array), [2, 2.5, 4]);
    assert.deepEqual(Array.from(plan.treatments.data), [4, 1, 4, 1]);
    const each = plannedAt(data, 1, {ahead, treatments: {a: 3}, units: [1, 0]});
    assert.deepEqual([0, 1].map(i => Array.from(timesOf(each, i))), [[3, 3.5, 5], [1, 1.5, 3]]);
    assert.deepEqual([0, 1].map(i => timesOf(historyAt(data, 1, {units: [1, 0]}), i)[1]), [3, 1]);
  });

  it('has no unknown treatment, and need not say so', async () => {
    const treatments = [{name: 'a', unit: 'ml/h', before: 'unknown' as const}];
    const data = await read({treatments}, [...ROWS, row('q', 0, 'y', 1)]);
    assert.deepEqual(Array.from(plannedAt(data, 0, {ahead: [1], treatments: {a: 7}}).treatments.data), [7, 0, 7, 0]);
  });

  const refused: readonly (readonly [string, object, RegExp])[] = [
    ['durations that fall', {ahead: [2, 1], treatments: {a: 0}}, /`ahead` must be increasing durations from above 0/],
    ['a duration of nothing', {ahead: [0, 1], treatments: {a: 0}}, /`ahead`/],
    ['no duration', {ahead: [], treatments: {a: 0}}, /`ahead`/],
    ['a treatment left out', {ahead: [1], treatments: {}}, /`treatments` must be for every treatment: "a".*Say 0/],
    ['a treatment that does not exist', {ahead: [1], treatments: {a: 0, b: 1}}, /received \["a", "b"\]/],
    ['a dose that is none', {ahead: [1], treatments: {a: () => NaN}}, /`treatments\["a"\]` must be a finite number/],
  ];
  for (const [claim, options, message] of refused) it(`refuses ${claim}`, async () => {
    const data = await read();
    assert.throws(() => plannedAt(data, {time: 2}, options as never), {name: 'ArgumentError', message});
  });
});
