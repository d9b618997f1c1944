import {createHash} from 'node:crypto';
import {resolve} from 'node:path';
import {expectWhole} from '../../../../errors';
import {bytesFree, bytesNeeded, expectRoom} from './disk';
import {gitWarning} from './gitTree';
import {mimicLayout, releaseOf, type MimicLayout, type SourceFile} from './layout';
import {holdFolder} from './lock';
import {readManifest, writeManifest, type Manifest, type PreparedTable} from './manifest';
import {writeNotice} from './notice';
import {prepareTable} from './prepare';
import {rulesDigest} from './rules';
import {mimicTable} from './tables';

/** How far the loading is. */
export interface LoadProgress {
  /** File that is being read, e.g. `hosp/labevents.csv.gz`. */
  readonly file: string;
  /** Bytes read so far, and in all. */
  readonly done: number;
  readonly total: number;
  /** Seconds left; missing at the beginning. */
  readonly left?: number;
}

/** Options of {@link loadMimic}. */
export interface LoadMimicOptions {
  /** Folder with `hosp` and `icu` of MIMIC-IV. */
  readonly from: string;
  /** Folder for the prepared tables. Default `data/cache/mimic-iv` of the project. */
  readonly to?: string;
  /** Megabytes that the engine may use, >= 200; the program itself takes about 200 more. Default 500. */
  readonly memory?: number;
  /** Threads of the engine, >= 1. Default 2. */
  readonly threads?: number;
  /** Ends the loading; what was prepared stays. */
  readonly signal?: AbortSignal;
  /** Told now and then how far it is. */
  readonly progress?: (progress: LoadProgress) => void;
  /** Told what the reader should know. */
  readonly warn?: (text: string) => void;
  /** Bytes free in a folder. Default: what the file system says. */
  readonly free?: (folder: string) => Promise<number>;
}

/** What {@link loadMimic} has done. */
export interface LoadedMimic {
  readonly folder: string;
  readonly release: string;
  /** Tables that were read in this run, and those that were up to date. */
  readonly read: readonly string[];
  readonly kept: readonly string[];
  readonly manifest: Manifest;
}

/** Where prepared tables are put and looked for by default. */
export const mimicFolder = resolve(__dirname, '../../../../../data/cache/mimic-iv');

/**
 * Prepares MIMIC-IV as PhysioNet ships it for `fillFromMimic`: each file is read once, of which the rows and columns
 * that the study needs become a Parquet file. The next run goes on where this one stopped, and repeats only what has
 * changed, a file or a rule. Nothing leaves the machine, and no message quotes what a file holds.
 * @throws ArgumentError naming file, column, line and remedy; AbortError when the signal says so
 * @reference Johnson et al. 2023, MIMIC-IV, a freely accessible electronic health record dataset.
 * doi:10.1038/s41597-022-01899-x
 */
export async function loadMimic(options: LoadMimicOptions): Promise<LoadedMimic> {
  const {from, to = mimicFolder, memory = 500, threads = 2, warn, free = bytesFree} = options;
  expectWhole('loadMimic', {memory}, 200);
  expectWhole('loadMimic', {threads});
  const layout = await mimicLayout(from), danger = gitWarning(to);
  if (danger) warn?.(danger);
  for (const {name, without} of layout.absent) warn?.(`${name} is not there: ${without}.`);
  expectRoom(to, bytesNeeded(changedFiles(layout, knownOf(to, layout))), await free(to));
  const letGo = holdFolder(to);
  try {
    return await loadAll(layout, {...options, to, memory, threads});
  } finally {
    letGo();
  }
}

async function loadAll(layout: MimicLayout, options: LoadMimicOptions & {to: string; memory: number; threads: number}) {
  const {to, signal, progress} = options, begin = performance.now();
  let manifest = knownOf(to, layout), before = 0;
  const todo = changedFiles(layout, manifest), total = todo.reduce((sum, {bytes}) => sum + bytes, 0);
  for (const file of todo) {
    signal?.throwIfAborted();
    const told = (part: number) => {
      const done = before + part * file.bytes, seconds = (performance.now() - begin) / 1000;
      const left = done > 0 && seconds > 2 ? seconds / done * (total - done) : undefined;
      progress?.({file: file.name, done, total, ...(left === undefined ? {} : {left})});
    };
    const {name} = file.table, rules = identityOf(name, manifest.tables);
    const prepared = await prepareTable(layout, file, rules, {...options, progress: told});
    manifest = {...manifest, tables: {...manifest.tables, [name]: prepared}};
    manifest = {...manifest, release: releaseOf(manifest.tables.patients?.rows ?? 0)};
    writeManifest(to, manifest);
    writeNotice(to, manifest.release);
    told(1);
    before += file.bytes;
  }
  writeManifest(to, manifest);
  const read = todo.map(({table}) => table.name), all = layout.files.map(({table}) => table.name);
  return Object.freeze({
    folder: to, release: manifest.release, read, kept: all.filter(name => !read.includes(name)), manifest,
  });
}

/** What is prepared already; a table whose file is no longer there is no longer prepared. */
export function knownOf(to: string, {absent}: MimicLayout): Manifest {
  const manifest = readManifest(to), gone = new Set(absent.map(({name}) => name));
  return {...manifest, tables: Object.fromEntries(Object.entries(manifest.tables).filter(([name]) => !gone.has(name)))};
}

/** Fingerprint of what chooses a table's rows: its own rules, and the tables prepared before by which rows are chosen. */
export function identityOf(name: string, prepared: Readonly<Record<string, PreparedTable>>): string {
  const {after, columns} = mimicTable(name);
  const chosen = after.map(other => [other, prepared[other]?.rules, prepared[other]?.sourceSha256]);
  return createHash('sha256').update(JSON.stringify([rulesDigest(name, columns), chosen])).digest('hex').slice(0, 16);
}

/** Files that have to be read, as they, their rules or tables before them have changed since they were prepared. */
export function changedFiles({files}: MimicLayout, {tables}: Manifest): SourceFile[] {
  const changed = new Set<string>();
  for (const {table: {name, after}, name: source, bytes, changed: time} of files) {
    const known = tables[name], same = known && known.source === source && known.sourceBytes === bytes
      && known.sourceChanged === time && known.rules === identityOf(name, tables);
    if (!same || after.some(other => changed.has(other))) changed.add(name);
  }
  return files.filter(({table}) => changed.has(table.name));
}
