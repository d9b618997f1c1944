import type {Database} from '../../../data/database';

/** The six organ systems of SOFA, as columns of the table `sofa`; the worst of 24 hours as `NAME_24h`. */
export const sofaComponents =
  Object.freeze(['respiration', 'coagulation', 'liver', 'cardiovascular', 'cns', 'renal'] as const);

/** Name of a component of SOFA. */
export type SofaComponent = (typeof sofaComponents)[number];

/** A row of the table `sofa`: one hour of a stay. Points in 0..4; an hour's own are `null` without a measurement. */
export type SofaRow = {readonly [Name in SofaComponent]: number | null} & {
  readonly [Name in `${SofaComponent}_24h`]: number;
} & {
  readonly stay: number;
  /** Hour of the stay, from 0. */
  readonly hour: number;
  /** End of that hour. */
  readonly ends: Date;
  /** Sum of the worst of 24 hours, 0..24. */
  readonly sofa: number;
};

/** A row of the table `suspicion`: a culture and an antibiotic near to each other. */
export type SuspicionRow = {
  readonly stay: number;
  /** Time of the suspicion: of the first of the two. */
  readonly time: Date;
  /** Name of the drug, as written. */
  readonly antibiotic: string;
  readonly antibiotic_time: Date;
  /** Specimen, as written. */
  readonly culture: string | null;
  readonly culture_time: Date;
  /** Whether the culture has a time, or a date only. */
  readonly timed: boolean;
};

/** A row of the table `sepsis`: a stay with sepsis. */
export type SepsisRow = {
  readonly stay: number;
  readonly onset: Date;
  /** Time of the suspicion that counts. */
  readonly suspected: Date;
  readonly antibiotic: string;
  readonly antibiotic_time: Date;
  readonly culture: string | null;
  readonly culture_time: Date;
  /** First hour of the stay, about the suspicion, with the SOFA that is asked for; its end, and its SOFA. */
  readonly sofa_hour: number;
  readonly sofa_time: Date;
  readonly sofa: number;
  /** SOFA from which it rose. */
  readonly baseline: number;
};

/** Rows of the table `sofa`, by stay and hour; of one stay where that is given. */
export async function sofaRows(database: Database, stay?: number): Promise<SofaRow[]> {
  const [where, values] = stay === undefined ? ['', undefined] : ['WHERE stay = $stay', {stay}];
  return database.rows<SofaRow>(`SELECT * FROM sofa ${where} ORDER BY stay, hour`, values);
}

/** Rows of the table `suspicion`, by stay and time. */
export async function suspicionRows(database: Database): Promise<SuspicionRow[]> {
  return database.rows<SuspicionRow>(
    'SELECT * FROM suspicion ORDER BY stay, time, antibiotic_time, culture_time, antibiotic',
  );
}

/** Rows of the table `sepsis`, by stay. */
export async function sepsisRows(database: Database): Promise<SepsisRow[]> {
  return database.rows<SepsisRow>('SELECT * FROM sepsis ORDER BY stay');
}
