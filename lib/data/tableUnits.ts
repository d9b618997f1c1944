import {expect} from '../errors';
import type {UnitRecord} from './fromUnits';
import type {TableRoles, TableTreatment} from './tableRoles';
import {didYouMean, expectNoFault, type TableEntry} from './tableEntries';
import {givenIn, heldOver, measuredIn, type TableSeries} from './tableSeries';
import type {Channel} from './trajectories';

/** Most times of a unit: a model reads each of them, one after the other. */
const MOST = 1000;
const fn = 'trajectoriesFromTable', argument = 'table';

/**
 * Entries as units, in the order in which they first occur.
 * @throws ArgumentError for entries that contradict each other, and units that say too little or too much
 */
export function tableUnits(entries: readonly TableEntry[], options: TableRoles): UnitRecord[] {
  expectOccurring(entries, options);
  const timeless = new Set((options.statics ?? []).map(({name}) => name));
  const dated = withoutRepeats(entries.filter(({variable}) => !timeless.has(variable)), options);
  const fixed = staticValues(entries.filter(({variable}) => timeless.has(variable)), entries, options);
  const units = new Map<string, TableEntry[]>(entries.map(({unit}) => [unit, []]));
  for (const entry of dated) units.get(entry.unit)!.push(entry);
  return [...units].map(([id, own]) => ({...unitRecord(id, own, options), statics: fixed(id)}));
}

const outcomeChannels = ({outcomes, covariates = []}: TableRoles): readonly Channel[] => [...outcomes, ...covariates];

/** Every variable with a role occurs, with a value where it is measured. */
function expectOccurring(entries: readonly TableEntry[], options: TableRoles): void {
  const found = [...new Set(entries.filter(({value}) => value !== undefined).map(({variable}) => variable))];
  const {treatments = [], statics = []} = options;
  for (const {name} of [...outcomeChannels(options), ...treatments, ...statics]) expect(found.includes(name), {
    fn, argument, expected: `with a value of ${JSON.stringify(name)}`, received: found,
    remedy: `${didYouMean(name, found)}Name the variable as the table does, or give it no role.`,
  });
}

/** One entry for each unit, variable and time; outcomes without a value are none. */
function withoutRepeats(entries: readonly TableEntry[], options: TableRoles): TableEntry[] {
  const measured = new Set(outcomeChannels(options).map(({name}) => name)), places = new Map<string, TableEntry[]>();
  for (const entry of entries) {
    if (entry.value === undefined && measured.has(entry.variable)) continue;
    const key = JSON.stringify([entry.unit, entry.time, entry.variable]), same = places.get(key);
    if (same) same.push(entry);
    else places.set(key, [entry]);
  }
  const twice = [...places.values()].filter(same => same.length > 1);
  if (options.duplicates === undefined) expectNoFault(twice.map(same => ({
    row: same[1].row, received: same.map(({value}) => value),
    expected: `one row for ${same[0].variable} of ${same[0].unit} at time ${same[0].time}`,
    remedy: `Row ${same[0].row} says it too. Remove one, or give duplicates: 'mean' or 'last'.`,
  })));
  return [...places.values()].map(same => (same.length === 1 || options.duplicates !== 'mean'
    ? same[same.length - 1]
    : {...same[0], value: measuredIn(seriesOf(same), -Infinity, Infinity)}));
}

const seriesOf = (entries: readonly TableEntry[]): TableSeries =>
  ({time: entries.map(({time}) => time), value: entries.map(({value}) => value)});

/** Gives each unit's static values, `[ds]`. */
function staticValues(
  entries: readonly TableEntry[], all: readonly TableEntry[], {statics = []}: TableRoles,
): (unit: string) => number[] {
  const key = (unit: string, name: string) => JSON.stringify([unit, name]), first = new Map<string, TableEntry>();
  for (const entry of entries) {
    if (entry.value === undefined) continue;
    const known = first.get(key(entry.unit, entry.variable));
    if (!known) first.set(key(entry.unit, entry.variable), entry);
    else expectNoFault(known.value === entry.value ? [] : [{
      row: entry.row, received: entry.value, expected: `${known.value} as ${entry.variable} of ${entry.unit}`,
      remedy: `Row ${known.row} says so, and a static value does not change: correct one, or make it a covariate.`,
    }]);
  }
  for (const unit of new Set(all.map(({unit}) => unit))) for (const {name} of statics) {
    expect(first.has(key(unit, name)), {
      fn, argument, expected: `with a row for ${name} of every unit`, received: `none for ${unit}`,
      remedy: 'Add it, leave the unit out, or give the variable no role.',
    });
  }
  return unit => statics.map(({name}) => first.get(key(unit, name))!.value!);
}

