import {csvNumber, readCsv, registeredFile, type CsvRow} from '../../../data';
import {expect} from '../../../errors';
import type {Dosing} from '../kinetics/dosing';
import type {Person} from '../kinetics/person';
import type {PropofolRecord} from './record';

const SET = 'propofol_eleveld';

/** Units of the table of infusions: seconds and µg. */
const SECONDS = 60, MICRO = 1000;

/**
 * The 1,031 people with a sample, of 30 studies, in the order of their numbers; two of the 1,033 have none.
 * @throws MissingDataError saying how to obtain them; ArgumentError for files that are others, or rows that make no
 * sense
 * @reference Eleveld, Colin, Absalom, Struys 2018, Pharmacokinetic-pharmacodynamic model for propofol for broad
 * application in anaesthesia and sedation. doi:10.1016/j.bja.2018.01.018
 */
export async function eleveldPeople(): Promise<readonly PropofolRecord[]> {
  const [samples, events] = await Promise.all(['dataframe.csv.gz', 'eleveld_infusiondata.csv.gz'].map(async file =>
    byPerson(await readCsv(registeredFile(SET, file)))));
  const all = [...samples].map(([id, rows]) => recordOf(id, rows, events.get(id) ?? []));
  return Object.freeze(all.filter(({times}) => times.length > 0));
}

/**
 * Compartments of the published model by person, as its authors computed them: `[v1, v2, v3, cl, q2, q3]`.
 * @throws MissingDataError saying how to obtain them
 */
export async function publishedCompartments(): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await readCsv(registeredFile(SET, 'eleveld_modelparams.csv.gz'));
  return new Map(rows.map(row => [number(row, 'ID'), ['V1', 'V2', 'V3', 'CL', 'Q2', 'Q3'].map(k => number(row, k))]));
}

/** Published errors of one person: medians of `|log(predicted / measured)|`; NaN where none is told. */
export interface PublishedErrors {
  /** Symbolic regression over all people. */
  readonly symbolic: number;
  readonly eleveld: number;
  /** Compartments fitted to the person. */
  readonly individual: number;
  /** One set of compartments for all. */
  readonly constant: number;
}

/**
 * Published errors, in the order of {@link eleveldPeople}.
 * @throws MissingDataError saying how to obtain them
 * @reference Wahlquist, Sundell, Soltesz 2023, Learning pharmacometric covariate model structures with symbolic
 * regression networks. doi:10.1007/s10928-023-09887-3
 */
export async function publishedErrors(): Promise<readonly PublishedErrors[]> {
  const rows = await readCsv(registeredFile(SET, 'published_mdale.csv.gz'));
  return rows.map(row => {
    const of = (kind: string) => (row[`mdale_${kind}`] === 'NaN' ? NaN : number(row, `mdale_${kind}`));
    return {
      symbolic: of('symbolic_regression'), eleveld: of('eleveld'), individual: of('individual_fit'),
      constant: of('constant_pk'),
    };
  });
}

function byPerson(rows: readonly CsvRow[]): Map<number, CsvRow[]> {
  const people = new Map<number, CsvRow[]>();
  for (const row of rows) {
    const id = number(row, 'ID');
    people.set(id, [...(people.get(id) ?? []), row]);
  }
  return people;
}

function recordOf(id: number, rows: readonly CsvRow[], events: readonly CsvRow[]): PropofolRecord {
  const taken = rows.filter(row => number(row, 'ISMEAS') > 0), of = (key: string) =>
    Float64Array.from(taken, row => number(row, key));
  const dosing: Dosing = {
    time: Float64Array.from(events, row => number(row, 'Time') / SECONDS),
    rate: Float64Array.from(events, row => number(row, 'InfusionRate') * SECONDS / MICRO),
    bolus: Float64Array.from(events, row => number(row, 'Bolus') / MICRO),
  };
  expect(events.length > 0, {
    fn: 'eleveldPeople', argument: 'eleveld_infusiondata', expected: 'with rows of every person', received: id,
  });
  const study = number(rows[0], 'STUDY'), person = personOf(taken[0] ?? rows[0]);
  return Object.freeze({id, study, person, dosing, times: of('TIME'), measured: of('CP')});
}

function personOf(row: CsvRow): Person {
  return Object.freeze({
    age: number(row, 'AGE'), weight: number(row, 'WGT'), height: number(row, 'HT'),
    sex: number(row, 'M1F2') === 2 ? 'female' : 'male', opioids: number(row, 'NOADD1ADD2') === 2,
    site: number(row, 'A1V2') === 2 ? 'venous' : 'arterial', sinceConception: number(row, 'PMA'),
  });
}

function number(row: CsvRow, key: string): number {
  const value = csvNumber(row[key] ?? '');
  expect(value !== undefined, {
    fn: 'eleveldPeople', argument: key, expected: 'a number in every row', received: row[key],
    remedy: 'The tables are those of the registry, data/registry.json.',
  });
  return value;
}
