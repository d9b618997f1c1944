import {DAY, EARLIER, HOUR, LATER, midnight, MINUTE, type StayClock} from './clock';
import type {Draws} from './draws';
import {NOT_COUNTED, written, type WardDrug, type WardOrder} from './drugs';

/** A specimen sent to microbiology; `time` (ms) is midnight of its date when it is not `timed`. */
export interface WardCulture {
  readonly time: number;
  readonly timed: boolean;
  readonly specimen: string;
}

/** An antibiotic with a culture near enough to it, by the rule: a suspicion of infection. Times in ms. */
export interface Suspicion {
  readonly antibiotic: number;
  /** The earlier of antibiotic and its culture. */
  readonly time: number;
}

/** What is done on one suspicion, and which suspicions of infection the rules must find in it. */
export interface Episode {
  readonly pattern: EpisodePattern | 'edge';
  readonly cultures: readonly WardCulture[];
  readonly orders: readonly WardOrder[];
  /** By the rule that takes the earliest culture of the 72 hours before an antibiotic. */
  readonly suspicions: readonly Suspicion[];
  /**
   * Time (ms) of the first suspicion by the rule that takes with each culture the next antibiotic and with each
   * antibiotic the next culture, where a date is its midnight; missing without one.
   */
  readonly firstOfNext: number | null;
}

/** A culture before it is written down; without a clock time only its date is known. */
interface Sent {
  readonly at: number;
  readonly dateOnly?: boolean;
}

interface Sketch {
  readonly cultures: readonly Sent[];
  /** Starts of antibiotics. */
  readonly antibiotics: readonly number[];
  /** For each antibiotic the time of the suspicion that it makes, or none. */
  readonly suspected: readonly (number | null)[];
  /** Time of the first suspicion by the rule of the next one; not given where it is the same, `null` without one. */
  readonly next?: number | null;
}

const hours = (chance: Draws, low: number, high: number): number => chance.whole(low * 60, high * 60) * MINUTE;

/**
 * How cultures and antibiotics can lie to each other around a time s, each with what the rule says of it: a culture
 * counts when the antibiotic follows within 72 hours, or when it follows the antibiotic within 24; where only its date
 * is known, within 3 days and 1 day. The time of suspicion is that of the culture if it came first, else that of the
 * antibiotic; of several earlier cultures the first, where one with a date alone stands behind the others of that date.
 */
const PATTERNS = Object.freeze({
  'culture first': [0.32, (s, c) => {
    const k = c.weighted([0.6, 0.12, 0.2, 0.08]), back = [0, 0, hours(c, 6, 71), 72 * HOUR][k];
    const culture = s - back, a = s + [hours(c, 0.25, 6), hours(c, 6, 71), 0, 0][k];
    return {cultures: [{at: culture}], antibiotics: [a], suspected: [culture]};
  }],
  'same time': [0.02, s => ({cultures: [{at: s}], antibiotics: [s], suspected: [null], next: s})],
  'antibiotic first': [0.15, (s, c) => {
    const k = c.weighted([0.7, 0.2, 0.1]), culture = s + [hours(c, 0.25, 12), hours(c, 12, 23), 24 * HOUR][k];
    return {cultures: [{at: culture}], antibiotics: [s], suspected: [s]};
  }],
  'antibiotic too late': [0.03, (s, c) => ({
    cultures: [{at: s - 72 * HOUR - (c.chance(0.5) ? MINUTE : hours(c, 1, 8))}], antibiotics: [s], suspected: [null],
  })],
  'culture too late': [0.05, (s, c) => ({
    cultures: [{at: s + 24 * HOUR + (c.chance(0.5) ? MINUTE : hours(c, 1, 8))}], antibiotics: [s], suspected: [null],
  })],
  'date, then antibiotic': [0.07, (s, c) => {
    const date = midnight(s) - c.weighted([0.4, 0.2, 0.15, 0.25]) * DAY;
    return {
      cultures: [{at: date, dateOnly: true}], antibiotics: [s], suspected: [date],
      next: s - date <= 72 * HOUR ? date : null,
    };
  }],
  'antibiotic, then date': [0.04, s => ({
    cultures: [{at: s + DAY, dateOnly: true}], antibiotics: [s], suspected: [s],
  })],
  'antibiotic four days after date': [0.02, s => ({
    cultures: [{at: s - 4 * DAY, dateOnly: true}], antibiotics: [s], suspected: [null],
  })],
  'date two days after antibiotic': [0.03, s => ({
    cultures: [{at: s + 2 * DAY, dateOnly: true}], antibiotics: [s], suspected: [null],
  })],
  'date and time of one day': [0.05, (s, c) => ({
    cultures: [{at: s, dateOnly: true}, {at: s}], antibiotics: [s + hours(c, 0.25, 20)], suspected: [s],
    next: midnight(s),
  })],
  'two cultures': [0.05, (s, c) => {
    const antibiotic = s + hours(c, 3, 40);
    return {cultures: [{at: antibiotic - hours(c, 0.25, 2)}, {at: s}], antibiotics: [antibiotic], suspected: [s]};
  }],
  'two antibiotics': [0.06, (s, c) => {
    const culture = s + hours(c, 6, 23);
    return {cultures: [{at: culture}], antibiotics: [s, culture + hours(c, 1, 30)], suspected: [s, culture]};
  }],
  'culture long before': [0.04, (s, c) => {
    const long = s - hours(c, 50, 60), culture = s + hours(c, 1, 6), after = long + 72 * HOUR + MINUTE + hours(c, 0, 8);
    const second = Math.max(after, culture + HOUR);
    return {cultures: [{at: long}, {at: culture}], antibiotics: [s, second], suspected: [long, culture]};
  }],
  'not counted': [0.02, s => ({cultures: [{at: s}], antibiotics: [], suspected: []})],
  'no culture': [0.03, s => ({cultures: [], antibiotics: [s], suspected: [null]})],
  'no antibiotic': [0.02, s => ({cultures: [{at: s}], antibiotics: [], suspected: []})],
} satisfies Record<string, readonly [weight: number, sketch: (s: number, chance: Draws) => Sketch]>);

