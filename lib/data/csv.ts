import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {pipeline, type Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';
import {parse} from 'csv-parse';
import {expect} from '../errors';

/** One row of a table: column name to text; `''` where the cell is empty. */
export type CsvRow = Readonly<Record<string, string>>;

/** Options of {@link csvRows}. */
export interface CsvOptions {
  /** What stands between cells, e.g. `';'` or `'\t'`. Default `','`. */
  readonly delimiter?: string;
}

/**
 * Rows of a CSV file with a header line, one at a time, so that a large table never lies in memory whole. UTF-8, or
 * UTF-16 with its mark; lines may end in any way; lines without a character are no rows, unless the table has a single
 * column. What is compressed with gzip, whatever its name, is decompressed on the way.
 * @throws ArgumentError when the file is missing or is no text, a column has no name of its own, or a row has another
 * number of cells than the header
 * @reference RFC 4180, Common format and MIME type for comma-separated values
 */
export async function* csvRows(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRow> {
  const problem = {fn: 'csvRows', argument: 'path', received: path};
  const head = await firstBytes(path).catch((error: Error) =>
    expect(false, {...problem, expected: 'a readable file', remedy: error.message}));
  const parser =
    parse({delimiter: options.delimiter ?? ',', relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r']});
  // Errors reach the reader through the parser, which the pipeline destroys with them.
  pipeline([createReadStream(path), ...(isGzip(head!) ? [createGunzip()] : []), decoded, parser] as never, () => {});
  try {
    yield* named(parser, options);
  } catch (error) {
    expect(false, {...problem, expected: 'a well-formed CSV file', remedy: explained(error as ParseError)});
  }
}

/**
 * All rows of a CSV file, for tables that fit in memory.
 * @throws ArgumentError as {@link csvRows}
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of csvRows(path, options)) rows.push(row);
  return rows;
}

/**
 * A cell as a number in decimal or scientific notation; `undefined` when it is empty.
 * @throws ArgumentError for any other text, a number outside float64, and a whole number that float64 would round
 */
export function csvNumber(cell: string): number | undefined {
  const text = cell.trim(), value = Number(text), fn = 'csvNumber', argument = 'cell';
  if (text === '') return undefined;
  expect(/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) && Number.isFinite(value), {
    fn, argument, expected: 'a number or empty', received: cell,
    remedy: 'Decimal point, no separators of thousands, no unit; write missing values as empty cells.',
  });
  expect(!/^[-+]?\d+$/.test(text) || BigInt(value) === BigInt(text.replace('+', '')), {
    fn, argument, expected: 'a whole number that float64 holds exactly', received: cell,
    remedy: 'Keep identifiers as text.',
  });
  return value;
}

/** What the parser knows when it stops: whole records before it, and the cell's place in its record. */
type ParseError = Error & {readonly code?: string; readonly records?: number; readonly index?: number};

/** Of a quote that never closes the parser names the file's last line, to which it looked for the end. */
function explained({code, message, records = 0, index = 0}: ParseError): string {
  if (code !== 'CSV_QUOTE_NOT_CLOSED') return message;
  return `Quote Not Closed: it opens in line ${records + 1} (a row of several lines counts as one), cell ${index + 1}: `
    + 'close it, or remove it.';
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const {buffer, bytesRead} = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** How other files than text begin that are taken for tables. */
const FOREIGN: Readonly<Record<string, string>> = {
  '504b0304': 'a zip archive or spreadsheet', 'd0cf11e0': 'a spreadsheet', '425a68': 'compressed with bzip2',
  'fd377a58': 'compressed with xz',
  '28b52ffd': 'compressed with zstd', '50415231': 'a Parquet file', '4152524f': 'an Arrow file',
};

/** Bytes to text. @throws Error for what is no text */
async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) yield clean((decoder ??= decoderFor(chunk)), chunk);
  if (decoder) yield clean(decoder);
}

function decoderFor(start: Buffer): TextDecoder {
  const foreign = Object.keys(FOREIGN).find(magic => start.subarray(0, 4).toString('hex').startsWith(magic));
  if (foreign) throw new Error(`It is ${FOREIGN[foreign]}: export it as CSV.`);
  const mark = start.subarray(0, 2).toString('hex');
  return new TextDecoder(mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8', {fatal: true});
}

function clean(decoder: TextDecoder, chunk?: Buffer): string {
  let text: string;
  try {
    text = decoder.decode(chunk, {stream: chunk !== undefined});
  } catch {
    throw new Error(`It is not all ${decoder.encoding} text: save it as UTF-8.`);
  }
  if (text.includes('\0')) {
    throw new Error('It holds NUL characters, as damaged files and UTF-16 without its mark do: save it as UTF-8.');
  }
  return text;
}

/** Records after the first as rows by its names. */
async function* named(records: Readable, {delimiter}: CsvOptions): AsyncGenerator<CsvRow> {
  let header: readonly string[] | undefined, row = 0;
  for await (const record of records as AsyncIterable<string[]>) {
    const blank = record.length === 1 && record[0] === '';
    if (blank && header?.length !== 1) continue;
    if (!header) checkHeader(header = record, delimiter);
    else yield asRow(header, record, ++row);
  }
  if (!header) throw new Error('It is empty: a table has a header line.');
}

function asRow(header: readonly string[], record: readonly string[], row: number): CsvRow {
  if (record.length !== header.length) {
    throw new Error(`Invalid Record Length: row ${row} has ${record.length} cells, the header ${header.length}.`);
  }
  return Object.fromEntries(header.map((name, k) => [name, record[k]]));
}

function checkHeader(header: readonly string[], delimiter: string | undefined): void {
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (/^sep=/i.test(header[0])) {
    throw new Error(`Its first line is the note ${JSON.stringify(header[0])} for a spreadsheet program: remove it.`);
  }
  if (twice !== undefined) throw new Error(`Two of its columns are named ${JSON.stringify(twice)}: rename one.`);
  const other = header.length === 1 && delimiter === undefined ? /[;\t|]/.exec(header[0])?.[0] : undefined;
  if (other) throw new Error(`Its header has no comma, but ${JSON.stringify(other)}: give the option delimiter.`);
}
