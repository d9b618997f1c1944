import type {SqlColumns, SqlValue} from '../../../data/database';
import {sepsisViews, type SepsisView, type SqlType} from '../views';

/** A table of the ward, its numbers packed; rows become values of SQL when they are asked for. */
export interface WardTable {
  readonly rows: number;
  /** Rows `[from, to)` by column. Default: all. */
  readonly columns: (from?: number, to?: number) => SqlColumns;
}

/** The eight views of a ward. */
export type WardTables = Readonly<Record<SepsisView, WardTable>>;

/** What a cell is given as; times in ms since 1970. */
export type WardCell = number | string | boolean | null;

/** A table that grows. */
export interface GrowingTable extends WardTable {
  /** Adds a row, cells in the order of the view's columns. */
  readonly add: (...cells: WardCell[]) => void;
}

/** An empty table for each view. */
export function growingTables(): Readonly<Record<SepsisView, GrowingTable>> {
  const views = Object.entries(sepsisViews).map(([name, {columns}]) => [name, growingTable(columns)]);
  return Object.freeze(Object.fromEntries(views) as Record<SepsisView, GrowingTable>);
}

function growingTable(columns: Readonly<Record<string, readonly [SqlType, string]>>): GrowingTable {
  const names = Object.keys(columns), packed = Object.values(columns).map(([type]) => packedColumn(type));
  let rows = 0;
  return Object.freeze({
    get rows() {
      return rows;
    },
    add: (...cells: WardCell[]) => {
      for (let k = 0; k < packed.length; k++) packed[k].set(rows, cells[k]);
      rows++;
    },
    columns: (from = 0, to = rows) => {
      const part = (k: number) => Array.from({length: Math.min(to, rows) - from}, (_, i) => packed[k].get(from + i));
      return Object.fromEntries(names.map((name, k) => [name, part(k)]));
    },
  });
}

interface PackedColumn {
  readonly set: (row: number, cell: WardCell) => void;
  readonly get: (row: number) => SqlValue;
}

/** Cells as float64: texts by their number in a list, missing cells as NaN, which no cell itself can be. */
function packedColumn(type: SqlType): PackedColumn {
  let numbers = new Float64Array(64);
  const texts: string[] = [], codes = new Map<string, number>();
  const code = (text: string) => {
    const known = codes.get(text) ?? codes.set(text, texts.length).size - 1;
    if (known === texts.length) texts.push(text);
    return known;
  };
  const unpacked: Record<SqlType, (v: number) => SqlValue> = {
    BIGINT: v => v, DOUBLE: v => v, BOOLEAN: v => v === 1, TIMESTAMP: v => new Date(v), VARCHAR: v => texts[v],
  };
  const unpack = unpacked[type];
  return {
    set: (row, cell) => {
      if (row >= numbers.length) {
        const larger = new Float64Array(2 * row);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[row] = cell === null ? NaN : typeof cell === 'string' ? code(cell) : Number(cell);
    },
    get: row => (Number.isNaN(numbers[row]) ? null : unpack(numbers[row])),
  };
}
