import type {Database, SqlValue} from '../../../lib/data/database';
import {
  createViews, deriveSepsis, sepsisRules, sepsisViews, type QuantityName, type SepsisRules, type SepsisView,
} from '../../../lib/studies/sepsis';

/** The clock of invented patients: hour 0 is 10 o'clock of 1 January 2150; midnight is at -10, 14, 38, .. */
export const at = (hour: number): Date => new Date(Date.UTC(2150, 0, 1, 10) + Math.round(hour * 3_600_000));

/** One invented patient with one stay; all times are in hours of {@link at}. */
export interface Invented {
  /** Start and end of the stay. Default 0, 48. */
  readonly arrived?: number;
  readonly left?: number;
  /** Default: at the arrival. */
  readonly admitted?: number;
  readonly measurements?: readonly (readonly [QuantityName, number, number])[];
  readonly infusions?: readonly (readonly [drug: string, start: number, stop: number, rate: number | null])[];
  readonly outputs?: readonly (readonly [hour: number, ml: number])[];
  readonly ventilation?: readonly (readonly [start: number, stop: number])[];
  /** A culture of which only the date is known stands at midnight, with `false`. */
  readonly cultures?: readonly (readonly [hour: number, timed?: boolean])[];
  readonly orders?: readonly (readonly [drug: string, start: number, route?: string | null, kind?: string])[];
  readonly doses?: readonly (readonly [drug: string, hour: number])[];
  /** Admission of orders and cultures, other than that of the stay. */
  readonly otherAdmission?: boolean;
}

type Row = Readonly<Record<string, SqlValue>>;

/** Fills the views with invented patients; patient, admission and stay are 1, 2, .. in the order given. */
export async function fillInvented(database: Database, patients: readonly Invented[]): Promise<void> {
  await createViews(database);
  const rows = patients.map((each, i) => rowsOf(each, i + 1));
  for (const view of Object.keys(sepsisViews) as SepsisView[]) {
    const all = rows.flatMap(each => each[view]), names = Object.keys(sepsisViews[view].columns);
    if (all.length > 0)
      await database.insert(view, Object.fromEntries(names.map(name => [name, all.map(row => row[name])])));
  }
}

/** {@link fillInvented}, and derives with the rules of mimic-code and `changes`. */
export async function deriveInvented(
  database: Database, patients: readonly Invented[], changes: Partial<SepsisRules> = {},
): Promise<void> {
  await fillInvented(database, patients);
  await deriveSepsis(database, sepsisRules('mimicCode', {changes}));
}

function rowsOf(given: Invented, patient: number): Record<SepsisView, Row[]> {
  const {arrived = 0, left = 48, admitted = arrived, otherAdmission = false} = given;
  const admission = otherAdmission ? patient + 1000 : patient;
  return {
    stays: [{
      stay: patient, patient, person: `P${patient}`, admission: patient, admitted: at(admitted), arrived: at(arrived),
      left: at(left), age: 60, male: true, died: false, infection: null,
    }],
    measurements: (given.measurements ?? []).map(([quantity, hour, value]) =>
      ({patient, time: at(hour), quantity, value})),
    infusions: (given.infusions ?? []).map(([drug, start, stop, rate]) =>
      ({patient, start: at(start), stop: at(stop), drug, rate})),
    outputs: (given.outputs ?? []).map(([hour, ml]) => ({patient, time: at(hour), ml})),
    ventilation: (given.ventilation ?? []).map(([start, stop]) => ({patient, start: at(start), stop: at(stop)})),
    cultures: (given.cultures ?? []).map(([hour, timed = true]) =>
      ({patient, admission, time: at(hour), timed, specimen: `BLOOD ${hour}`})),
    orders: (given.orders ?? []).map(([drug, start, route = 'IV', kind = 'MAIN']) =>
      ({patient, admission, start: at(start), stop: at(start + 24), drug, route, kind})),
    doses: (given.doses ?? []).map(([drug, hour]) => ({patient, time: at(hour), drug})),
  };
}
