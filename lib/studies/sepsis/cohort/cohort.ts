import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Database} from '../../../data/database';
import {expect} from '../../../errors';
import {antibioticNames} from '../antibiotics';
import {expectCohortRules, type CohortRules} from './rules';

/** One step of the selection: how many are left, and why others are not. */
export interface CohortStep {
  readonly label: string;
  readonly counts: {readonly stays: number; readonly persons: number};
  /** Why stays of the step before are not here; missing at the first. */
  readonly left?: string;
}

/** A cohort: which stays of the database, by which rules, and how they were found. */
export interface SepsisCohort {
  readonly rules: CohortRules;
  /** Numbers of the stays, of merged ones the first; increasing. The table `cohort` of the database has their rows. */
  readonly stays: readonly number[];
  /** For `flowFigure`. */
  readonly flow: readonly CohortStep[];
}

/** A step as a condition on rows of `candidates`. */
interface Condition {
  readonly label: string;
  readonly left: string;
  readonly where: string;
}

/**
 * Chooses the stays of a study: merges those of a patient that lie near to each other, sets time zero, and asks for
 * sepsis, antibiotics and a long enough record. Creates, or replaces, the tables `merged`, `candidates` and `cohort`.
 * @param database with the views of a source and the tables of `deriveSepsis`
 * @param rules a preset of {@link cohortRules}, or other ones
 * @throws ArgumentError for a rule out of its range, or when no stay is left
 * @paper A.3.3
 */
export async function sepsisCohort(database: Database, rules: CohortRules): Promise<SepsisCohort> {
  const fn = 'sepsisCohort';
  expectCohortRules(fn, rules);
  for (const [name, value] of Object.entries({
    merge_hours: String(rules.merge), zero: rules.zero, least_hours: String(rules.hours),
    dose_names: antibioticNames.join('|'),
  })) await database.run(`SET VARIABLE ${name} = '${value}'`);
  await database.run(readFileSync(join(__dirname, 'candidates.sql'), 'utf8'));
  const [all] = await database.rows<Counts>('SELECT count(*) AS stays, count(DISTINCT person) AS persons FROM stays');
  const flow: CohortStep[] = [{label: 'stays in intensive care', counts: all}], met: string[] = [];
  for (const {label, left, where} of conditions(rules)) {
    met.push(where);
    const [counts] = await database.rows<Counts>(
      `SELECT count(*) AS stays, count(DISTINCT person) AS persons FROM candidates WHERE ${met.join(' AND ')}`,
    );
    flow.push({label, left, counts});
  }
  await database.run(`CREATE OR REPLACE TABLE cohort AS SELECT * FROM candidates WHERE ${met.join(' AND ')}`);
  const rows = await database.rows<{readonly stay: number}>('SELECT stay FROM cohort ORDER BY stay');
  expect(rows.length > 0, {
    fn, argument: 'rules', expected: 'such that a stay is left', received: rules,
    remedy: `Stays at each step: ${flow.map(({label, counts}) => `${label}: ${counts.stays}`).join('; ')}.`,
  });
  return Object.freeze({
    rules, stays: Object.freeze(rows.map(({stay}) => stay)),
    flow: Object.freeze(flow.map(({counts, ...step}) => Object.freeze({...step, counts: Object.freeze({...counts})}))),
  });
}

type Counts = CohortStep['counts'];

function conditions({merge, who, zero, drugs, hours}: CohortRules): Condition[] {
  const steps: (Condition | false)[] = [
    {label: `those less than ${merge} h apart merged`, left: 'part of an earlier stay', where: 'true'},
    who === 'sepsis' && {label: 'Sepsis-3', left: 'no sepsis by the rules', where: 'sepsis'},
    who === 'infection' && {
      label: 'infection or sepsis on record', left: 'no such diagnosis on record', where: 'infection',
    },
    who !== 'sepsis' && {
      label: 'antibiotic ordered from 24 h before arrival on', left: 'no antibiotic ordered in that time',
      where: 'antibiotic',
    },
    {label: `time zero known (${zero.replace('_', ' in ')})`, left: 'not on record', where: 'has_zero'},
    who !== 'sepsis' && {
      label: 'SOFA of 2 or more from 48 h before to 24 h after time zero', left: 'SOFA below 2 there',
      where: 'organ_failure',
    },
    drugs !== 'any' && {
      label: 'vancomycin, ceftriaxone or piperacillin-tazobactam ordered',
      left: 'none of the three ordered', where: 'one_of_three',
    },
    drugs === 'only three' && {label: 'no other antibiotic', left: 'another antibiotic', where: 'no_other'},
    {label: `at least ${hours} h on record after time zero`, left: 'a shorter record', where: 'long_enough'},
  ];
  // A time zero is missing only where the source does not know the admission, or where nobody asked for what sets it.
  return steps.filter(step => step !== false).filter(({where}) => where !== 'has_zero' || !sure(who, zero));
}

/** Whether the earlier steps make sure of a time zero. */
const sure = (who: CohortRules['who'], zero: CohortRules['zero']): boolean =>
  zero === 'icu' || (zero === 'antibiotic' ? who !== 'sepsis' : zero !== 'admission' && who === 'sepsis');
