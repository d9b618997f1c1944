import {trajectoriesFromUnits, type UnitRecord} from '../../../data/fromUnits';
import type {Trajectories} from '../../../data/trajectories';
import {expect, expectWhole} from '../../../errors';
import {quantities, type QuantityName} from '../quantities';
import {isLogarithmic, sepsisChannels, sideEffects} from './channels';
import {hoursSinceStart, stretches, type Stretch} from './courses';
import {paperCovariates} from './covariates';
import {byHour, nearest} from './hours';
import {studiedAntibiotics, type Series, type StayRecord} from './records';

/** Options of {@link sepsisTask}. */
export interface SepsisTaskOptions {
  /** Name of the data, shown with every score. Default `'sepsis'`. */
  readonly name?: string;
  /** Measured quantities beside SOFA; the side effects come first in any case. Default {@link paperCovariates}. */
  readonly covariates?: readonly QuantityName[];
  /** Last hour, >= 1. Default 48. */
  readonly hours?: number;
  /** Hours before time zero whose values count for hour 0, >= 0. Default 24. */
  readonly before?: number;
  /**
   * `'grid'`: one time an hour for everyone, values at the nearest whole hour, as in the paper. `'irregular'`: each
   * stay's own times as they were charted, with the ends of its hours of SOFA and the starts and ends of its drugs.
   * Default `'grid'`.
   */
  readonly times?: 'grid' | 'irregular';
  /** Logarithms of creatinine, bilirubin, ALT, urea nitrogen and platelets in place of these. Default false. */
  readonly logs?: boolean;
  /** Whether the number of measurements so far, divided by the number of hours, is a covariate too. Default true. */
  readonly counts?: boolean;
  /** Only stays that get one of the three drugs within the hours, as in the paper. Default false. */
  readonly treated?: boolean;
  /** Gaps between orders of one drug shorter than so many hours are closed, >= 0. Default 12. */
  readonly gap?: number;
}

/** A cohort as a question for forecasters. */
export interface SepsisTask {
  /**
   * Outcomes SOFA and the three side effects, covariates, the three antibiotics as 0 or 1, statics. Behind the end of a
   * stay's record nothing is observed and nothing given. What is missing at hour 0 and in the statics is still missing
   * (statics: 0 with a mark): {@link sepsisSplit} fills it.
   */
  readonly trajectories: Trajectories;
  /** `[N]`: whose stay each is. */
  readonly persons: readonly string[];
  /** Covariates asked for that no stay has, left out. */
  readonly absent: readonly QuantityName[];
}

type Settings = Required<Omit<SepsisTaskOptions, 'name' | 'covariates'>> & {readonly names: readonly QuantityName[]};

/**
 * Stays of a cohort as trajectories. Values from before time zero are averaged with those of hour 0, but for SOFA,
 * whose value at each time is the nearest. On the grid a value may come from up to half an hour after its hour, as in
 * the paper; `times: 'irregular'` has none of that.
 * @param stays as `readStays` gives them
 * @throws ArgumentError for options out of range, no stays, or no value of SOFA or of a side effect in any
 * @paper A.3.3
 */
export function sepsisTask(stays: readonly StayRecord[], options: SepsisTaskOptions = {}): SepsisTask {
  const {name = 'sepsis', covariates = paperCovariates} = options, settings = checked(stays, covariates, options);
  const kept = settings.treated ? stays.filter(stay => isTreated(stay, settings)) : stays;
  expect(kept.length > 0, {
    fn: 'sepsisTask', argument: 'stays', expected: 'with one that is treated',
    received: `${stays.length} without drugs`,
  });
  const asked = [...new Set<QuantityName>([...sideEffects, ...covariates])];
  const absent = asked.filter(quantity => !kept.some(stay => isMeasured(stay, quantity, settings)));
  const lost = sideEffects.find(effect => absent.includes(effect));
  expect(lost === undefined, {
    fn: 'sepsisTask', argument: 'stays', expected: `with a value of ${lost}`, received: 'none',
  });
  const used = {...settings, names: asked.filter(quantity => !absent.includes(quantity))};
  const units = kept.map(stay => (used.times === 'grid' ? gridUnit(stay, used) : irregularUnit(stay, used)));
  return Object.freeze({
    trajectories: trajectoriesFromUnits(units, {name, timeUnit: 'h', channels: sepsisChannels(used.names, used)}),
    persons: Object.freeze(kept.map(({person}) => person)), absent: Object.freeze(absent),
  });
}

function checked(
  stays: readonly StayRecord[], covariates: readonly QuantityName[], options: SepsisTaskOptions,
): Settings {
  const {hours = 48, before = 24, times = 'grid', logs = false, counts = true, gap = 12} = options;
  const {treated = false} = options, fn = 'sepsisTask';
  expectWhole(fn, {hours});
  expect([before, gap].every(h => h >= 0 && h < Infinity), {
    fn, argument: 'before or gap', expected: 'hours >= 0', received: [before, gap],
  });
  expect(['grid', 'irregular'].includes(times), {
    fn, argument: 'times', expected: "'grid' or 'irregular'", received: times,
  });
  const odd = covariates.find(quantity => !Object.hasOwn(quantities, quantity));
  expect(odd === undefined, {
    fn, argument: 'covariates', expected: `of ${Object.keys(quantities).join(', ')}`, received: odd,
  });
  const bare = stays.filter(({sofa, ended}) => sofa.time.length === 0 || !(ended > 0)).length;
  expect(stays.length > 0 && bare === 0, {
    fn, argument: 'stays', expected: 'at least one, each with SOFA and a record after time zero',
    received: `${stays.length}, of which ${bare} without`,
  });
  return {hours, before, times, logs, counts, gap, treated, names: []};
}

