import {
  DuckDBDataChunk, DuckDBInstance, JSToDuckDBValueConverter, type DuckDBConnection, type JS,
} from '@duckdb/node-api';
import {expect, expectWhole} from '../errors';

/** A value of a table: `null` is missing; dates and times are `Date`s, read as UTC. */
export type SqlValue = string | number | boolean | Date | null;

/** Values for `$name` in a statement. */
export type SqlValues = Readonly<Record<string, SqlValue>>;

/** A table by its columns, all of one length. */
export type SqlColumns = Readonly<Record<string, ArrayLike<SqlValue>>>;

/** Tables that are asked in SQL; one connection, so statements run one after the other. */
export interface Database {
  /** Runs statements, separated by `;`, for what they do. */
  run(sql: string, values?: SqlValues): Promise<void>;
  /** Rows of a query. */
  rows<Row extends Readonly<Record<string, SqlValue>>>(sql: string, values?: SqlValues): Promise<Row[]>;
  /** The same by columns, for results of many rows. */
  columns<Names extends string>(sql: string, values?: SqlValues): Promise<Record<Names, SqlValue[]>>;
  /**
   * Appends rows to a table that exists, `name`, `schema.name` or `catalog.schema.name` without quotes; every one of
   * its columns must be given.
   */
  insert(table: string, columns: SqlColumns): Promise<void>;
  /** Stops the statement in progress; its promise rejects. */
  interrupt(): void;
  /** Closes the database; one in memory is lost. */
  close(): void;
}

/** Options of {@link openDatabase}. */
export interface DatabaseOptions {
  /** File of the database. Default: it lives in memory. */
  readonly path?: string;
  /** Megabytes of memory that it may use, >= 64; what does not fit goes to disk. Default 700. */
  readonly memory?: number;
  /** Threads, >= 1. Default 2. */
  readonly threads?: number;
  /** Folder for what does not fit. Default: the engine's own choice, beside the file or below the current folder. */
  readonly temporary?: string;
}

const CHUNK = 2048;

/**
 * Opens a database of DuckDB: SQL over tables in memory, CSV (compressed or not) and Parquet files.
 * @throws ArgumentError for options out of range; Error of the engine for a file that it cannot open
 * @reference Raasveldt, Mühleisen 2019, DuckDB: an embeddable analytical database. doi:10.1145/3299869.3320212
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const {path = ':memory:', memory = 700, threads = 2, temporary} = options;
  expectWhole('openDatabase', {memory}, 64);
  expectWhole('openDatabase', {threads});
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${memory}MB`, threads: String(threads), autoinstall_known_extensions: 'false',
    ...(temporary === undefined ? {} : {temp_directory: temporary}),
  });
  const connection = await instance.connect();
  const columns = async (sql: string, values?: SqlValues) => {
    const result = await connection.run(sql, values as never);
    return fromEngine(await result.getColumnsObjectJS());
  };
  return Object.freeze({
    run: async (sql: string, values?: SqlValues) => void await connection.run(sql, values as never),
    rows: async <Row>(sql: string, values?: SqlValues) => rowsOf(await columns(sql, values)) as Row[],
    columns: columns as Database['columns'],
    insert: (table: string, given: SqlColumns) => insert(connection, table, given),
    interrupt: () => connection.interrupt(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  });
}

/** Whole numbers of 64 bits become numbers, as everything here is below 2^53. */
function fromEngine(columns: Record<string, JS[]>): Record<string, SqlValue[]> {
  const plain = (v: JS) => (typeof v === 'bigint' ? Number(v) : v) as SqlValue;
  return Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, list.map(plain)]));
}

function rowsOf(columns: Record<string, SqlValue[]>): Record<string, SqlValue>[] {
  const names = Object.keys(columns), n = names.length > 0 ? columns[names[0]].length : 0;
  return Array.from({length: n}, (_, i) => Object.fromEntries(names.map(name => [name, columns[name][i]])));
}

async function insert(connection: DuckDBConnection, table: string, columns: SqlColumns): Promise<void> {
  const fn = 'insert', lengths = Object.values(columns).map(column => column.length), [n = 0] = lengths;
  expect(lengths.every(length => length === n), {
    fn, argument: 'columns', expected: 'columns of one length', received: lengths,
  });
  const empty = await connection.run(`SELECT * FROM ${table} LIMIT 0`), names = empty.columnNames();
  const types = empty.columnTypes();
  expect(names.length === lengths.length && names.every(name => Object.hasOwn(columns, name)), {
    fn, argument: 'columns', expected: `the columns of ${table}: ${names.join(', ')}`,
    received: Object.keys(columns).join(', '),
  });
  const [name, schema, catalog] = table.split('.').reverse();
  const appender = await connection.createAppender(name, schema, catalog);
  for (let from = 0; from < n; from += CHUNK) {
    const chunk = DuckDBDataChunk.create(types), to = Math.min(from + CHUNK, n);
    chunk.setColumnsConverted(names.map(name => sliced(columns[name], from, to)), JSToDuckDBValueConverter);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

const sliced = (column: ArrayLike<SqlValue>, from: number, to: number): SqlValue[] =>
  Array.from({length: to - from}, (_, k) => column[from + k]);
