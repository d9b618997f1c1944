import {expect, expectWhole} from '../../../errors';
import {fold, type Rng} from '../../../math/rng';
import {drawArrival, type Arrival} from './arrival';
import {bedRecord, type Bed} from './bed';
import {breathing} from './breathing';
import {circulation} from './circulation';
import {HOUR, hoursOf, type WardHours} from './clock';
import {consciousness} from './consciousness';
import type {Course, CoursePlan} from './course';
import {draws, type Draws} from './draws';
import {edgeEpisode} from './episode';
import {urine} from './kidneys';
import {laboratory} from './laboratory';
import {wardLaw} from './law';
import {noScores, note, SOFA_ORGANS, type HourScores} from './organs';
import {growingTables, type WardTables} from './tables';
import {DYSFUNCTION, sepsisTruth, staySofa, type HospitalEpisode, type OrganScores, type StayTruth} from './truth';

/** Options of {@link simulatedWard}. */
export interface WardOptions {
  /** Stays in intensive care, >= 1. Default 600. */
  readonly stays?: number;
  /** Longest stay in hours, a whole number in [12, 240]. Default 72. */
  readonly longest?: number;
  /** When hour 0 ends, see {@link WardHours}. Default `'arrival'`, as in the rules of the study. */
  readonly hours?: WardHours;
  readonly rng: Rng;
}

/** A simulated ward: the tables that every source answers, and what is true of each stay by construction. */
export interface Ward {
  readonly name: string;
  readonly tables: WardTables;
  readonly truth: readonly StayTruth[];
}

/**
 * A simulated ward of intensive care, whose SOFA, suspicions of infection and onsets of sepsis are known. Each hour and
 * organ gets its points first, from a hidden severity; then values are written down that have exactly these points,
 * many on the edge of their band, among others that must not count. No rule is ever evaluated on the tables.
 *
 * A larger ward begins with the stays of a smaller one. No number is of a real patient; see {@link wardLaw}.
 * @throws ArgumentError for options out of range
 * @example
 * ```ts
 * import {rng} from './lib';
 * import {simulatedWard} from './lib/studies/sepsis';
 * const {tables, truth} = simulatedWard({stays: 50, rng: rng(1)});
 * console.log(truth.length, tables.stays.rows);   // 50 50
 * ```
 */
export function simulatedWard({stays = 600, longest = 72, hours = 'arrival', rng}: WardOptions): Ward {
  expectWard('simulatedWard', {stays, longest, hours, rng});
  const tables = growingTables(), truth: StayTruth[] = [];
  let previous: Told | undefined, done: HospitalEpisode[] = [];
  for (let k = 0; k < stays; k++) {
    const arrival: Arrival = drawArrival({k, longest, hours, rng, previous});
    const told: Told = nursed(arrival, previous, {tables, rng}), {admission, follows, course: {episode}} = told;
    if (follows === 'nothing') done = [];
    if (episode) done = [...done, {admission, episode}];
    truth.push(asTruth(told, done));
    // An antibiotic or a culture of the stay before may begin after it has ended: both stays are judged by all.
    if (follows !== 'nothing') truth[k - 1] = asTruth(previous!, done);
    previous = told;
  }
  return Object.freeze({name: `simulated ward of ${stays} stays`, tables, truth: Object.freeze(truth)});
}

/**
 * General severity of the stays of a ward by the hour from -24 on, with the same patients and the same noise, had
 * antibiotics acted by a plan instead of by the ward's orders: the truth about their effect, which its records, where
 * the sicker get more, do not show. Without a plan it is the ward's own.
 * @param options those of the ward
 * @param plan for a stay (its index, from 0) and an hour whether each of vancomycin, ceftriaxone and
 *   piperacillin-tazobactam acts, 1 or 0; undefined where the orders decide
 * @throws ArgumentError for options out of range
 */
export function wardSeverity(
  {stays = 600, longest = 72, hours = 'arrival', rng}: WardOptions,
  plan: (stay: number, hour: number) => ReturnType<CoursePlan> = () => undefined,
): Float64Array[] {
  expectWard('wardSeverity', {stays, longest, hours, rng});
  let previous: Arrival | undefined;
  return Array.from({length: stays}, (_, k) => {
    previous = drawArrival({k, longest, hours, rng, previous, plan: h => plan(k, h)});
    return previous.course.severity;
  });
}

function expectWard(fn: string, {stays, longest, hours, rng}: Required<WardOptions>): void {
  expectWhole(fn, {stays});
  expectWhole(fn, {longest}, 12, 240);
  expect(['arrival', 'clock'].includes(hours), {
    fn, argument: 'hours', expected: "'arrival' or 'clock'", received: hours,
  });
  expect(rng?.key, {fn, argument: 'rng', expected: 'a generator', received: rng, remedy: 'Give rng(1).'});
}

/** A stay with all that the next one of the same patient needs to know. */
interface Told extends Arrival {
  readonly scores: OrganScores;
  readonly creatinine: HourScores;
}

