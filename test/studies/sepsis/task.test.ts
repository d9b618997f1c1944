import assert from 'node:assert/strict';
import {historyAt, timesOf, unitSeries, type Trajectories} from '../../../lib/data';
import {fold, normal, rng, uniform} from '../../../lib/math';
import {
  chooseCovariates, paperCovariates, sepsisSplit, sepsisTask, stretches, type Course, type Series, type StayRecord,
} from '../../../lib/studies/sepsis';

const series = (...points: readonly (readonly [number, number])[]): Series =>
  ({time: points.map(([t]) => t), value: points.map(([, v]) => v)});
const everyHour = (from: number, to: number, value: (h: number) => number): Series =>
  series(...Array.from({length: to - from + 1}, (_, k) => [from + k, value(from + k)] as const));

/** An invented stay of ten hours. */
const stay: StayRecord = {
  stay: 7, person: 'a', age: 60, male: true, weight: 80, ended: 10.2,
  sofa: everyHour(-3, 10, h => Math.abs(h)),
  values: {
    creatinine: series([-25, 9], [-20, 1], [0.4, 3], [2.4, 5], [2.6, 7], [3.4, 9], [10.9, 4]),
    bilirubin: series([1, 0.5]), alt: series([1.2, 20]), sbp: series([4, 120]),
  },
  courses: [
    {drug: 0, start: -5, stop: 1.4}, {drug: 0, start: 5.2}, {drug: 1, start: -30, stop: -20},
    {drug: 1, start: 3, stop: 4},
  ],
};

const NONE = undefined;
const channelOf = ({channels}: Trajectories, name: string) => channels.outcomes.findIndex(c => c.name === name);
/** Values of a channel, undefined where not observed. */
const seen = (data: Trajectories, unit: number, name: string) => {
  const j = channelOf(data, name), marks = unitSeries(data.observed, unit, j);
  return Array.from(unitSeries(data.outcomes, unit, j), (v, k) => (marks[k] === 1 ? Number(v.toFixed(9)) : NONE));
};

describe('when a drug is given', () => {
  const course = (start: number, stop?: number): Course => ({drug: 0, start, ...(stop === undefined ? {} : {stop})});
  const given = (courses: readonly Course[], rounded = true) => stretches(courses, {gap: 12, ended: 40, rounded});

  it('begins at time zero at the earliest, ends with the record, and is rounded to hours', () => {
    assert.deepEqual(given([course(-5, 2.4), course(30.5)]), [[0, 2], [31, 40]]);
    assert.deepEqual(given([course(-5, 2.4), course(30.5, 90)], false), [[0, 2.4], [30.5, 40]]);
    assert.deepEqual(given([course(-9, -1), course(5.6, 6.4), course(40, 50)]), []);
  });

  it('closes gaps shorter than 12 h, of any number of orders in any order', () => {
    assert.deepEqual(given([course(13, 14), course(0, 2), course(1, 1.9)]), [[0, 14]]);
    assert.deepEqual(given([course(14, 15), course(0, 2)]), [[0, 2], [14, 15]]);
    assert.deepEqual(given([course(0, 20), course(1, 2), course(21, 22)]), [[0, 22]]);
  });
});

