import {closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {openDatabase, type Database} from '../../../../data/database';
import type {SqlType} from '../../views';
import {publishedChecksums} from './checksums';
import {engineFault, type EngineFault} from './engineFault';
import {leastPosition} from './enginePosition';
import type {MimicLayout, SourceFile} from './layout';
import {preparedFile, type PreparedTable} from './manifest';
import {readThrough} from './readThrough';
import {refuse} from './refusal';
import {createRules, sqlFile} from './rules';
import {quoted} from './sqlText';

/** Where and how tables are prepared. */
export interface PrepareOptions {
  readonly to: string;
  /** Megabytes that the engine may use. */
  readonly memory: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Told how much of the file is done, in [0, 1]. */
  readonly progress: (part: number) => void;
}

/**
 * Prepares one table: one pass through its file, of which the wanted rows and columns become a Parquet file, whole or
 * not at all.
 * @param rules fingerprint that is written down with it
 * @throws ArgumentError for a damaged file, a cell or row that cannot be read, a full disk, too little memory;
 * AbortError when the signal says so
 */
export async function prepareTable(
  layout: MimicLayout, file: SourceFile, rules: string, options: PrepareOptions,
): Promise<PreparedTable> {
  const {to, memory, threads, signal} = options, target = preparedFile(to, file.table.name);
  const beside = `${target}.${process.pid}.tmp`, spill = join(to, `spill.${process.pid}.tmp`);
  const database = await openDatabase({memory, threads, temporary: spill});
  try {
    await createRules(database);
    await createSources(database, layout, file, to).catch(error =>
      refuseFault(file, engineFault(error, file.table.columns), options));
    const {rows, sha256} = await copy(database, file, beside, options);
    const published = publishedChecksums(layout.folder).get(file.name);
    if (published && published !== sha256) refuseFile(file, 'a file with another SHA-256 than SHA256SUMS.txt says');
    signal?.throwIfAborted();
    moveIntoPlace(beside, target);
    return {
      source: file.name, sourceBytes: file.bytes, sourceChanged: file.changed, sourceSha256: sha256, rules, rows,
      bytes: statSync(target).size,
    };
  } finally {
    database.close();
    for (const path of [beside, spill]) rmSync(path, {recursive: true, force: true});
  }
}

/**
 * The file as a view `source`, and the prepared tables that choose its rows. The engine does not know how many rows a
 * file has, and might hold them all to look up the few items in them: joins stay as they are written, with the small
 * tables second.
 */
async function createSources(
  database: Database, {absent}: MimicLayout, {table, path, columns}: SourceFile, to: string,
): Promise<void> {
  for (const name of table.after) {
    const there = !absent.some(other => other.name === name);
    const from = there ? `read_parquet(${quoted(preparedFile(to, name), 'path')})` : 'antibiotic_items';
    await database.run(`CREATE VIEW ${name} AS SELECT * FROM ${from}`);
  }
  const typed = columns.map(name => `${quoted(name)}: ${quoted(table.columns[name] ?? 'VARCHAR')}`);
  await database.run(`
    CREATE VIEW source AS SELECT * FROM read_csv(
      ${quoted(path, 'path')}, auto_detect = FALSE, header = TRUE, delim = ',', quote = '"', escape = '"', nullstr = '',
      compression = ${quoted(path.endsWith('.gz') ? 'gzip' : 'none')}, columns = {${typed.join(', ')}}
    );
    SET disabled_optimizers = 'join_order,build_side_probe_side'`);
}

/** Runs the engine and the reading through side by side; a fault that reading finds explains one that the engine has. */
async function copy(database: Database, file: SourceFile, beside: string, options: PrepareOptions) {
  const {signal, progress} = options, select = sqlFile(`extracts/${file.table.name}`);
  let read = 0;
  const stop = () => database.interrupt();
  const path = realpathSync(file.path);
  const timer = setInterval(() => progress(Math.min(read, leastPosition(path) ?? read) / file.bytes), 200);
  signal?.addEventListener('abort', stop);
  try {
    const reading = readThrough(file.path, {signal, read: bytes => (read += bytes)});
    const faults = reading.then(({fault}) => (fault ? stop() : undefined), stop);
    const copying = database.rows<{Count: number}>(
      `COPY (${select}) TO ${quoted(beside)} (FORMAT parquet, COMPRESSION zstd)`);
    const [found, copied] = await Promise.allSettled([reading, copying, faults]);
    signal?.throwIfAborted();
    if (found.status === 'rejected') refuseFile(file, `a file that cannot be read (${codeOf(found.reason)})`);
    else if (found.value.fault) refuseFile(file, `a file that ${found.value.fault}`);
    else if (copied.status === 'rejected') refuseFault(file, engineFault(copied.reason, file.table.columns), options);
    else return {rows: copied.value[0].Count, sha256: found.value.sha256};
    throw new Error('unreachable');
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

const WANTED: Readonly<Record<SqlType, string>> = {
  BIGINT: 'whole numbers', DOUBLE: 'numbers', TIMESTAMP: 'dates with times', BOOLEAN: 'yes or no', VARCHAR: 'text',
};

function refuseFile({name}: SourceFile, received: string): never {
  refuse({
    argument: 'from', expected: `${name} as PhysioNet ships it`, received, remedy: `Download ${name} again; what was `
      + 'prepared of other files stays, and the next run goes on with this one.',
  });
}

function refuseFault(file: SourceFile, fault: EngineFault, {to, memory}: PrepareOptions): never {
  const {kind, received, line, column} = fault, {name, table} = file;
  if (kind === 'disk') {
    refuse({
      argument: 'to', expected: `${to} with room for what is kept of ${name}`, received,
      remedy: 'Make room or name another folder with --to; the next run goes on with this file.',
    });
  }
  if (kind === 'memory') {
    refuse({
      argument: 'memory', expected: `enough for ${name}`, received: `${memory} MB`,
      remedy: 'Give more with --memory; the next run goes on with this file.',
    });
  }
  const place = `${name}${line ? `, line ${line}` : ''}`;
  refuse({
    argument: 'from', received,
    expected: column ? `${place}, with ${WANTED[table.columns[column]]} in column ${column}` : `${place}, well formed`,
    remedy: kind === 'other'
      ? `Tell the makers of this program what is written here; of ${name} nothing was kept.`
      : `Download ${name} again, or mend this line; the next run goes on with this file.`,
  });
}

/** The file is on the disk before its name is. */
function moveIntoPlace(beside: string, target: string): void {
  const file = openSync(beside, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, target);
}