/** Measures the patient, and writes down the stay. */
function nursed(arrival: Arrival, previous: Told | undefined, {tables, rng}: Ledger): Told {
  const {patient, clock, person, follows, recovers, chance, stay} = arrival, soon = follows === 'soon';
  const record = bedRecord(tables, patient, clock), before = recovers || (!soon && chance.chance(0.6));
  const noise = draws(fold(fold(rng, stay - 1), 'bed'));
  const bed: Bed = {clock, person, course: arrival.course, before, chance: noise, record};
  const {scores, creatinine} = nurse(bed, soon ? previous : undefined);
  const course = Object.freeze({...arrival.course, episode: episodeOf(arrival, scores)});
  const told = Object.freeze({...arrival, course, scores, creatinine});
  admit(told, tables, chance);
  return told;
}

interface Ledger {
  readonly tables: ReturnType<typeof growingTables>;
  readonly rng: Rng;
}

/** What is done on suspicions, when SOFA is known. */
function episodeOf(
  {clock, follows, recovers, chance, course: {episode, begins}}: Arrival, scores: OrganScores,
): Course['episode'] {
  const edge = chance.chance(recovers ? 1 : 0.4);
  // Without an infection an antibiotic changes no course, so that one may be added after it. Whoever comes back soon is
  // spared: what is sent and ordered would be judged together with the stay before.
  if (episode !== null || begins !== null || follows === 'soon' || !edge) return episode;
  return edgeEpisode(Array.from(staySofa(scores, clock).sofa, points => points >= DYSFUNCTION), clock, chance);
}

/** Measures, and answers the points of each hour; hours before arrival may be those of a stay just before. */
function nurse(bed: Bed, just: Told | undefined): {scores: OrganScores; creatinine: HourScores} {
  sizes(bed);
  const {coagulation, liver, creatinine} = laboratory(bed), {scores: respiration, ventilated} = breathing(bed);
  const cardiovascular = circulation(bed), cns = consciousness(bed, ventilated), sums = urine(bed);
  const own = {respiration, coagulation, liver, cardiovascular, cns, renal: creatinine};
  if (just) {
    const shift = (bed.clock.zero - just.clock.zero) / HOUR;
    // Urine of the stay before is not summed, as a new stay begins.
    const earlier = {...just.scores, renal: just.creatinine};
    SOFA_ORGANS.forEach(organ => own[organ].forEach((_, i) => {
      if (i + shift < earlier[organ].length) note(own[organ], i, earlier[organ][i + shift]);
    }));
  }
  const renal = noScores(hoursOf(bed.clock));
  renal.forEach((_, i) => note(renal, i, Math.max(creatinine[i], sums[i])));
  return {scores: {...own, renal}, creatinine};
}

/** Height once, weight on arrival and each day. */
function sizes({clock, person, chance, record}: Bed): void {
  const {drawn} = wardLaw, start = clock.arrival + chance.whole(0, 120);
  if (chance.chance(drawn.height)) record.measure(start, 'height', person.height);
  if (!chance.chance(drawn.weight)) return;
  for (let minute = start; minute <= clock.leaving; minute += 24 * 60) {
    const water = minute === start ? 0 : chance.normal();
    record.measure(minute, 'weight', Math.round(10 * (person.weight + water)) / 10);
  }
}

/** Writes down the stay, cultures, orders and doses. */
function admit(told: Told, tables: Ledger['tables'], chance: Draws): void {
  const {stay, patient, admission, admitted, clock, person, course, follows, next} = told, {arrived, left} = clock;
  const severity = course.severity[course.severity.length - 1];
  // Stays of one admission agree on how it ended: with two of them the patient lives.
  const alive = next !== 'nothing' || follows === 'soon';
  const died = !alive && chance.chance(1 / (1 + Math.exp(4.2 - 1.2 * severity)));
  const infection = course.begins !== null ? chance.chance(0.9) : course.episode !== null && chance.chance(0.3);
  tables.stays.add(
    stay, patient, String(patient), admission, admitted, arrived, left, person.age, person.male, died, infection);
  course.episode?.cultures.forEach(({time, timed, specimen}) =>
    tables.cultures.add(patient, admission, time, timed, specimen));
  course.episode?.orders.forEach(({drug, start, stop, route, kind, acts}) => {
    tables.orders.add(patient, admission, start, stop, drug, route, kind);
    const end = Math.min(stop ?? left, left);
    for (let time = start; acts && time <= end; time += acts.every * HOUR) tables.doses.add(patient, time, drug);
  });
}

function asTruth(told: Told, done: readonly HospitalEpisode[]): StayTruth {
  const {stay, patient, admission, clock, follows, course, scores} = told, sofa = staySofa(scores, clock);
  const {begins, severity, episode} = course, infected = begins === null ? null : clock.zero + begins * HOUR;
  return Object.freeze({
    stay, patient, admission, clock, follows, infected, pattern: episode?.pattern ?? null, severity, sofa,
    sepsis: sepsisTruth({clock, admission, sofa}, done),
  });
}