describe('a stay on the grid of hours', () => {
  const {trajectories: data, absent, persons} = sepsisTask([stay], {hours: 12, name: 'invented'});

  it('has SOFA, the side effects, covariates, counts; what nobody has is left out', () => {
    assert.deepEqual(data.channels.outcomes.map(({name}) => name), [
      'SOFA', 'creatinine', 'bilirubin', 'ALT', 'sbp', 'times measured: creatinine', 'times measured: bilirubin',
      'times measured: ALT', 'times measured: sbp',
    ]);
    assert.deepEqual(data.channels.outcomes.map(({role}) => role ?? 'forecast').slice(0, 6),
      ['forecast', 'forecast', 'forecast', 'forecast', 'covariate', 'covariate']);
    assert.deepEqual([...absent].sort(), ['anion_gap', 'bicarbonate', 'bun', 'dbp', 'platelets', 'rdw']);
    assert.deepEqual([persons, data.ids, data.outcomes.shape[1], data.timeUnit], [['a'], ['7'], 13, 'h']);
  });

  it('values at the nearest hour, averaged; of the day before at hour 0; none behind the end', () => {
    assert.deepEqual(seen(data, 0, 'creatinine'), [2, NONE, 5, 8, ...new Array(9).fill(NONE)]);
    assert.deepEqual(seen(data, 0, 'sbp').slice(3, 6), [NONE, 120, NONE]);
    const counts = [2, 2, 3, 5, 5, 5, 5, 5, 5, 5, 5].map(n => Number((n / 13).toFixed(9)));
    assert.deepEqual(seen(data, 0, 'times measured: creatinine'), [...counts, NONE, NONE]);
  });

  it('SOFA is the nearest, that of hour 0 at hour 0, and ends with the record', () => {
    assert.deepEqual(seen(data, 0, 'SOFA'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NONE, NONE]);
    const late = sepsisTask([{...stay, sofa: series([-3, 5], [1.6, 4], [8, 6])}], {hours: 12}).trajectories;
    assert.deepEqual(seen(late, 0, 'SOFA').slice(0, 11), [4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6]);
  });

  it('drugs as 0 and 1 with gaps closed, until the record ends; hours since the last start before time zero', () => {
    const of = (j: number) => Array.from(unitSeries(data.treatments, 0, j));
    assert.deepEqual(of(0), [...new Array(10).fill(1), 0, 0, 0]);
    assert.deepEqual(of(1), [0, 0, 0, 1, ...new Array(9).fill(0)]);
    assert.deepEqual(of(2), new Array(13).fill(0));
    const statics = Object.fromEntries(data.channels.statics.map(({name}, j) => [name, data.statics.data[j]]));
    assert.deepEqual(statics, {
      age: 60, height: 0, weight: 80, male: 1, 'age missing': 0, 'height missing': 1, 'weight missing': 0,
      'male missing': 0, 'since vancomycin': 5, 'since ceftriaxone': 30, 'since piperacillin-tazobactam': 0,
    });
  });

  it('logarithms, other covariates and no counts, if asked for', () => {
    const {trajectories: logs} = sepsisTask([stay], {hours: 12, logs: true, counts: false, covariates: ['sbp']});
    assert.deepEqual(logs.channels.outcomes.map(({name}) => name),
      ['SOFA', 'log creatinine', 'log bilirubin', 'log ALT', 'sbp']);
    assert.equal(seen(logs, 0, 'log creatinine')[2], Number(Math.log(5).toFixed(9)));
    assert.equal(seen(logs, 0, 'sbp')[4], 120);
  });

  it('stays without a drug within the hours are left out if asked for', () => {
    const late = {...stay, stay: 9, courses: [{drug: 2, start: 9, stop: 10}, {drug: 0, start: -9, stop: -1}]};
    const ids = (hours: number) => sepsisTask([stay, late], {hours, treated: true}).trajectories.ids;
    assert.deepEqual([ids(12), ids(9), sepsisTask([stay, late], {hours: 9}).trajectories.ids],
      [['7', '9'], ['7'], ['7', '9']]);
    assert.throws(() => sepsisTask([late], {hours: 9, treated: true}), /with one that is treated; received "1 without/);
  });

  it('refuses what it cannot do', () => {
    assert.throws(() => sepsisTask([]), /`stays` must be at least one/);
    assert.throws(() => sepsisTask([{...stay, sofa: series()}]), /each with SOFA.*of which 1 without/);
    assert.throws(() => sepsisTask([{...stay, values: {}}]), /with a value of creatinine/);
    assert.throws(() => sepsisTask([stay], {covariates: ['pulse' as 'sbp']}), /`covariates` must be of platelets/);
    assert.throws(() => sepsisTask([stay], {hours: 0}), /`hours` must be a whole number >= 1/);
    assert.throws(() => sepsisTask([stay], {times: 'daily' as 'grid'}), /`times` must be 'grid' or 'irregular'/);
  });
});

describe('a stay at its own times', () => {
  const other: StayRecord = {...stay, stay: 8, ended: 3, sofa: everyHour(0, 3, () => 2), courses: [], values: {
    alt: series([0.5, 30]),
  }};
  const {trajectories: data} = sepsisTask([stay, other], {hours: 12, times: 'irregular', counts: false});

  it('keeps what was charted when, the hours of SOFA, and the changes of drugs', () => {
    assert.deepEqual(Array.from(timesOf(data, 0)),
      [0, 0.4, 1, 1.2, 2, 2.4, 2.6, 3, 3.4, 4, 5, 6, 7, 8, 9, 10, 10.2]);
    assert.deepEqual(Array.from(timesOf(data, 1)), [0, 0.5, 1, 2, 3]);
    assert.deepEqual(seen(data, 0, 'creatinine').slice(0, 9), [1, 3, NONE, NONE, NONE, 5, 7, NONE, 9]);
    assert.deepEqual(seen(data, 0, 'SOFA').slice(0, 5), [0, NONE, 1, NONE, 2]);
    assert.deepEqual(Array.from(data.followed), [10.2, 3]);
  });

  it('knows at a decision only what had been charted', () => {
    const {outcomes, observed, time} = historyAt(data, {time: 2.5}), j = channelOf(data, 'creatinine');
    const last = (time as {shape: readonly number[]}).shape[1] - 1;
    assert.deepEqual(Array.from(unitSeries(outcomes, 0, j)).filter((_, k) => unitSeries(observed, 0, j)[k] === 1),
      [1, 3, 5]);
    assert.ok(last < 17);
  });

  it('drugs act between their exact times', () => {
    const ceftriaxone = Array.from(unitSeries(data.treatments, 0, 1)), times = Array.from(timesOf(data, 0));
    assert.deepEqual(times.filter((_, k) => ceftriaxone[k] === 1), [3, 3.4]);
  });
});

/** Invented stays: SOFA follows creatinine and opposes platelets; half of them lack creatinine at hour 0. */
function invented(n: number): StayRecord[] {
  const level = uniform(fold(rng(5), 'level'), n), noise = normal(fold(rng(5), 'noise'), 4 * n);
  return Array.from({length: n}, (_, i) => ({
    stay: i + 1, person: `p${i >> 1}`, ended: 48, sofa: everyHour(0, 48, () => Math.round(10 * level[i])), courses: [],
    ...(i % 3 === 0 ? {} : {age: 40 + 40 * level[i]}), male: i % 2 === 0, height: 170, weight: 60 + 30 * level[i],
    values: {
      creatinine: series([i % 2 === 0 ? 0 : 4, 1 + 3 * level[i] + 0.1 * noise[i]]),
      bilirubin: series([2, 1 + level[i]]),
      alt: series([0, 20 + 5 * noise[n + i]]), sbp: series([1, 120 + noise[2 * n + i]]),
      platelets: series([1, 300 - 200 * level[i]]), ...(i % 4 === 0 ? {bun: series([3, 20 + 30 * level[i]])} : {}),
      bicarbonate: series([13.6, 24 - 10 * level[i]]),
    },
  }));
}

describe('covariates by the rule', () => {
  it('are those that half of the stays have and that go with SOFA in the first twelve hours', () => {
    const choices = chooseCovariates(invented(200)), of = (name: string) => choices.find(c => c.quantity === name)!;
    assert.deepEqual(choices.filter(c => c.chosen).map(c => c.quantity).sort(),
      ['bilirubin', 'creatinine', 'platelets']);
    assert.ok(of('platelets').correlation! < -0.95 && of('creatinine').correlation! > 0.9);
    assert.deepEqual([of('bun').present, of('bun').chosen], [0.25, false]);
    assert.deepEqual([of('bicarbonate').present, of('bicarbonate').correlation], [1, undefined], 'too late');
    assert.ok(Math.abs(of('alt').correlation!) < 0.3 && !of('alt').chosen);
    assert.deepEqual(of('rdw'), {quantity: 'rdw', present: 0, chosen: false});
    assert.ok(chooseCovariates(invented(200), {present: 0.2}).find(c => c.quantity === 'bun')!.chosen);
  });

  it('printed by the paper are ten, beside SOFA', () => assert.equal(paperCovariates.length, 10));
});

describe('splits', () => {
  const task = sepsisTask(invented(100)), split = sepsisSplit(task, rng(3));

  it('share no person, hold every stay once, in 64, 16 and 20 per cent', () => {
    const person = new Map(task.trajectories.ids.map((id, i) => [id, task.persons[i]]));
    const sets = [split.train, split.validation, split.test].map(({ids}) => new Set(ids.map(id => person.get(id))));
    for (const [a, b] of [[0, 1], [0, 2], [1, 2]])
      assert.deepEqual([...sets[a]].filter(who => sets[b].has(who)), []);
    const ids = [split.train, split.validation, split.test].map(set => set.ids);
    assert.deepEqual(ids.map(set => set.length), [64, 16, 20]);
    assert.equal(new Set(ids.flat()).size, 100);
  });

  it('follow from the generator', () => {
    assert.deepEqual(sepsisSplit(task, rng(3)).test.ids, split.test.ids);
    assert.notDeepEqual(sepsisSplit(task, rng(4)).test.ids, split.test.ids);
  });

  it('have gaps at hour 0 filled near the truth, measured values and later gaps as they were', () => {
    const raw = sepsisSplit(task, rng(3), {neighbours: 'none'}), j = channelOf(task.trajectories, 'creatinine');
    const {outcomes: {shape: [N, T, dy], data}, observed, statics} = split.test, [, ds] = statics.shape;
    let filled = 0;
    for (let i = 0; i < N; i++) {
      const level = uniform(fold(rng(5), 'level'), 100)[Number(split.test.ids[i]) - 1];
      assert.equal(observed.data[i * T * dy + j], 1);
      if (raw.test.observed.data[i * T * dy + j] === 1) {
        assert.equal(data[i * T * dy + j], raw.test.outcomes.data[i * T * dy + j]);
      } else {
        filled++;
        assert.ok(Math.abs(data[i * T * dy + j] - (1 + 3 * level)) < 1, `${data[i * T * dy + j]} at ${level}`);
      }
      assert.ok(Math.abs(statics.data[i * ds] - (40 + 40 * level)) < 12, 'age');
    }
    assert.ok(filled > 3);
    const later = (t: Trajectories) => Array.from(t.observed.data).filter((_, k) => Math.floor(k / dy) % T > 0);
    assert.deepEqual(later(split.test), later(raw.test));
  });

  it('learn nothing from stays that are tested', () => {
    const spoilt = invented(100).map(each => (split.test.ids.includes(`${each.stay}`)
      ? {...each, values: {...each.values, alt: series([0, 9e5])}} : each));
    const again = sepsisSplit(sepsisTask(spoilt), rng(3));
    assert.deepEqual(again.train, split.train);
    assert.deepEqual(again.validation, split.validation);
    assert.deepEqual(again.scaling, split.scaling);
  });

  it('count errors in the spread of what was measured', () => {
    const j = channelOf(task.trajectories, 'creatinine'), raw = sepsisSplit(task, rng(3), {neighbours: 'none'}).train;
    const values = Array.from(raw.outcomes.data).filter((_, k) =>
      k % raw.outcomes.shape[2] === j && raw.observed.data[k] === 1);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    assert.ok(Math.abs(split.scaling.divisors[j]! - sd) < 1e-12);
  });

  it('fill the stays of another hospital, if the channels are the same', () => {
    const others = sepsisTask(invented(6)).trajectories;
    assert.ok(split.fill(others).observed.data[channelOf(others, 'creatinine') + others.outcomes.shape[1]
      * others.outcomes.shape[2]] === 1);
    const logs = sepsisTask(invented(6), {logs: true}).trajectories;
    assert.throws(() => split.fill(logs), /channels of the training stays/);
  });

  it('refuse a handful of stays and distances that do not exist', () => {
    assert.throws(() => sepsisSplit(sepsisTask(invented(4)), rng(1)), /at least 5 stays/);
    assert.throws(() => sepsisSplit(task, rng(1), {distance: 'far' as 'raw'}), /`distance` must be/);
    assert.ok(sepsisSplit(task, rng(1), {distance: 'raw'}).train.outcomes.data.every(Number.isFinite));
  });
});
