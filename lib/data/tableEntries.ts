import {expect} from '../errors';
import {cellNumber} from './tableNumber';
import type {TableRow, TableRoles} from './tableRoles';

/** One row of a table, read. */
export interface TableEntry {
  /** Counted from 1 below the header. */
  readonly row: number;
  readonly unit: string;
  /** NaN where a static value has none. */
  readonly time: number;
  readonly variable: string;
  /** `undefined` where the cell is empty. */
  readonly value: number | undefined;
}

/** A row as it is written, without spaces around its cells. */
interface Cells {
  readonly row: number;
  readonly unit: string;
  readonly time: string;
  readonly variable: string;
  readonly value: string;
}

type Column = 'unit' | 'time' | 'variable' | 'value';
const COLUMNS: readonly Column[] = ['unit', 'time', 'variable', 'value'];

/** Seconds in the units of time that dates can be counted in. */
const SECONDS: Readonly<Record<string, number>> = {s: 1, min: 60, h: 3600, d: 86_400, w: 604_800};

/**
 * Rows as entries, every cell checked; rows of variables to ignore are left out.
 * @throws ArgumentError naming row, column, what stands there and what to do
 */
export function tableEntries(rows: readonly TableRow[], options: TableRoles): TableEntry[] {
  const columns = columnNames(rows, options), ignored = new Set(options.ignore), missing = new Set(options.missing);
  const said = (cell: unknown) => (cell === null || cell === undefined ? '' : String(cell).trim());
  const all = rows.map((row, k): Cells => ({
    row: k + 1, unit: said(row[columns.unit]), time: said(row[columns.time]),
    variable: said(row[columns.variable]), value: said(row[columns.value]),
  }));
  const cells = all.filter(({variable}) => !ignored.has(variable))
    .map(cell => (missing.has(cell.value) ? {...cell, value: ''} : cell));
  checkNames(cells, columns, options);
  return timed(withValues(cells, columns, options), columns, options);
}

/** Where something is wrong, and what. */
export interface RowFault {
  readonly row: number;
  /** Follows "must be". */
  readonly expected: string;
  readonly received: unknown;
  readonly remedy: string;
}

/**
 * Refuses a table for the first fault, and names the other rows that have one.
 * @throws ArgumentError if there is one
 */
export function expectNoFault([first, ...others]: readonly RowFault[]): void {
  if (!first) return;
  const shown = others.slice(0, 5).map(({row}) => row).join(', '), left = others.length - 5;
  const also = others.length === 0 ? '' : ` So it is in row${others.length > 1 ? 's' : ''} ${shown}`
    + `${left > 0 ? ` and ${left} more` : ''}.`;
  const {row, expected, received, remedy} = first;
  expect(false, {
    fn: 'trajectoriesFromTable', argument: 'table', expected: `${expected} (row ${row} below the header)`, received,
    remedy: remedy + also,
  });
}

/** The nearest of some names, as a question; nothing where none is near. */
export function didYouMean(name: string, names: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const near = names.find(other => plain(other) === plain(name))
    ?? names.find(other => plain(name).length > 2 && (plain(other).includes(plain(name))
      || (plain(other).length > 2 && plain(name).includes(plain(other)))));
  return near === undefined ? '' : `Is it ${JSON.stringify(near)}? `;
}

function columnNames(rows: readonly TableRow[], {columns}: TableRoles): Readonly<Record<Column, string>> {
  expect(rows.length > 0, {
    fn: 'trajectoriesFromTable', argument: 'table', expected: 'of at least one row below its header', received: rows,
    remedy: 'Give one row for each measurement: whose, when, of what, and the value.',
  });
  const found = Object.keys(rows[0]);
  return Object.fromEntries(COLUMNS.map(column => {
    const name = columns?.[column] ?? column;
    expect(found.includes(name), {
      fn: 'trajectoriesFromTable', argument: 'table', expected: `with a column named ${JSON.stringify(name)}`,
      received: found,
      remedy: `${didYouMean(name, found)}Say which column holds the ${column}: columns: {${column}: '...'}.`,
    });
    return [column, name];
  })) as Record<Column, string>;
}

type Columns = ReturnType<typeof columnNames>;

