import type {Database} from '../../data/database';

/** Type of a column in SQL; times are wall-clock times of the hospital without zone, shifted by source as it likes. */
export type SqlType = 'BIGINT' | 'VARCHAR' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP';

/** A view: what it holds, and its columns with type and meaning. */
export interface View {
  readonly holds: string;
  readonly columns: Readonly<Record<string, readonly [type: SqlType, meaning: string]>>;
}

const PATIENT = ['BIGINT', 'who; ties all views together'] as const;
const ADMISSION = ['BIGINT', 'stay in hospital; missing where the source does not say'] as const;

/**
 * The tables that every source of intensive-care records answers, so that the rules of Sepsis-3 and SOFA are written
 * once: MIMIC-IV as PhysioNet ships it, its demo, the demo of eICU, and the simulated ward. Rows need no order. Values
 * lie within the limits of {@link quantities}; what could not be read is not here.
 */
export const sepsisViews = Object.freeze({
  stays: {
    holds: 'stays in intensive care, one row each',
    columns: {
      stay: ['BIGINT', 'the stay; unique'], patient: PATIENT,
      person: ['VARCHAR', 'the human being, by whom data are split; in eICU several patients may be one person'],
      admission: ADMISSION,
      admitted: ['TIMESTAMP', 'start in hospital, at or before arrived; missing where the source does not say'],
      arrived: ['TIMESTAMP', 'start in intensive care'], left: ['TIMESTAMP', 'end in intensive care, after arrived'],
      age: ['DOUBLE', 'years; missing where not on record'], male: ['BOOLEAN', 'sex on record; missing without'],
      died: ['BOOLEAN', 'in hospital; missing where not on record'],
      infection: ['BOOLEAN', 'a diagnosis of infection or sepsis stands on record; missing where none are read'],
    },
  },
  measurements: {
    holds: 'one measured number, of one of the quantities',
    columns: {
      patient: PATIENT, time: ['TIMESTAMP', 'when it was charted or the specimen taken'],
      quantity: ['VARCHAR', 'a name of `quantities`'], value: ['DOUBLE', 'in the unit of that quantity'],
    },
  },
  infusions: {
    holds: 'vasoactive drugs, a row for each stretch of one rate',
    columns: {
      patient: PATIENT, start: ['TIMESTAMP', ''], stop: ['TIMESTAMP', 'at or after start'],
      drug: ['VARCHAR', 'norepinephrine, epinephrine, dopamine, dobutamine, phenylephrine, vasopressin or milrinone'],
      rate: ['DOUBLE', 'mcg/kg/min, of vasopressin units/min; missing where it is not known'],
    },
  },
  outputs: {
    holds: 'urine, a row for each record',
    columns: {patient: PATIENT, time: ['TIMESTAMP', ''], ml: ['DOUBLE', 'negative for irrigation that went in']},
  },
  ventilation: {
    holds: 'stretches of invasive ventilation',
    columns: {patient: PATIENT, start: ['TIMESTAMP', ''], stop: ['TIMESTAMP', 'at or after start']},
  },
  cultures: {
    holds: 'specimens sent to microbiology, one row each',
    columns: {
      patient: PATIENT, admission: ADMISSION, time: ['TIMESTAMP', 'midnight of its date where only that is known'],
      timed: ['BOOLEAN', 'false where only the date is known'],
      specimen: ['VARCHAR', 'what was sent, as written'],
    },
  },
  orders: {
    holds: 'orders of anti-infective drugs, systemic or not',
    columns: {
      patient: PATIENT, admission: ADMISSION, start: ['TIMESTAMP', ''], stop: ['TIMESTAMP', 'missing when open'],
      drug: ['VARCHAR', 'as written'], route: ['VARCHAR', 'as written'], kind: ['VARCHAR', 'MAIN, BASE or ADDITIVE'],
    },
  },
  doses: {
    holds: 'anti-infective drugs given, one row each',
    columns: {patient: PATIENT, time: ['TIMESTAMP', ''], drug: ['VARCHAR', 'as written']},
  },
}) satisfies Readonly<Record<string, View>>;

/** Name of a view. */
export type SepsisView = keyof typeof sepsisViews;

/** Creates the views as empty tables, which a source then fills. */
export async function createViews(database: Database): Promise<void> {
  for (const [name, {columns}] of Object.entries(sepsisViews)) {
    const typed = Object.entries(columns).map(([column, [type]]) => `${quoted(column)} ${type}`);
    await database.run(`CREATE OR REPLACE TABLE ${name} (${typed.join(', ')})`);
  }
}

const quoted = (name: string): string => `"${name}"`;