function unitRecord(id: string, entries: readonly TableEntry[], options: TableRoles): UnitRecord {
  const {treatments = [], outcomes, step, timeUnit} = options;
  const series = seriesByName([...entries].sort((a, b) => a.time - b.time));
  const seen = [...new Set(entries.map(({time}) => time))].sort((a, b) => a - b);
  expectSeen(id, seen, outcomes.filter(({name}) => series(name).time.length > 0).length, options);
  const times = step === undefined ? seen.length : stepRange(seen, step).count;
  expect(times <= MOST, {
    fn, argument, expected: `of at most ${MOST} times a unit`, received: `${times} times of ${id}`,
    remedy: `Give a ${step === undefined ? '' : 'longer '}step, such as step: ${coarse(seen)} (${timeUnit}).`,
  });
  const time = step === undefined ? seen : steps(seen, step);
  const doses = treatments.map(treatment => treatmentPath(id, treatment, series(treatment.name), seen[0]));
  return {
    id, time,
    outcomes: time.map((t, k) => outcomeChannels(options).map(({name}) =>
      measuredIn(series(name), time[k - 1] ?? -Infinity, k === time.length - 1 ? Infinity : t))),
    treatments: time.map((t, k) => doses.map(dose => dose(t, time[k + 1] ?? Infinity))),
  };
}

function seriesByName(entries: readonly TableEntry[]): (name: string) => TableSeries {
  const byName = new Map<string, TableEntry[]>();
  for (const entry of entries) byName.set(entry.variable, [...(byName.get(entry.variable) ?? []), entry]);
  const series = new Map([...byName].map(([name, own]) => [name, seriesOf(own)]));
  return name => series.get(name) ?? {time: [], value: []};
}

function expectSeen(id: string, seen: readonly number[], outcomes: number, options: TableRoles): void {
  const names = options.outcomes.map(({name}) => name).join(', ');
  expect(outcomes > 0, {
    fn, argument, expected: `with a measured outcome (${names}) of every unit`, received: `none of ${id}`,
    remedy: 'Nothing can be learned from it: leave the unit out, or look whether its name is written in two ways.',
  });
  expect(seen.length > 1, {
    fn, argument, expected: 'of at least two times a unit', received: `one, ${seen[0]}, of ${id}`,
    remedy: 'A forecast needs a time to decide at and a later one: leave the unit out.',
  });
}

/** Multiples of `step` from at or before the first time to at or after the last. */
function steps(seen: readonly number[], step: number): number[] {
  const {from, count} = stepRange(seen, step);
  return Array.from({length: count}, (_, k) => Number(((from + k) * step).toPrecision(12)));
}

function stepRange(seen: readonly number[], step: number): {from: number; count: number} {
  const from = Math.floor(seen[0] / step + 1e-9), to = Math.ceil(seen[seen.length - 1] / step - 1e-9);
  return {from, count: Math.max(to - from, 1) + 1};
}

/** A step with which the span has a few hundred times, of one digit. */
const coarse = (seen: readonly number[]): number =>
  Number(((seen[seen.length - 1] - seen[0]) / (MOST / 4)).toPrecision(1));

/** What acts from one time to another. */
function treatmentPath(
  id: string, {name, acts, before}: TableTreatment, series: TableSeries, start: number,
): (from: number, to: number) => number | undefined {
  if (acts === 'once') return (from, to) => givenIn(series, from, to);
  if (series.time[0] === start) return (from, to) => heldOver(series, from, to);
  expect(before !== undefined, {
    fn, argument, expected: `with a row for ${name} at the first time of every unit`,
    received: `${id} from ${start} on, ${series.time.length ? `${name} from ${series.time[0]} on` : `no ${name}`}`,
    remedy: `Add the row, or say what holds before: before: 0 for the treatment ${name} if nothing is given, or `
      + "before: 'unknown'.",
  });
  const whole = {
    time: [start, ...series.time], value: [before === 'unknown' ? undefined : before, ...series.value],
  };
  return (from, to) => heldOver(whole, from, to);
}
