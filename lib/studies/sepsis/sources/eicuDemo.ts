import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Database} from '../../../data/database';
import {registeredFile, type LocateOptions} from '../../../data/registry';
import {expect} from '../../../errors';
import {sepsisRules, type SepsisRules} from '../concepts/rules';
import {quantities, type Quantity} from '../quantities';
import {createViews} from '../views';

/** Options of {@link fillFromEicuDemo}. */
export interface EicuDemoOptions extends LocateOptions {
  /** Which diagnoses on record count as infection. Default `'infection'`, of which sepsis is a part. */
  readonly diagnosis?: 'infection' | 'sepsis';
}

/**
 * Rules of SOFA for this demo: those of the MIMIC code repository, but urine counts only where it was recorded at least
 * six times in 24 hours, as many hospitals record it now and then. A vasopressor without a dose scores the least of its
 * drug, as everywhere.
 */
export const eicuDemoRules: SepsisRules = sepsisRules('mimicCode', {changes: {urine: 'sixRecords'}});

const FILES = ['stays', 'hourly', 'gcs', 'vasopressors', 'apache_first_day', 'antibiotics'];

/**
 * Fills the views from the demo of eICU: 2,267 stays of 185 hospitals, hour by hour for a week. It has no cultures, so
 * infection is known from diagnoses alone; no RDW; ventilation only as a flag of the first day; vasopressors often
 * without a dose; the Glasgow coma scale about once a stay, which is carried on. What each rule of reading is stands in
 * `eicuDemo.sql`.
 * @param database its views are created anew
 * @throws MissingDataError when the demo is not here; ArgumentError naming a file that is not the one registered
 * @reference Pollard et al. 2018, The eICU Collaborative Research Database. doi:10.1038/sdata.2018.178
 */
export async function fillFromEicuDemo(
  database: Database, {diagnosis = 'infection', ...options}: EicuDemoOptions = {},
): Promise<void> {
  expect(['infection', 'sepsis'].includes(diagnosis), {
    fn: 'fillFromEicuDemo', argument: 'diagnosis', expected: "'infection' or 'sepsis'", received: diagnosis,
  });
  const [folder] = FILES.map(name => dirname(registeredFile('eicu_demo', `${name}.csv.gz`, options)));
  await fillFromEicuFiles(database, folder, diagnosis);
}

/**
 * The same from any folder with files of that form, unchecked; for tests.
 * @internal
 */
export async function fillFromEicuFiles(
  database: Database, folder: string, diagnosis: NonNullable<EicuDemoOptions['diagnosis']>,
): Promise<void> {
  await createViews(database);
  await database.run('CREATE OR REPLACE TEMP TABLE limits (quantity VARCHAR, low DOUBLE, high DOUBLE)');
  const limits = Object.entries(quantities).map(([name, {limits: [low, high]}]: [string, Quantity]) =>
    ({name, low, high}));
  await database.insert('limits', {
    quantity: limits.map(({name}) => name), low: limits.map(({low}) => low), high: limits.map(({high}) => high),
  });
  await database.run(`SET VARIABLE folder = '${folder.replaceAll("'", "''")}'`);
  await database.run(`SET VARIABLE diagnosis = '${diagnosis}'`);
  await database.run(readFileSync(join(__dirname, 'eicuDemo.sql'), 'utf8'));
  await database.run('DROP TABLE limits; RESET VARIABLE folder; RESET VARIABLE diagnosis; RESET VARIABLE recorded');
}