/** Name of a way in which cultures and antibiotics can lie to each other. */
export type EpisodePattern = keyof typeof PATTERNS;

/** Shares of the ways, by name; they add up to 1. */
export const episodeShares: Readonly<Record<EpisodePattern, number>> = Object.freeze(
  Object.fromEntries(Object.entries(PATTERNS).map(([name, [weight]]) => [name, weight])) as
    Record<EpisodePattern, number>);

const NAMES = Object.keys(PATTERNS) as EpisodePattern[];
const SPECIMENS = ['BLOOD CULTURE', 'URINE', 'SPUTUM', 'BRONCHOALVEOLAR LAVAGE', 'MRSA SCREEN'];

/**
 * What is done on a suspicion at `time` (ms, whole minutes).
 * @param drugs those that begin together
 */
export function drawEpisode(time: number, drugs: readonly WardDrug[], chance: Draws): Episode {
  const pattern = NAMES[chance.weighted(Object.values(episodeShares))];
  const {cultures, antibiotics, suspected, next}: Sketch = PATTERNS[pattern][1](time, chance);
  const course = antibiotics.map((start, k) =>
    (k === 0 ? drugs : ['other' as const]).map(drug => order(drug, start, chance)));
  const suspicions = antibiotics.flatMap((antibiotic, k) => {
    const at = suspected[k];
    return at === null ? [] : [{antibiotic, time: at}];
  });
  const soon = pattern === 'culture first' && antibiotics[0] < cultures[0].at + 20 * HOUR;
  const narrower = soon && chance.chance(0.4)
    ? [order('ceftriaxone', antibiotics[0] + hours(chance, 24, 50), chance)] : [];
  const vain = pattern === 'not counted' || chance.chance(0.2) ? [notCounted(time, chance)] : [];
  const [first = null] = suspected.filter(at => at !== null).sort((a, b) => a - b);
  return Object.freeze({
    pattern, firstOfNext: next === undefined ? first : next,
    cultures: cultures.map(({at, dateOnly = false}) =>
      ({time: dateOnly ? midnight(at) : at, timed: !dateOnly, specimen: chance.pick(SPECIMENS)})),
    orders: [...course.flat(), ...narrower, ...vain],
    suspicions: [...suspicions, ...narrower.map(({start}) => ({antibiotic: start, time: cultures[0].at}))],
  });
}

function order(drug: WardDrug, start: number, chance: Draws): WardOrder {
  const {name, every} = written(drug, chance), stop = chance.chance(0.05) ? null : start + hours(chance, 24, 120);
  const route = name === 'Levofloxacin' && chance.chance(0.3) ? 'PO' : 'IV';
  return {drug: name, start, stop, route, kind: 'MAIN', acts: {drug, every}};
}

/** Near the suspicion, so that it would count if it were what counts; often before every other order. */
function notCounted(time: number, chance: Draws): WardOrder {
  const start = time + chance.whole(-300, 300) * MINUTE;
  return {...chance.pick(NOT_COUNTED), start, stop: start + DAY};
}

/**
 * A suspicion without an infection, placed where the SOFA of the stay, known by then, decides on the edge: its first
 * hour with two points ends just 24 hours after it, or a minute later than that; or, in the few stays long enough for
 * it, its last such hour just 48 hours before it, or a minute earlier. Or the antibiotic starts just as the patient
 * leaves, too late to be in the stay. Missing where the stay has no room for one.
 * @param ill whether an hour, from 0 on, has two points
 */
export function edgeEpisode(ill: readonly boolean[], {zero, arrived, left}: StayClock, chance: Draws): Episode | null {
  const beyond = chance.chance(0.5) ? 0 : MINUTE, first = ill.indexOf(true), last = ill.lastIndexOf(true);
  const early = zero + (first - LATER) * HOUR - beyond, late = zero + (last + EARLIER) * HOUR + beyond;
  const leaves = chance.chance(0.15), culture = leaves ? left - 5 * HOUR : late + HOUR < left ? late : early;
  const start = leaves ? left : Math.max(culture, arrived) + chance.whole(5, 55) * MINUTE;
  if (first < 0 || start > left) return null;
  return Object.freeze({
    pattern: 'edge', cultures: [{time: culture, timed: true, specimen: chance.pick(SPECIMENS)}],
    orders: [order('other', start, chance)], suspicions: [{antibiotic: start, time: culture}], firstOfNext: culture,
  });
}
