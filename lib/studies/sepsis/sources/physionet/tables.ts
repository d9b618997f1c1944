import type {SqlType} from '../../views';

/** One table of PhysioNet's MIMIC-IV: where it lies and what is read of it. */
export interface MimicTable {
  readonly name: string;
  readonly module: 'hosp' | 'icu';
  /** Columns that are read, with their types; others may be there in any order. */
  readonly columns: Readonly<Record<string, SqlType>>;
  /** What is lost without it; a table without such a sentence must be there. */
  readonly without?: string;
  /** Tables whose prepared form is needed to choose its rows; they are prepared before. */
  readonly after: readonly string[];
  /** Bytes that are written for a byte of the compressed table: a cautious guess, by which room on the disk is asked. */
  readonly kept: number;
}

const ID = 'BIGINT', TIME = 'TIMESTAMP', TEXT = 'VARCHAR', NUMBER = 'DOUBLE';

/**
 * The tables that are read, in the order in which they are prepared. In these columns MIMIC-IV 2.2, 3.0, 3.1 and the
 * open demo 2.2 do not differ. Of the large tables only patients count that were in intensive care.
 * @reference Johnson et al. 2023, MIMIC-IV, a freely accessible electronic health record dataset.
 * doi:10.1038/s41597-022-01899-x
 */
export const mimicTables: readonly MimicTable[] = Object.freeze<MimicTable[]>([
  {
    name: 'patients', module: 'hosp', after: [], kept: 2,
    columns: {subject_id: ID, gender: TEXT, anchor_age: ID, anchor_year: ID},
  },
  {
    name: 'admissions', module: 'hosp', after: [], kept: 1,
    columns: {subject_id: ID, hadm_id: ID, admittime: TIME, hospital_expire_flag: ID},
  },
  {
    name: 'icustays', module: 'icu', after: [], kept: 2,
    columns: {subject_id: ID, hadm_id: ID, stay_id: ID, intime: TIME, outtime: TIME},
  },
  {
    name: 'd_items', module: 'icu', after: [], kept: 2, columns: {itemid: ID, label: TEXT, linksto: TEXT},
    without: 'of doses in intensive care only vancomycin, ceftriaxone and piperacillin-tazobactam are read',
  },
  {
    name: 'labevents', module: 'hosp', after: ['icustays'], kept: 0.12,
    columns: {
      subject_id: ID, specimen_id: ID, itemid: ID, charttime: TIME, value: TEXT, valuenum: NUMBER,
    },
  },
  {
    name: 'chartevents', module: 'icu', after: [], kept: 0.25,
    columns: {subject_id: ID, stay_id: ID, charttime: TIME, storetime: TIME, itemid: ID, value: TEXT, valuenum: NUMBER},
  },
  {
    name: 'inputevents', module: 'icu', after: ['d_items'], kept: 0.25,
    columns: {
      subject_id: ID, starttime: TIME, endtime: TIME, itemid: ID, rate: NUMBER, rateuom: TEXT, patientweight: NUMBER,
    },
  },
  {
    name: 'outputevents', module: 'icu', after: [], kept: 1,
    columns: {subject_id: ID, charttime: TIME, itemid: ID, value: NUMBER},
  },
  {
    name: 'procedureevents', module: 'icu', after: [], kept: 0.5,
    columns: {subject_id: ID, starttime: TIME, endtime: TIME, itemid: ID},
  },
  {
    name: 'microbiologyevents', module: 'hosp', after: ['icustays'], kept: 1,
    columns: {
      subject_id: ID, hadm_id: ID, micro_specimen_id: ID, chartdate: TIME, charttime: TIME, spec_type_desc: TEXT,
    },
  },
  {
    name: 'prescriptions', module: 'hosp', after: ['icustays'], kept: 0.1,
    columns: {
      subject_id: ID, hadm_id: ID, starttime: TIME, stoptime: TIME, drug_type: TEXT, drug: TEXT, route: TEXT,
    },
  },
  {
    name: 'emar', module: 'hosp', after: ['icustays'], kept: 0.1,
    columns: {subject_id: ID, charttime: TIME, medication: TEXT, event_txt: TEXT},
    without: 'doses given outside intensive care are not known',
  },
]);

/** Table by its name. */
export const mimicTable = (name: string): MimicTable => mimicTables.find(table => table.name === name)!;
