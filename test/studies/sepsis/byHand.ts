import type {Database} from '../../../lib/data/database';
import {antibioticNames, sepsisRules} from '../../../lib/studies/sepsis';

/*
 * SOFA and Sepsis-3 once more, from the rules in words and without SQL: loops over the events of one patient. It knows
 * one set of rules, those of the MIMIC code repository, and is slow. Where the SQL places values in hours and then
 * takes the worst of 24 hours, here each component looks through the 24 hours itself.
 */

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

interface Reading { readonly time: number; readonly value: number }
interface Infusion { readonly start: number; readonly stop: number; readonly rate: number }
interface Stretch { readonly start: number; readonly stop: number }
interface Culture { readonly time: number; readonly timed: boolean }
interface Order { readonly admission: number; readonly start: number }

/** All that is known of one patient. */
interface Patient {
  readonly readings: Map<string, Reading[]>;
  readonly infusions: Map<string, Infusion[]>;
  readonly urine: Reading[];
  readonly ventilation: Stretch[];
  readonly cultures: Culture[];
  readonly antibiotics: Order[];
}

/** Something found at a time, and the points that it gives. */
interface Finding { readonly time: number; readonly points: number }

/** A stay as scored: components in the order respiration, coagulation, liver, cardiovascular, cns, renal. */
export interface ScoredStay {
  readonly stay: number;
  readonly hours: readonly {readonly components: readonly number[]; readonly sofa: number}[];
  /** Time of the suspicion with SOFA >= 2 about it; the antibiotic in the stay, or the suspicion near the stay. */
  readonly strict: number | undefined;
  readonly wide: number | undefined;
  /** As `wide`, with an hour about it whose SOFA is 2 or more above an earlier one about it. */
  readonly printed: number | undefined;
}

/** The versions of Sepsis-3 that are known here, with the rules by which the SQL has them. */
export const versions = Object.freeze([
  ['strict', sepsisRules('mimicCode')],
  ['wide', sepsisRules('mimicCode', {changes: {place: 'suspicionNearStay'}})],
  ['printed', sepsisRules('printed')],
] as const);

/** Scores every stay in the views of a database. */
export async function scoreByHand(database: Database): Promise<ScoredStay[]> {
  const patients = await readPatients(database);
  const stays = await database.rows<{stay: number; patient: number; admission: number; arrived: Date; left: Date}>(
    'SELECT stay, patient, admission, arrived, "left" FROM stays ORDER BY stay',
  );
  return stays.map(({stay, patient: who, admission, arrived, left}) => {
    const patient = patients.get(who) ?? nobody(), start = arrived.getTime(), end = left.getTime();
    const hours = scoreHours(patient, start, end);
    const about = (time: number): number[] => hours.map(({sofa}) => sofa).filter((_, h) =>
      start + h * HOUR >= time - 2 * DAY && start + h * HOUR <= time + DAY);
    const suspicions = patient.antibiotics.filter(order => order.admission === admission).flatMap(order => {
      const time = suspicionOf(order.start, patient.cultures);
      return time === undefined ? [] : [{given: order.start, time, sofa: about(time)}];
    });
    const first = (those: typeof suspicions) => those.length > 0 ? Math.min(...those.map(({time}) => time)) : undefined;
    const failing = suspicions.filter(({sofa}) => sofa.some(points => points >= 2));
    const near = ({time}: {time: number}): boolean => time >= start - 2 * DAY && time < end;
    return {
      stay, hours,
      strict: first(failing.filter(({given}) => given >= start && given < end)),
      wide: first(failing.filter(near)),
      printed: first(suspicions.filter(near).filter(({sofa}) =>
        sofa.some((points, i) => sofa.slice(0, i).some(earlier => points - earlier >= 2)))),
    };
  });
}

