import type {DataFrame} from 'danfojs-node';
import {expect, expectWhole} from '../errors';
import {mimeSymbol, type MimeBundle, type RichDisplay} from './mime';
import {saveFiles} from './save';
import {tableToHtml, tableToMarkdown, tableToText} from './tableFormats';
import {tableToLatex} from './tableLatex';
import type {TableCell, TableLayout} from './tableLayout';
import {stringify} from 'csv-stringify/sync';

/** A number with its spread. */
export interface Measured {
  readonly mean: number;
  /** Standard deviation, >= 0; say of what in the table's notes. */
  readonly sd?: number;
}

/** One line of a table of results. */
export interface ResultRow {
  readonly method: string;
  /** Lines of one group stand together under its heading. */
  readonly group?: string;
  /** Where the numbers come from, e.g. `'published'`, `'as written'`. */
  readonly source?: string;
  /** What the method was allowed to know. */
  readonly information?: string;
  /** One a column; null where there is no number. */
  readonly values: readonly (Measured | number | string | null)[];
  /** What the reader must know before comparing: becomes a numbered note. */
  readonly note?: string;
  /** Whether it may win a column; default: not when it knows the truth or the equations. */
  readonly competes?: boolean;
  /**
   * Digits after the point of this line, where they are not those of the table: numbers taken from print have as many
   * as were printed.
   */
  readonly digits?: number;
  /**
   * One a column: whether the number is marked as best. Default: the lowest (or highest) printed number of its group
   * is.
   */
  readonly best?: readonly boolean[];
}

/** Options of {@link resultTable}. */
export interface ResultTableOptions {
  readonly title: string;
  /** Headings of the value columns, with unit where it is not in the title. */
  readonly columns: readonly string[];
  /** Heading of the first column, default `'method'`. */
  readonly rowTitle?: string;
  /** Digits after the point, 0 to 10, default 3. */
  readonly digits?: number;
  /** Which numbers win, default `'low'`; `'none'` marks nothing. */
  readonly best?: 'low' | 'high' | 'none';
  /** Sentences below the table. */
  readonly notes?: readonly string[];
}

/** Results side by side, immutable, with the ways out of it. */
export interface ResultTable extends RichDisplay {
  readonly title: string;
  readonly rows: readonly ResultRow[];
  /** Flat records, mean and sd in columns of their own: what the CSV and the data frame hold. */
  readonly records: readonly Readonly<Record<string, string | number | null>>[];
  /** A danfojs data frame of the records; loads danfojs (about 3 s) at first use. */
  frame(): Promise<DataFrame>;
  /** The records, one line a row under a header. */
  toCsv(): string;
  /** A table of GitHub's Markdown. */
  toMarkdown(): string;
  /** A `table` environment with booktabs rules. */
  toLatex(options?: {readonly label?: string}): string;
  /** A `table` element. */
  toHtml(): string;
  toString(): string;
  /** Writes `name.csv`, `.md` and `.tex` into `dir`, each whole or not at all. @returns their paths */
  save(dir: string, name: string): Promise<readonly string[]>;
  /** HTML, Markdown and text together. */
  [mimeSymbol](): MimeBundle;
}

/**
 * A table of results with mean ± sd, marks of the best in each column and group, what each method knew, and notes.
 * @throws ArgumentError on missing or not finite numbers
 */
export function resultTable(rows: readonly ResultRow[], options: ResultTableOptions): ResultTable {
  checkTable(rows, options);
  const layout = layoutTable(rows, options);
  const records = rows.map(row => record(row, options));
  const self: ResultTable = {
    title: options.title, rows: Object.freeze([...rows]), records: Object.freeze(records),
    frame: async () => new (await import('danfojs-node')).DataFrame(records.map(one => ({...one}))),
    toCsv: () => stringify(records, {header: true}),
    toMarkdown: () => tableToMarkdown(layout),
    toLatex: ({label} = {}) => tableToLatex(layout, {label}),
    toHtml: () => tableToHtml(layout),
    toString: () => tableToText(layout),
    save: (dir, name) => saveFiles('save', dir, name, {
      csv: self.toCsv(), md: self.toMarkdown(), tex: self.toLatex({label: `tab:${name}`}),
    }),
    [mimeSymbol]: () => ({
      data: {'text/html': self.toHtml(), 'text/markdown': self.toMarkdown(), 'text/plain': self.toString()},
      metadata: {},
    }),
  };
  return Object.freeze(self);
}