function checkNames(cells: readonly Cells[], columns: Columns, options: TableRoles): void {
  for (const column of ['unit', 'variable'] as const) {
    expectNoFault(cells.filter(cell => cell[column] === '').map(({row}) => ({
      row, expected: `filled in column ${JSON.stringify(columns[column])}`, received: '',
      remedy: 'Every row says to whom and to what it belongs: fill the cell, or remove the row.',
    })));
  }
  const {outcomes, covariates = [], treatments = [], statics = []} = options;
  const known = [...outcomes, ...covariates, ...treatments, ...statics].map(({name}) => name), names = new Set(known);
  expectNoFault(cells.filter(({variable}) => !names.has(variable)).map(({row, variable}) => ({
    row, expected: `of variables that have a role in column ${JSON.stringify(columns.variable)}`, received: variable,
    remedy: `${didYouMean(variable, known)}Make it an outcome, a covariate, a treatment or a static channel, or give `
      + `ignore: [${JSON.stringify(variable)}]. Those with a role: ${known.join(', ')}.`,
  })));
}

interface Valued extends Cells {
  readonly number: number | undefined;
}

function withValues(cells: readonly Cells[], columns: Columns, {decimal = '.'}: TableRoles): Valued[] {
  const faults: RowFault[] = [], read = cells.map((cell): Valued => {
    if (cell.value === '') return {...cell, number: undefined};
    const found = cellNumber(cell.value, decimal);
    if ('value' in found) return {...cell, number: found.value};
    faults.push({
      row: cell.row, received: cell.value, remedy: found.remedy,
      expected: `a number in column ${JSON.stringify(columns.value)}, for ${cell.variable} of ${cell.unit}`,
    });
    return {...cell, number: undefined};
  });
  expectNoFault(faults);
  return read;
}

function timed(cells: readonly Valued[], columns: Columns, options: TableRoles): TableEntry[] {
  const {statics = [], clock = 'numbers', decimal = '.'} = options, faults: RowFault[] = [];
  const timeless = new Set(statics.map(({name}) => name)), {timeUnit} = options;
  expect(clock !== 'dates' || timeUnit in SECONDS, {
    fn: 'trajectoriesFromTable', argument: 'timeUnit', expected: `one of ${Object.keys(SECONDS).join(', ')} for dates`,
    received: timeUnit,
  });
  const read = clock === 'dates' ? dateSeconds : (text: string) => cellNumber(text, decimal);
  const entries = cells.map(({row, unit, time, variable, number}): TableEntry => {
    const entry = {row, unit, variable, value: number, time: NaN};
    if (time === '' && timeless.has(variable)) return entry;
    const found = time === '' ? {remedy: 'Say when it was, or remove the row.'} : read(time);
    if ('value' in found) return {...entry, time: found.value};
    faults.push({
      row, received: time,
      expected: `${clock === 'dates' ? 'a date' : 'a number'} in column ${JSON.stringify(columns.time)}, for ${unit}`,
      remedy: found.remedy === 'It looks like a date.'
        ? "Dates as 2024-03-01 or 2024-03-01 08:30 are read with clock: 'dates'; else write the time since a start."
        : found.remedy.replace(/^Leave cells empty.*/, 'Every measurement has a time: fill it in, or remove the row.'),
    });
    return entry;
  });
  expectNoFault(faults);
  return clock === 'dates' ? sinceFirst(entries, SECONDS[timeUnit]) : entries;
}

/**
 * A date, with or without time of day, as seconds; a time of day without a zone is read without leaps of summer time.
 */
function dateSeconds(text: string): {value: number} | {remedy: string} {
  const [, day, clock = '00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[-+]\d\d:?\d\d)?)?$/.exec(text) ?? [];
  const exists = day !== undefined && new Date(`${day}T00:00Z`).toJSON()?.startsWith(day);
  const value = exists ? Date.parse(`${day}T${clock}${zone}`) / 1000 : NaN;
  if (Number.isFinite(value)) return {value};
  return {remedy: 'Write dates as 2024-03-01 or 2024-03-01 08:30, of days that exist.'};
}

/** Seconds as time since the first that a unit has, in units of so many seconds. */
function sinceFirst(entries: readonly TableEntry[], seconds: number): TableEntry[] {
  const start = new Map<string, number>();
  for (const {unit, time} of entries) {
    if (!Number.isNaN(time)) start.set(unit, Math.min(start.get(unit) ?? Infinity, time));
  }
  return entries.map(entry => ({...entry, time: (entry.time - start.get(entry.unit)!) / seconds}));
}