/** Hours 0, 1, .. end at arrival and each hour after it; the last is the one in which the patient leaves. */
function scoreHours(patient: Patient, start: number, end: number) {
  const wholeMinutes = Math.floor(end / MINUTE) - Math.floor(start / MINUTE), last = Math.ceil(wholeMinutes / 60);
  const found = [
    respiration(patient),
    laboratory(patient, 'platelets', v => v < 20 ? 4 : v < 50 ? 3 : v < 100 ? 2 : v < 150 ? 1 : 0),
    laboratory(patient, 'bilirubin', v => v >= 12 ? 4 : v >= 6 ? 3 : v >= 2 ? 2 : v >= 1.2 ? 1 : 0),
    pressures(patient), coma(patient),
    laboratory(patient, 'creatinine', v => v >= 5 ? 4 : v >= 3.5 ? 3 : v >= 2 ? 2 : v >= 1.2 ? 1 : 0),
  ];
  return Array.from({length: last + 1}, (_, h) => {
    const now = start + h * HOUR;
    const components = found.map(findings => Math.max(0, ...findings
      .filter(({time}) => time > now - DAY && time <= now).map(({points}) => points)));
    for (let back = 0; back < 24; back++) {
      components[3] = Math.max(components[3], drugs(patient, now - back * HOUR));
      if (h - back >= 23) components[5] = Math.max(components[5], urine(patient, now - back * HOUR));
    }
    return {components, sofa: components.reduce((a, b) => a + b)};
  });
}

/** Blood gases: the last FiO2 of the 4 hours up to the gas; 3 and 4 points with ventilation only. */
function respiration({readings, ventilation}: Patient): Finding[] {
  const oxygen = highest(readings.get('fio2'));
  return highest(readings.get('pao2')).flatMap(({time, value}) => {
    const breathed = oxygen.filter(o => o.time <= time && o.time >= time - 4 * HOUR).at(-1);
    if (!breathed) return [];
    const ratio = 100 * value / breathed.value;
    const tube = ventilation.some(({start, stop}) => time >= start && time <= stop);
    const points = ratio < 100 && tube ? 4 : ratio < 200 && tube ? 3 : ratio < 300 ? 2 : ratio < 400 ? 1 : 0;
    return [{time, points}];
  });
}

const laboratory = ({readings}: Patient, name: string, points: (value: number) => number): Finding[] =>
  highest(readings.get(name)).map(({time, value}) => ({time, points: points(value)}));

/** Mean pressures of one time are averaged; below 70 gives a point. */
function pressures({readings}: Patient): Finding[] {
  return [...atOneTime(readings.get('map'))].map(([time, values]) =>
    ({time, points: values.reduce((a, b) => a + b) / values.length < 70 ? 1 : 0}));
}

/** Points for the drugs that run at a time. */
function drugs({infusions}: Patient, now: number): number {
  const running = (drug: string): number[] => (infusions.get(drug) ?? [])
    .filter(({start, stop, rate}) => start < now && now <= stop && rate > 0).map(({rate}) => rate);
  const adrenergic = [...running('norepinephrine'), ...running('epinephrine')];
  const dopamine = Math.max(0, ...running('dopamine'));
  if (dopamine > 15 || adrenergic.some(rate => rate > 0.1)) return 4;
  if (dopamine > 5 || adrenergic.length > 0) return 3;
  return dopamine > 0 || running('dobutamine').length > 0 ? 2 : 0;
}

/** Glasgow coma scale, record by record; the record before counts if it is less than 6 hours old. */
function coma({readings}: Patient): Finding[] {
  const parts = ['gcs_eye', 'gcs_verbal', 'gcs_motor'], normal = [4, 5, 6], findings: Finding[] = [];
  const records = new Map<number, (number | undefined)[]>();
  parts.forEach((part, k) => {
    for (const {time, value} of highest(readings.get(part))) {
      records.set(time, records.get(time) ?? [undefined, undefined, undefined]);
      records.get(time)![k] = value;
    }
  });
  let before: {time: number; record: (number | undefined)[]} | undefined;
  for (const time of [...records.keys()].sort((a, b) => a - b)) {
    const record = records.get(time)!, old = before && time - before.time < 6 * HOUR ? before.record : [];
    before = {time, record};
    const tube = record[1] === 0 || record[1] === undefined && old[1] === 0;
    const carried = old[1] === 0 ? [] : old;
    const total = tube ? 15 : normal.reduce((sum, full, k) => sum + (record[k] ?? carried[k] ?? full), 0);
    findings.push({time, points: total < 6 ? 4 : total < 10 ? 3 : total < 13 ? 2 : total < 15 ? 1 : 0});
  }
  return findings;
}