function checkTable(rows: readonly ResultRow[], {columns, digits = 3}: ResultTableOptions) {
  const fn = 'resultTable';
  expect(rows.length > 0, {fn, argument: 'rows', expected: 'at least one row', received: rows});
  expect(new Set(columns).size === columns.length && columns.length > 0, {
    fn, argument: 'columns', expected: 'different headings', received: columns,
  });
  expectWhole(fn, {digits}, 0, 10);
  rows.forEach((row, i) => {
    expect(row.values.length === columns.length, {
      fn, argument: `rows[${i}].values`, expected: `${columns.length} values, one a column`,
      received: row.values.length,
    });
    row.values.forEach((value, k) => {
      const numbers =
        typeof value === 'number' ? [value] : typeof value === 'object' && value ? [value.mean, value.sd ?? 0] : [];
      expect(numbers.every(Number.isFinite) && (numbers[1] ?? 0) >= 0, {
        fn, argument: `rows[${i}].values[${k}]`, expected: 'finite, with sd >= 0', received: value,
        remedy: 'Write null where there is no number.',
      });
    });
  });
}

const knowing = new Set(['truth', 'equations + history + plan']);

function layoutTable(rows: readonly ResultRow[], options: ResultTableOptions): TableLayout {
  const {digits = 3, columns} = options;
  const labelled = (['source', 'information'] as const).filter(key => rows.some(row => row[key]));
  const notes = [...new Set(rows.flatMap(row => (row.note ? [row.note] : [])))];
  const mark = (row: ResultRow) => (row.note ? ` [${notes.indexOf(row.note) + 1}]` : '');
  const groups = [...new Set(rows.map(row => row.group ?? ''))];
  const ordered = groups.flatMap(group => rows.filter(row => (row.group ?? '') === group));
  const plain = (text: string): TableCell => ({text, best: false});
  return {
    title: options.title,
    head: [options.rowTitle ?? 'method', ...labelled.map(key => (key === 'information' ? 'knows' : key)), ...columns],
    labels: 1 + labelled.length,
    lines: ordered.map(row => ({
      group: row.group,
      cells:
        [plain(row.method + mark(row)), ...labelled.map(key => plain(row[key] ?? '')), ...row.values.map((value, k) =>
          ({text: format(value, row.digits ?? digits), best: isBest(row, k, rows, options)}))],
    })),
    notes: [...notes.map((note, i) => `[${i + 1}] ${note}`), ...(options.notes ?? [])],
  };
}

function format(value: ResultRow['values'][number], digits: number): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  const {mean, sd} = typeof value === 'number' ? {mean: value, sd: undefined} : value;
  return sd === undefined ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${spread(sd, digits)}`;
}

/** A spread that is there, if too small for the digits, is not written as none. */
function spread(sd: number, digits: number): string {
  return sd > 0 && Number(sd.toFixed(digits)) === 0 ? `<${(10 ** -digits).toFixed(digits)}` : sd.toFixed(digits);
}

/**
 * Marks given for one row of a group hold for the whole group. Else ties as printed all win: a difference that the
 * table does not show decides nothing.
 */
function isBest(
  row: ResultRow, column: number, rows: readonly ResultRow[], {best = 'low', digits = 3}: ResultTableOptions,
): boolean {
  if (rows.some(one => one.group === row.group && one.best)) return best !== 'none' && row.best?.[column] === true;
  const printed = (one: ResultRow) => {
    const value = one.values[column];
    return typeof value === 'number' ? Number(value.toFixed(digits))
      : typeof value === 'object' && value ? Number(value.mean.toFixed(digits))
      : undefined;
  };
  const rivals = rows.filter(one => one.group === row.group && (one.competes ?? !knowing.has(one.information ?? '')))
    .map(printed)
    .filter(value => value !== undefined);
  const mine = printed(row);
  if (best === 'none' || mine === undefined || rivals.length < 2
      || !(row.competes ?? !knowing.has(row.information ?? ''))) return false;
  return mine === (best === 'low' ? Math.min(...rivals) : Math.max(...rivals));
}

function record(
  row: ResultRow, {columns, rowTitle = 'method'}: ResultTableOptions,
): Record<string, string | number | null> {
  const numbers = columns.flatMap((column, k): [string, string | number | null][] => {
    const value = row.values[k];
    return typeof value === 'object' && value
      ? [[column, value.mean], [`${column} sd`, value.sd ?? null]]
      : [[column, value], [`${column} sd`, null]];
  });
  return {
    ...(row.group === undefined ? {} : {group: row.group}), [rowTitle]: row.method, source: row.source ?? '',
    information: row.information ?? '', ...Object.fromEntries(numbers), note: row.note ?? '',
  };
}
