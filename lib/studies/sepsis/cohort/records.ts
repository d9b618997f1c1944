import type {Database, SqlValue} from '../../../data/database';
import {expect} from '../../../errors';
import type {QuantityName} from '../quantities';

/** Values with their times, in order of time. */
export interface Series {
  /** `[n]`, hours since time zero; before it below 0. */
  readonly time: readonly number[];
  /** `[n]` */
  readonly value: readonly number[];
}

/** A stretch of one of the three antibiotics, as ordered. */
export interface Course {
  /** Index into {@link studiedAntibiotics}. */
  readonly drug: number;
  /** Hours since time zero. */
  readonly start: number;
  /** After the start; missing where no end was ordered. */
  readonly stop?: number;
}

/** One stay of a cohort, all times in hours since its time zero. */
export interface StayRecord {
  readonly stay: number;
  /** By whom data are split. */
  readonly person: string;
  /** Years; missing where not on record, like the others. */
  readonly age?: number;
  readonly male?: boolean;
  /** cm */
  readonly height?: number;
  /** kg */
  readonly weight?: number;
  /** End of the record, above 0. */
  readonly ended: number;
  /** SOFA at the end of each hour of intensive care. */
  readonly sofa: Series;
  /** What was measured; several values at one time are averaged. */
  readonly values: Readonly<Partial<Record<QuantityName, Series>>>;
  readonly courses: readonly Course[];
}

/** The antibiotics that the paper studies. @paper section 5.3 */
export const studiedAntibiotics = Object.freeze(['vancomycin', 'ceftriaxone', 'piperacillin-tazobactam'] as const);

/** Options of {@link readStays}. */
export interface ReadStaysOptions {
  /** Hours before time zero from which values are read, >= 0. Default 24. */
  readonly before?: number;
  /** Hours after it up to which they are read, > 0. Default 72. */
  readonly until?: number;
}

const SINCE = (time: string) => `(epoch_us(${time}) - epoch_us(zero)) / 3600000000`;

/**
 * The stays of the table `cohort`, by their number.
 * @param database as {@link sepsisCohort} left it
 * @throws ArgumentError for options out of range
 */
export async function readStays(database: Database, options: ReadStaysOptions = {}): Promise<StayRecord[]> {
  const {before = 24, until = 72} = options, fn = 'readStays';
  expect(before >= 0 && before < Infinity, {fn, argument: 'before', expected: 'hours >= 0', received: before});
  expect(until > 0 && until < Infinity, {fn, argument: 'until', expected: 'hours > 0', received: until});
  const stays = await database.rows<StayRow>(
    `SELECT stay, person, age, male, height, weight, ${SINCE('ended')} AS ended FROM cohort ORDER BY stay`,
  );
  const measured = await database.columns<Column>(MEASURED, {before, until});
  const scores = await database.columns<Column>(SCORES), courses = await database.rows<CourseRow>(COURSES);
  const values = new Map<number, Partial<Record<QuantityName, MutableSeries>>>();
  measured.quantity.forEach((name, i) => {
    const own = found<Partial<Record<QuantityName, MutableSeries>>>(values, measured.stay[i] as number, () => ({}));
    add(own[name as QuantityName] ??= emptySeries(), measured, i);
  });
  const sofa = new Map<number, MutableSeries>(), ordered = new Map<number, Course[]>();
  scores.stay.forEach((stay, i) => add(found(sofa, stay as number, emptySeries), scores, i));
  courses.forEach(({stay, drug, start, stop}) =>
    found(ordered, stay, () => []).push(Object.freeze({drug, start, ...(stop === null ? {} : {stop})})));
  return stays.map(({stay, person, ended, ...statics}) => Object.freeze<StayRecord>({
    stay, person, ended,
    ...Object.fromEntries(Object.entries(statics).filter(([, value]) => value !== null)),
    sofa: sofa.get(stay) ?? emptySeries(), values: values.get(stay) ?? {}, courses: ordered.get(stay) ?? [],
  }));
}

const MEASURED = `
SELECT stay, quantity, ${SINCE('time')} AS time, avg(value) AS value
FROM cohort
JOIN measurements USING (patient)
WHERE quantity NOT IN ('height', 'weight') AND ${SINCE('time')} BETWEEN -$before AND $until AND time <= ended
GROUP BY ALL
ORDER BY stay, quantity, time`;

const SCORES = `
SELECT cohort.stay, ${SINCE('ends')} AS time, max(sofa) AS value
FROM cohort
JOIN merged USING (stay)
JOIN sofa ON sofa.stay = merged.part
GROUP BY ALL
ORDER BY 1, 2`;

/** Orders with an end after their start, from a month before the arrival on. */
const COURSES = `
SELECT stay, studied(drug) - 1 AS drug, ${SINCE('time')} AS start, ${SINCE('stop')} AS stop
FROM cohort
JOIN antibiotics USING (patient)
WHERE studied(drug) > 0 AND NOT regexp_matches(lower(drug), 'lock|graded')
  AND time >= arrived - INTERVAL 30 DAYS AND time < ended AND (stop IS NULL OR stop > time)
ORDER BY stay, time, 2, stop`;

type Column = 'stay' | 'quantity' | 'time' | 'value';

type StayRow = {
  readonly stay: number; readonly person: string; readonly ended: number; readonly age: number | null;
  readonly male: boolean | null; readonly height: number | null; readonly weight: number | null;
};

type CourseRow = {readonly stay: number; readonly drug: number; readonly start: number; readonly stop: number | null};

/** A series while it is read. */
interface MutableSeries {
  readonly time: number[];
  readonly value: number[];
}

const emptySeries = (): MutableSeries => ({time: [], value: []});

function add(series: MutableSeries, {time, value}: Readonly<Record<'time' | 'value', SqlValue[]>>, i: number): void {
  series.time.push(time[i] as number);
  series.value.push(value[i] as number);
}

function found<V>(map: Map<number, V>, key: number, make: () => V): V {
  const old = map.get(key);
  if (old !== undefined) return old;
  const made = make();
  map.set(key, made);
  return made;
}