/** Urine of the 24 hours up to a time; without a record nothing is known. */
function urine({urine: records}: Patient, now: number): number {
  const day = records.filter(({time}) => time > now - DAY && time <= now);
  if (day.length === 0) return 0;
  const ml = day.reduce((sum, {value}) => sum + value, 0);
  return ml < 200 ? 4 : ml < 500 ? 3 : 0;
}

/**
 * Time of the suspicion that an antibiotic raises with the cultures of the patient, of which the earliest before it
 * counts, else the earliest after it. A culture of which only the date is known is compared by dates and comes last in
 * its date.
 */
function suspicionOf(given: number, cultures: readonly Culture[]): number | undefined {
  const date = (time: number): number => Math.floor(time / DAY);
  const ordered = [...cultures].sort((a, b) =>
    date(a.time) - date(b.time) || Number(b.timed) - Number(a.timed) || a.time - b.time);
  const before = ordered.find(({time, timed}) => timed
    ? time < given && given - time <= 3 * DAY
    : date(time) <= date(given) && date(given) - date(time) <= 3);
  if (before) return before.time;
  const after = ordered.some(({time, timed}) => timed
    ? given < time && time - given <= DAY
    : date(given) <= date(time) && date(time) - date(given) <= 1);
  return after ? given : undefined;
}

/** Values by their time, times in order. */
function atOneTime(readings: readonly Reading[] = []): Map<number, number[]> {
  const times = new Map<number, number[]>();
  for (const {time, value} of [...readings].sort((a, b) => a.time - b.time))
    times.set(time, [...times.get(time) ?? [], value]);
  return times;
}

const highest = (readings?: readonly Reading[]): Reading[] =>
  [...atOneTime(readings)].map(([time, values]) => ({time, value: Math.max(...values)}));

const nobody = (): Patient =>
  ({readings: new Map(), infusions: new Map(), urine: [], ventilation: [], cultures: [], antibiotics: []});

const NOT_SYSTEMIC = ['OU', 'OS', 'OD', 'AU', 'AS', 'AD', 'TP'];

async function readPatients(database: Database): Promise<Map<number, Patient>> {
  const patients = new Map<number, Patient>();
  const of = (id: number): Patient => {
    if (!patients.has(id)) patients.set(id, nobody());
    return patients.get(id)!;
  };
  const push = <T>(map: Map<string, T[]>, key: string, item: T): void => {
    if (!map.has(key)) map.set(key, []);
    map.get(key)!.push(item);
  };
  type Row = Record<string, never> & {patient: number};
  const all = async (view: string): Promise<Row[]> => database.rows<Row>(`SELECT * FROM ${view}`);
  const ms = (time: Date): number => time.getTime();
  for (const {patient, time, quantity, value} of await all('measurements'))
    push(of(patient).readings, quantity, {time: ms(time), value});
  for (const {patient, start, stop, drug, rate} of await all('infusions'))
    push(of(patient).infusions, drug, {start: ms(start), stop: ms(stop), rate: rate ?? Number.MIN_VALUE});
  for (const {patient, time, ml} of await all('outputs')) of(patient).urine.push({time: ms(time), value: ml});
  for (const {patient, start, stop} of await all('ventilation'))
    of(patient).ventilation.push({start: ms(start), stop: ms(stop)});
  for (const {patient, time, timed} of await all('cultures')) of(patient).cultures.push({time: ms(time), timed});
  for (const {patient, admission, start, drug, route, kind} of await all('orders')) {
    const name = String(drug).toLowerCase(), way = String(route ?? '');
    const systemic = kind !== 'BASE' && !NOT_SYSTEMIC.includes(way) && !['ear', 'eye'].some(part =>
      way.toLowerCase().includes(part));
    const form = ['cream', 'desensitization', 'ophth oint', 'gel'].some(part => name.includes(part));
    if (systemic && !form && antibioticNames.some(part => name.includes(part)))
      of(patient).antibiotics.push({admission, start: ms(start)});
  }
  return patients;
}
