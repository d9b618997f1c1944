import {createReadStream} from 'node:fs';
import {access} from 'node:fs/promises';
import type {Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';
import {parse} from 'csv-parse';
import {expect} from '../errors';

/** One row of a table: column name to text; `''` where the cell is empty. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * Rows of a CSV file with a header line, one at a time, so that a large table never lies in memory whole.
 * A name that ends in `.gz` is decompressed on the way.
 * @throws ArgumentError when the file is missing or a row has another number of cells than the header.
 */
export async function* csvRows(path: string): AsyncGenerator<CsvRow> {
  await access(path).catch(() => expect(false, {fn: 'csvRows', argument: 'path', expected: 'a readable file', received: path}));
  const parser = parse({columns: true, bom: true});
  const file = createReadStream(path), source: Readable = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // An error in a pipe does not travel down it.
  for (const stream of new Set<Readable>([file, source])) stream.on('error', (error: Error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const row of parser) yield row as CsvRow;
  } catch (error) {
    expect(false, {fn: 'csvRows', argument: 'path', expected: 'a well-formed CSV file', received: path, remedy: (error as Error).message});
  }
}

/** All rows of a CSV file, for tables that fit in memory. */
export async function readCsv(path: string): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of csvRows(path)) rows.push(row);
  return rows;
}

/** A cell as a number; `undefined` when it is empty. @throws ArgumentError for any other text that is no number. */
export function csvNumber(cell: string): number | undefined {
  if (cell.trim() === '') return undefined;
  const value = Number(cell);
  expect(Number.isFinite(value), {fn: 'csvNumber', argument: 'cell', expected: 'a number or empty', received: cell});
  return value;
}
