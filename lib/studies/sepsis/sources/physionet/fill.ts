import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {Database} from '../../../../data/database';
import {expect} from '../../../../errors';
import {createViews, sepsisViews} from '../../views';
import {identityOf, mimicFolder} from './load';
import {preparedFile, readManifest, type Manifest} from './manifest';
import {createRules, sqlFile} from './rules';
import {quoted} from './sqlText';
import {mimicTables} from './tables';

/** Options of {@link fillFromMimic}. */
export interface FillFromMimicOptions {
  /** Folder of prepared tables. Default: `mimic-iv` below `$OBSNODE_DATA`, else `data/cache/mimic-iv`. */
  readonly folder?: string;
  /** Whether invasive ventilation is read from charted devices and modes or from procedures. Default `'charted'`. */
  readonly ventilation?: 'charted' | 'procedure';
  /** Arterial oxygen: blood gases whose specimen is arterial, the charted item, or both. Default `'labs'`. */
  readonly gases?: 'labs' | 'charts' | 'both';
}

/** Columns of prepared tables that may be absent. */
const ABSENT: Readonly<Record<string, string>> = {
  emar: 'CAST(NULL AS BIGINT) AS patient, CAST(NULL AS TIMESTAMP) AS "time", CAST(NULL AS VARCHAR) AS drug',
};

/**
 * Fills the views of the study from MIMIC-IV as {@link loadMimic} has prepared it. A whole release has tens of millions
 * of measurements: then the database should be a file.
 * @throws ArgumentError where tables are not prepared, or by other rules than those of this version
 * @reference Johnson et al. 2018, The MIMIC Code Repository. doi:10.1093/jamia/ocx084
 */
export async function fillFromMimic(database: Database, options: FillFromMimicOptions = {}): Promise<void> {
  const {folder = preparedFolder(), ventilation = 'charted', gases = 'labs'} = options;
  const tables = expectPrepared(folder);
  await createViews(database);
  await database.run('CREATE SCHEMA prepared; USE prepared');
  try {
    await createRules(database);
    for (const {name} of mimicTables) {
      const path = preparedFile(folder, name), there = Object.hasOwn(tables, name);
      const from = there ? `* FROM read_parquet(${quoted(path, 'path')})` : `${ABSENT[name]} WHERE FALSE`;
      if (there || ABSENT[name]) await database.run(`CREATE VIEW ${name} AS SELECT ${from}`);
    }
    await database.run('USE main');
    await database.run(`SET VARIABLE ventilation = ${quoted(ventilation)}; SET VARIABLE gases = ${quoted(gases)}`);
    for (const view of Object.keys(sepsisViews)) {
      await database.run(`INSERT INTO ${view} BY NAME ${sqlFile(`views/${view}`)}`);
    }
  } finally {
    await database.run('USE main; DROP SCHEMA prepared CASCADE; RESET VARIABLE ventilation; RESET VARIABLE gases; '
      + 'RESET VARIABLE anti_infectives');
  }
}

function preparedFolder(): string {
  const own = process.env.OBSNODE_DATA && resolve(process.env.OBSNODE_DATA, 'mimic-iv');
  return own && existsSync(join(own, 'manifest.json')) ? own : mimicFolder;
}

function expectPrepared(folder: string): Manifest['tables'] {
  const {tables} = readManifest(folder);
  const problem = {
    fn: 'fillFromMimic', argument: 'folder', remedy: 'Run npm run data -- mimic-iv /path/to/mimic-iv, with --to if '
      + 'it is to lie elsewhere.',
  };
  const missing = mimicTables.filter(({name, without}) => !without && !tables[name]).map(({name}) => name);
  expect(missing.length === 0, {
    ...problem, expected: `a folder of prepared tables, among them ${missing.join(', ')}`, received: folder,
  });
  const old = Object.keys(tables).filter(name => tables[name].rules !== identityOf(name, tables));
  expect(old.length === 0, {
    ...problem, expected: `a folder of tables prepared by the rules of this version, also ${old.join(', ')}`,
    received: folder,
  });
  return tables;
}
