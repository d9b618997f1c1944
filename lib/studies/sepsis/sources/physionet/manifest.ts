import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {writeWhole} from '../../../../files';

/** How one table was prepared. */
export interface PreparedTable {
  /** File it came from, below its folder. */
  readonly source: string;
  readonly sourceBytes: number;
  /** Last change of the source in ms since 1970. */
  readonly sourceChanged: number;
  readonly sourceSha256: string;
  /** Fingerprint of the rules by which its rows were chosen, and of the tables that chose them. */
  readonly rules: string;
  readonly rows: number;
  /** Bytes of the Parquet file. */
  readonly bytes: number;
}

/** What a folder of prepared tables holds. */
export interface Manifest {
  readonly format: 1;
  /** Which release it came from, as far as that can be told. */
  readonly release: string;
  readonly tables: Readonly<Record<string, PreparedTable>>;
}

const MANIFEST = 'manifest.json';

/** File of a prepared table in its folder. */
export const preparedFile = (folder: string, table: string): string => join(folder, `${table}.parquet`);

/** What a folder says it holds, without those tables whose file is gone or has another size; nothing where it is none. */
export function readManifest(folder: string): Manifest {
  const nothing: Manifest = {format: 1, release: 'nothing yet', tables: {}};
  try {
    const found = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Manifest;
    if (found.format !== 1) return nothing;
    return {...found, tables: Object.fromEntries(Object.entries(found.tables).filter(([table, {bytes}]) => {
      const file = preparedFile(folder, table);
      return existsSync(file) && statSync(file).size === bytes;
    }))};
  } catch {
    return nothing;
  }
}

/**
 * Writes down what a folder holds, whole or not at all.
 * @throws Error of the file system
 */
export function writeManifest(folder: string, manifest: Manifest): void {
  writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}
