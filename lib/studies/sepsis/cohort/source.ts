import {openDatabase, type Database, type DatabaseOptions} from '../../../data/database';
import {hasData, type LocateOptions} from '../../../data/registry';
import {expect} from '../../../errors';
import {sepsisRules, type SepsisRules} from '../concepts/rules';
import {eicuDemoRules, fillFromEicuDemo} from '../sources/eicuDemo';
import {fillFromMimicDemo} from '../sources/mimicDemo';
import {fillFromMimic, type FillFromMimicOptions} from '../sources/physionet';
import {fillFromWard} from '../ward/fill';
import {simulatedWard, type Ward, type WardOptions} from '../ward/simulatedWard';
import {cohortRules, type CohortRules} from './rules';

/** Where records come from, and the rules that suit them. */
export interface SepsisSource {
  /** Says whether these are real people; every score shows it. */
  readonly name: string;
  /** Creates the views and fills them. */
  readonly fill: (database: Database) => Promise<void>;
  readonly rules: SepsisRules;
  readonly cohort: CohortRules;
  /** Whose data these are and what may be done with them; a sentence in Markdown. */
  readonly notice: string;
  /** Whether there are cultures: without them there is no suspicion of infection. */
  readonly cultures: boolean;
}

const ODBL = 'licence [ODbL 1.0](https://opendatacommons.org/licenses/odbl/1-0/): attribution, share alike';

/** The demo of eICU: stays with a diagnosis of infection, an antibiotic and organ failure, as it has no cultures. */
export function eicuDemoSource(options: LocateOptions = {}): SepsisSource {
  return Object.freeze({
    name: 'eICU demo', rules: eicuDemoRules, cohort: cohortRules('eicu'), cultures: false,
    notice: 'eICU Collaborative Research Database Demo 2.0.1 (Johnson et al. 2021, doi:10.13026/4mxk-na84), '
      + `${ODBL}.`,
    fill: (database: Database) => fillFromEicuDemo(database, options),
  });
}

/**
 * The demo of MIMIC-IV: stays with Sepsis-3, suspected up to 48 h before arrival, and one of the three antibiotics. The
 * paper's rule, no other antibiotic, leaves a dozen.
 */
export function mimicDemoSource(options: LocateOptions = {}): SepsisSource {
  return Object.freeze({
    name: 'MIMIC-IV demo', rules: sepsisRules('mimicCode', {changes: {place: 'suspicionNearStay'}}), cultures: true,
    notice: `MIMIC-IV Clinical Database Demo 2.2 (Johnson et al. 2023, doi:10.13026/dp1f-ex47), ${ODBL}.`,
    cohort: cohortRules('threeDrugs'), fill: (database: Database) => fillFromMimicDemo(database, options),
  });
}

/** MIMIC-IV, for those who may have it, prepared by `npm run data -- mimic-iv FOLDER`; the rules are the demo's. */
export function mimicSource(options: FillFromMimicOptions = {}): SepsisSource {
  return Object.freeze({
    ...mimicDemoSource(), name: 'MIMIC-IV', fill: (database: Database) => fillFromMimic(database, options),
    notice: 'MIMIC-IV (Johnson et al. 2023, doi:10.1038/s41597-022-01899-x), for credentialed readers only: do not '
      + 'pass on what shows single patients.',
  });
}

/** A simulated ward, for those who have no records: nobody in it is real. */
export function wardSource(options: WardOptions | Ward): SepsisSource {
  return Object.freeze({
    name: 'simulated ward', rules: sepsisRules('mimicCode'), cohort: cohortRules('threeDrugs'), cultures: true,
    notice: 'Nobody in it exists; SOFA and onsets of sepsis are known by construction.',
    fill: (database: Database) => fillFromWard(database, 'tables' in options ? options : simulatedWard(options)),
  });
}

/** Names of the sources; `'auto'` is the first of those asked for that is on this machine, else the ward. */
export const sepsisSources = Object.freeze(['auto', 'ward', 'mimic demo', 'eicu demo', 'mimic-iv'] as const);

/** Name of a source. */
export type SepsisSourceName = (typeof sepsisSources)[number];

/** Options of {@link sepsisSource}. */
export interface SepsisSourceOptions {
  /** Demos that `'auto'` looks for, in this order. Default: that of MIMIC-IV. */
  readonly wanted?: readonly ('mimic demo' | 'eicu demo')[];
  /** The ward, or how to simulate it. */
  readonly ward: WardOptions | Ward;
}

/**
 * A source by its name, as a parameter of a notebook gives it.
 * @throws ArgumentError for a name that does not exist
 */
export function sepsisSource(
  name: SepsisSourceName, {wanted = ['mimic demo'], ward}: SepsisSourceOptions,
): SepsisSource {
  expect(sepsisSources.includes(name), {
    fn: 'sepsisSource', argument: 'name', expected: `one of ${sepsisSources.join(', ')}`, received: name,
  });
  const here = wanted.find(demo => hasData(demo.replace(' ', '_'))) ?? 'ward';
  const found = name === 'auto' ? here : name;
  if (found === 'ward') return wardSource(ward);
  return {'mimic demo': mimicDemoSource, 'eicu demo': eicuDemoSource, 'mimic-iv': mimicSource}[found]();
}

/** Opens a database and fills its views from a source. @throws as the source */
export async function openRecords({fill}: SepsisSource, options: DatabaseOptions = {}): Promise<Database> {
  const database = await openDatabase(options);
  try {
    await fill(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
