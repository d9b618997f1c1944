import type {DatabaseOptions} from '../../../data/database';
import {deriveSepsis} from '../concepts/derive';
import {sepsisCohort, type SepsisCohort} from './cohort';
import {readStays, type StayRecord} from './records';
import {openRecords, type SepsisSource} from './source';
import {sepsisTask, type SepsisTask, type SepsisTaskOptions} from './task';

/** Options of {@link sepsisStudy}. */
export interface SepsisStudyOptions extends Omit<SepsisTaskOptions, 'name'> {
  /** Where the tables are kept while they are worked on. Default: in memory. */
  readonly database?: DatabaseOptions;
}

/** A source on its way to a question for forecasters. */
export interface SepsisStudy {
  readonly cohort: SepsisCohort;
  readonly stays: readonly StayRecord[];
  readonly task: SepsisTask;
}

/**
 * From a source of records to trajectories: fills the views, derives SOFA and Sepsis-3, chooses the cohort, reads its
 * stays and lays them out. Split the result with `sepsisSplit`. For steps of one's own call the functions one by one.
 * @throws MissingDataError when the source is not here; ArgumentError as the steps
 * @paper section 5.3, A.3.3
 * @example
 * ```ts
 * import {rng} from './lib';
 * import {sepsisSplit, sepsisStudy, wardSource} from './lib/studies/sepsis';
 * const {cohort, task} = await sepsisStudy(wardSource({stays: 60, rng: rng(1)}), {hours: 24});
 * const {train, test} = sepsisSplit(task, rng(2));
 * console.log(cohort.flow[0].counts.stays, train.outcomes.shape[1], test.channels.treatments.length);   // 60 25 3
 * ```
 */
export async function sepsisStudy(source: SepsisSource, options: SepsisStudyOptions = {}): Promise<SepsisStudy> {
  const {database: where, ...settings} = options, database = await openRecords(source, where);
  try {
    await deriveSepsis(database, source.rules);
    const cohort = await sepsisCohort(database, source.cohort);
    const stays = await readStays(database, {before: settings.before ?? 24, until: (settings.hours ?? 48) + 1});
    return Object.freeze({cohort, stays, task: sepsisTask(stays, {...settings, name: source.name})});
  } finally {
    database.close();
  }
}
