import {BEFORE, EARLIER, HOUR, hoursOf, LATER, type StayClock} from './clock';
import type {Episode, EpisodePattern, Suspicion} from './episode';
import {SOFA_ORGANS, type HourScores, type SofaOrgan} from './organs';

/** Hours of which the worst counts. */
const WORST_OF = 24;

/** Points of SOFA that make sepsis of a suspicion of infection. */
export const DYSFUNCTION = 2;

/** Points of SOFA of a stay by the hour, from hour 0 to its last. */
export interface StaySofa {
  /** Points of the hour itself, by organ; `NOT_MEASURED` where nothing was measured. */
  readonly hour: Readonly<Record<SofaOrgan, Int8Array>>;
  /** The worst of 24 hours up to this one, by organ; what was not measured has no points. */
  readonly worst: Readonly<Record<SofaOrgan, Int8Array>>;
  /** The sum over organs of the worst of 24 hours, 0 to 24. */
  readonly sofa: Int8Array;
}

/**
 * Readings of Sepsis-3 whose answer is known. `mimicCode`: an antibiotic that begins in the stay with a culture near
 * enough, and two points of SOFA from 48 hours before that suspicion to 24 after; onset is the time of the first such
 * suspicion. `wide`: the antibiotic may begin anywhere in the stay in hospital, the suspicion lies between 48 hours
 * before the stay and its end. `printed`: as `wide`, but SOFA must rise by two points above an earlier hour of the
 * window. `released`: pairs are made the released program's way, the first in hospital counts; SOFA is the same.
 * @reference Seymour et al. 2016, Assessment of clinical criteria for sepsis. doi:10.1001/jama.2016.0288
 */
export type WardDefinition = 'mimicCode' | 'wide' | 'printed' | 'released';

/** Their names. */
export const WARD_DEFINITIONS: readonly WardDefinition[] =
  Object.freeze(['mimicCode', 'wide', 'printed', 'released'] as const);

/** What a definition says of a stay; times in ms, missing where there is none. */
export interface SepsisTruth {
  /** The first suspicion of infection that belongs to the stay. */
  readonly suspicion: number | null;
  /** Onset of sepsis; missing without sepsis. */
  readonly onset: number | null;
}

/** All that is known of a stay by construction. Times in ms since 1970, as the tables have them. */
export interface StayTruth {
  readonly stay: number;
  readonly patient: number;
  readonly admission: number;
  readonly clock: StayClock;
  /** Why the stay is here: a first one, or after another one of the patient. */
  readonly follows: 'nothing' | 'soon' | 'later';
  /** When the infection really began, missing without one: what no definition sees. */
  readonly infected: number | null;
  /** How cultures and antibiotics lie to each other, or how SOFA to them (`edge`); missing without suspicion. */
  readonly pattern: EpisodePattern | 'edge' | null;
  /** General severity by the hour from -24 on. */
  readonly severity: Float64Array;
  readonly sofa: StaySofa;
  readonly sepsis: Readonly<Record<WardDefinition, SepsisTruth>>;
}

/** Points of a stay by organ from hour -24 on. */
export type OrganScores = Readonly<Record<SofaOrgan, HourScores>>;

/** Worst of 24 hours and their sum, of points by the hour from -24 on. */
export function staySofa(scores: OrganScores, clock: StayClock): StaySofa {
  const n = hoursOf(clock) - BEFORE, sofa = new Int8Array(n);
  const worst = Object.fromEntries(SOFA_ORGANS.map(organ => {
    const of = Int8Array.from({length: n}, (_, h) => worstUntil(scores[organ], h + BEFORE));
    of.forEach((points, h) => (sofa[h] += points));
    return [organ, of];
  }));
  const hour = Object.fromEntries(SOFA_ORGANS.map(organ => [organ, scores[organ].slice(BEFORE)]));
  return Object.freeze({hour, worst, sofa} as unknown as StaySofa);
}

function worstUntil(scores: HourScores, index: number): number {
  return scores.subarray(index - WORST_OF + 1, index + 1).reduce((worst, points) => Math.max(worst, points), 0);
}

/** What was done in a stay in hospital. */
export interface HospitalEpisode {
  readonly admission: number;
  readonly episode: Episode;
}

/** What the definitions say of a stay, given all that was done on suspicions of the patient. */
export function sepsisTruth(
  {clock, admission, sofa}: Pick<StayTruth, 'clock' | 'admission' | 'sofa'>, all: readonly HospitalEpisode[],
): StayTruth['sepsis'] {
  const {arrived, left} = clock, hospital = all.filter(done => done.admission === admission);
  const times = (list: readonly HospitalEpisode[], belongs: (suspicion: Suspicion) => boolean) =>
    list.flatMap(({episode}) => episode.suspicions).filter(belongs).map(({time}) => time).sort((a, b) => a - b);
  const inside = times(all, ({antibiotic}) => antibiotic >= arrived && antibiotic < left);
  const wide = times(hospital, ({time}) => time >= arrived - EARLIER * HOUR && time < left);
  const first = hospital.flatMap(({episode}) => episode.firstOfNext ?? []).sort((a, b) => a - b).slice(0, 1);
  const judged = (list: readonly number[], ill: (points: Int8Array) => boolean): SepsisTruth => Object.freeze({
    suspicion: list[0] ?? null, onset: list.find(time => ill(around(sofa.sofa, clock, time))) ?? null,
  });
  return Object.freeze({
    mimicCode: judged(inside, hasPoints), wide: judged(wide, hasPoints), printed: judged(wide, rises),
    released: judged(first, hasPoints),
  });
}

/** SOFA of the hours that end from 48 hours before to 24 hours after a suspicion. */
function around(sofa: Int8Array, {zero}: StayClock, time: number): Int8Array {
  const from = Math.ceil((time - zero) / HOUR - EARLIER), to = Math.floor((time - zero) / HOUR + LATER);
  return sofa.slice(Math.max(0, from), Math.max(0, to + 1));
}

const hasPoints = (sofa: Int8Array): boolean => sofa.some(points => points >= DYSFUNCTION);

const rises = (sofa: Int8Array): boolean =>
  sofa.some((points, h) => sofa.subarray(0, h).some(earlier => points - earlier >= DYSFUNCTION));
