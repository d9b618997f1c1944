import {existsSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {columnNames, plainBytes} from './header';
import {refuse} from './refusal';
import {mimicTables, type MimicTable} from './tables';

/** A file of MIMIC-IV as it lies in the folder. */
export interface SourceFile {
  readonly table: MimicTable;
  /** Below the folder, with `/`, e.g. `hosp/labevents.csv.gz`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Time of its last change in ms since 1970. */
  readonly changed: number;
  /** All its columns in their order. */
  readonly columns: readonly string[];
}

/** What lies in a folder of MIMIC-IV. */
export interface MimicLayout {
  readonly folder: string;
  readonly files: readonly SourceFile[];
  /** Tables that are not there and can be done without. */
  readonly absent: readonly MimicTable[];
}

/** Releases that are read. */
export const READ = 'MIMIC-IV 2.2, 3.0 or 3.1, or the open demo 2.2';

const OBTAIN = 'Download hosp and icu of MIMIC-IV 2.2 or 3.1 from https://physionet.org/content/mimiciv/ (credentialed) '
  + 'or of its open demo from https://physionet.org/content/mimic-iv-demo/2.2/, and name the folder that holds both.';

/**
 * Finds the files of MIMIC-IV in a folder and reads their first lines. Nothing is written.
 * @throws ArgumentError for a folder of another data set or release, a missing or empty file, and a missing column
 */
export async function mimicLayout(folder: string): Promise<MimicLayout> {
  refuseOthers(folder);
  const found = mimicTables.map(table => ({table, name: fileOf(folder, table)}));
  const missing = found.filter(({table, name}) => !name && !table.without).map(({table}) => pathOf(table));
  if (missing.length > 0) {
    refuse({
      argument: 'from', expected: `${folder} with ${missing.join(', ')}`, received: 'a folder without', remedy: OBTAIN,
    });
  }
  const files: SourceFile[] = [];
  for (const {table, name} of found) if (name) files.push(await sourceFile(folder, table, name));
  refuseOlder(files);
  files.forEach(refuseWithoutColumns);
  return Object.freeze({folder, files, absent: found.filter(({name}) => !name).map(({table}) => table)});
}

const pathOf = ({module, name}: MimicTable): string => `${module}/${name}.csv.gz`;

const fileOf = (folder: string, {module, name}: MimicTable): string | undefined =>
  [`${module}/${name}.csv.gz`, `${module}/${name}.csv`].find(path => existsSync(join(folder, path)));

async function sourceFile(folder: string, table: MimicTable, name: string): Promise<SourceFile> {
  const path = join(folder, name), {size, mtimeMs} = statSync(path);
  const columns = await columnNames(path).catch(() => []);
  if (columns.length === 0) {
    refuse({
      argument: 'from', expected: `${name} with a line of column names`,
      received: size === 0 ? 'an empty file' : 'a file whose beginning cannot be read',
      remedy: `It is damaged or was not downloaded whole: download ${name} again.`,
    });
  }
  return Object.freeze({table, name, path, bytes: size, changed: Math.round(mtimeMs), columns});
}

function refuseWithoutColumns({table, name, columns}: SourceFile): void {
  const missing = Object.keys(table.columns).filter(column => !columns.includes(column));
  if (missing.length === 0) return;
  refuse({
    argument: 'from', expected: `${name} with the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
    received: `a file without, of ${columns.length} columns`,
    remedy: `The releases that are read are ${READ}. ${OBTAIN}`,
  });
}

/** Other data sets that are easily taken for it. */
function refuseOthers(folder: string): void {
  const entries = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : undefined;
  const other = (received: string, remedy = OBTAIN) =>
    refuse({argument: 'from', expected: `a folder of ${READ}`, received, remedy});
  if (!entries) other(existsSync(folder) ? 'a file' : 'a folder that is not there');
  const has = (...names: string[]) => names.some(name => entries!.some(entry => entry.replace(/\.gz$/, '') === name));
  if (has('ICUSTAYS.csv', 'CHARTEVENTS.csv')) other('a folder of MIMIC-III');
  if (has('patient.csv') && has('lab.csv', 'vitalPeriodic.csv')) other('a folder of eICU');
  if (has('core')) other('a folder of MIMIC-IV 1.0 or older (it has core)');
  const below = entries!.filter(entry => existsSync(join(folder, entry, 'hosp')));
  if (!has('hosp') && below.length > 0) other(`a folder above it`, `Name ${join(folder, below[0])}.`);
}

/** Before 2.2 nobody was named who had charted something, and patients had other numbers of rows. */
function refuseOlder(files: readonly SourceFile[]): void {
  const charts = files.find(({table}) => table.name === 'chartevents')!;
  const received = charts.columns.includes('icustay_id') ? 'icu/chartevents of MIMIC-III (it has icustay_id)'
    : charts.columns.includes('stay_id') && !charts.columns.includes('caregiver_id')
      ? 'icu/chartevents of MIMIC-IV 2.1 or older (it has no caregiver_id)'
      : undefined;
  if (received) refuse({argument: 'from', expected: `a folder of ${READ}`, received, remedy: OBTAIN});
}

/** The release that is open to all. */
export const DEMO = 'the open demo 2.2';

/** Patients of the releases, by which they are told apart: their columns are the same. */
const RELEASES: Readonly<Record<number, string>> = {
  100: DEMO, 299712: 'MIMIC-IV 2.2', 364627: 'MIMIC-IV 3.0 or 3.1',
};

/** Release that lies in a folder, by its number of patients. @throws Error where their file is damaged */
export async function releaseIn({files}: MimicLayout): Promise<string> {
  const {path} = files.find(({table}) => table.name === 'patients')!;
  let lines = 0;
  for await (const chunk of plainBytes(path)) for (const byte of chunk) if (byte === 10) lines++;
  return releaseOf(lines - 1);
}

/** Release with this number of patients. */
export const releaseOf = (patients: number): string =>
  RELEASES[patients] ?? 'a part of MIMIC-IV, or a release not known here';