const NOTHING: Series = Object.freeze({time: [], value: []});

/** Means of a quantity by hour, none after the end of the record. */
const hourly = (stay: StayRecord, quantity: QuantityName, {before, hours}: Settings) =>
  byHour(stay.values[quantity] ?? NOTHING, {before, hours: Math.min(hours, Math.round(stay.ended))});

/** Whether a stay has a value of a quantity at any of its times. */
function isMeasured(stay: StayRecord, quantity: QuantityName, settings: Settings): boolean {
  if (settings.times === 'grid') return hourly(stay, quantity, settings).size > 0;
  return exact(stay.values[quantity] ?? NOTHING, settings.before, Math.min(settings.hours, stay.ended)).size > 0;
}

const scaled = (quantity: QuantityName, value: number, {logs}: Settings): number =>
  (logs && isLogarithmic(quantity) ? Math.log(value) : value);

/** One unit on the grid of hours; it goes on, empty, behind the end of the record. */
function gridUnit(stay: StayRecord, settings: Settings): UnitRecord {
  const {hours, names, counts} = settings, time = Array.from({length: hours + 1}, (_, h) => h);
  const end = Math.round(stay.ended), means = names.map(quantity => hourly(stay, quantity, settings));
  const soFar = names.map(() => 0), given = drugs(stay, settings);
  const outcomes = time.map(h => {
    means.forEach((mean, j) => (soFar[j] += mean.get(h)?.count ?? 0));
    if (h > end) return new Array<undefined>(1 + names.length * (counts ? 2 : 1)).fill(undefined);
    const values = names.map((quantity, j) => {
      const mean = means[j].get(h)?.mean;
      return mean === undefined ? undefined : scaled(quantity, mean, settings);
    });
    return [nearest(stay.sofa, h), ...values, ...(counts ? soFar.map(n => n / time.length) : [])];
  });
  return {id: `${stay.stay}`, time, outcomes, treatments: time.map(h => given.map(on(h))), statics: statics(stay)};
}

/** One unit at its own times, from time zero to its last within the hours. */
function irregularUnit(stay: StayRecord, settings: Settings): UnitRecord {
  const {hours, names, counts} = settings, end = Math.min(hours, stay.ended), given = drugs(stay, settings);
  const events = names.map(quantity => exact(stay.values[quantity] ?? NOTHING, settings.before, end));
  const scores = new Map(stay.sofa.time.map((t, i) => [t, stay.sofa.value[i]] as const));
  const inside = (times: readonly number[]) => times.filter(t => t > 0 && t <= end);
  const time = [...new Set([
    0, ...inside([...scores.keys()]), ...events.flatMap(own => inside([...own.keys()])), ...inside(given.flat(2)),
  ])].sort((a, b) => a - b);
  const soFar = names.map(() => 0);
  const outcomes = time.map(t => {
    events.forEach((own, j) => (soFar[j] += own.get(t)?.count ?? 0));
    const values = names.map((quantity, j) => {
      const mean = events[j].get(t)?.mean;
      return mean === undefined ? undefined : scaled(quantity, mean, settings);
    });
    const score = t === 0 ? nearest(stay.sofa, 0) : scores.get(t);
    return [score, ...values, ...(counts ? soFar.map(n => n / (hours + 1)) : [])];
  });
  return {
    id: `${stay.stay}`, time, outcomes, treatments: time.map(t => given.map(on(t))), statics: statics(stay),
    followed: end,
  };
}

/** Values at their times, those of up to `before` hours before time zero averaged at it. */
function exact({time, value}: Series, before: number, end: number) {
  const found = new Map<number, {mean: number; count: number}>();
  time.forEach((t, i) => {
    if (t < -before || t > end) return;
    const at = Math.max(0, t), {mean, count} = found.get(at) ?? {mean: 0, count: 0};
    found.set(at, {mean: mean + (value[i] - mean) / (count + 1), count: count + 1});
  });
  return found;
}

/** When each of the three drugs is given. */
const drugs = ({courses, ended}: StayRecord, {gap, times}: Settings): Stretch[][] =>
  studiedAntibiotics.map((_, drug) => stretches(courses.filter(course => course.drug === drug), {
    gap, ended, rounded: times === 'grid',
  }));

/** Whether one of the three drugs is given at some time that is asked about. */
const isTreated = (stay: StayRecord, settings: Settings): boolean =>
  drugs(stay, settings).flat().some(([start]) => start < settings.hours);

/** 1 where one of the stretches of a drug holds time `t`, else 0. */
const on = (t: number) => (own: readonly Stretch[]): number =>
  (own.some(([start, stop]) => start <= t && t < stop) ? 1 : 0);

function statics({age, height, weight, male, courses}: StayRecord): number[] {
  const body = [age, height, weight, male === undefined ? undefined : Number(male)];
  return [
    ...body.map(value => value ?? 0), ...body.map(value => (value === undefined ? 1 : 0)),
    ...studiedAntibiotics.map((_, drug) => hoursSinceStart(courses.filter(course => course.drug === drug))),
  ];
}
