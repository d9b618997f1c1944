import {BEFORE, HOUR, hoursOf, MINUTE, type StayClock} from './clock';
import type {Draws} from './draws';
import {COVERAGE, firstDrugs, WARD_DRUGS, type Organism, type WardDrug, type WardOrder} from './drugs';
import {drawEpisode, type Episode} from './episode';
import {wardLaw} from './law';
import {SOFA_ORGANS, type SofaOrgan} from './organs';

/** How ill a patient really is, by the hour from -24 on; nobody in the ward sees it. */
export interface Course {
  /** General severity, about 0 (well) to 3. */
  readonly severity: Float64Array;
  /** What the infection adds to the severity that the patient tends to. */
  readonly burden: Float64Array;
  /** Severity of each organ; its whole part, in [0, 4], is the score of SOFA that the bedside shows. */
  readonly organs: Readonly<Record<SofaOrgan, Float64Array>>;
  /** Hour at which an infection begins; missing when there is none. */
  readonly begins: number | null;
  readonly organism: Organism;
  /** What was done when somebody suspected an infection; missing when nobody did. */
  readonly episode: Episode | null;
}

/** Chance of a course; each part has a stream of its own, so that treatment changes no noise. */
export interface CourseChance {
  readonly patient: Draws;
  readonly noise: Draws;
  readonly episode: Draws;
}

/**
 * Whether each of the three drugs of `WARD_DRUGS` acts in hour `h`, whatever was ordered; undefined where the orders
 * decide.
 */
export type CoursePlan = (h: number) => ArrayLike<number> | undefined;

/** Options of {@link drawCourse}. */
export interface CourseOptions {
  /** Ill before arrival, well from then on, without infection. Default false. */
  readonly recovers?: boolean;
  /** No infection begins and nobody suspects one. Default false. */
  readonly spared?: boolean;
  /** Default: the orders decide. */
  readonly plan?: CoursePlan;
}

/** Pull of severity to where it tends and its noise, by the hour; made. */
const PULL = 0.12, SHAKE = 0.12, ORGAN_PULL = 0.06, ORGAN_SHAKE = 0.16;
/** Growth of an infection to its limit, and what a drug that covers it fully kills, by the hour; made. */
const GROWTH = 1 / 14, KILL = 1 / 9;
/** What one point of general severity adds to each organ, and where organs lie without it: mean and spread; made. */
const LOADS: Readonly<Record<SofaOrgan, readonly [load: number, mean: number, sd: number]>> = {
  respiration: [0.9, 0.7, 1.1], coagulation: [0.6, 0, 1.1], liver: [0.7, 0.3, 1.2],
  cardiovascular: [0.9, 0, 0.8], cns: [0.8, 0.2, 1.1], renal: [0.8, 0.2, 1.1],
};

/**
 * A course of illness: severity reverts to a level of the patient's own plus the burden of an infection, which grows
 * until an antibiotic that covers the organism kills it. The sicker, the sooner somebody suspects an infection, and the
 * broader the drugs: treatment is confounded by severity, its effect is known.
 */
export function drawCourse(
  clock: StayClock, chance: CourseChance, options: CourseOptions = {},
): Course {
  const {recovers = false, spared = false, plan = () => undefined} = options;
  const n = hoursOf(clock), severity = new Float64Array(n), burden = new Float64Array(n), {patient, noise} = chance;
  const infected = patient.chance(wardLaw.infected), onset = patient.whole(wardLaw.begins.low, wardLaw.begins.high);
  const begins = infected && !recovers && !spared ? onset : null;
  const organism: Organism = patient.chance(0.4) ? 'resistant gram-positive' : 'gram-negative';
  const level = 0.3 + 0.35 * patient.normal(), limit = 2 * Math.exp(0.3 * patient.normal());
  const bases = SOFA_ORGANS.map(organ => LOADS[organ][1] + LOADS[organ][2] * patient.normal());
  const organs = SOFA_ORGANS.map(() => new Float64Array(n)), own = SOFA_ORGANS.map(() => 0);
  let episode: Episode | null = null, s = level, infection = 0;
  for (let i = 0; i < n; i++) {
    const h = i - BEFORE, grows = begins !== null && h >= begins, shift = recovers ? (h < 0 ? 1.5 : -3) : 0;
    if (grows) {
      const covered = coverage(organism, plan(h) ?? acting(episode?.orders ?? [], clock.zero + h * HOUR));
      infection += GROWTH * (1 - covered) * (limit - infection) - KILL * covered * infection;
    }
    s += PULL * (level + infection - s) + SHAKE * noise.normal();
    [severity[i], burden[i]] = [s, infection];
    SOFA_ORGANS.forEach((organ, k) => {
      own[k] += -ORGAN_PULL * own[k] + ORGAN_SHAKE * noise.normal();
      organs[k][i] = bases[k] + LOADS[organ][0] * s + own[k] + shift;
    });
    const suspects = noise.uniform() < suspicionChance(s, grows);
    if (episode === null && suspects && h >= -4 && !spared) {
      const minute = onEdge(clock, clock.zero + h * HOUR - chance.episode.whole(0, 59) * MINUTE, chance.episode);
      episode = drawEpisode(minute, firstDrugs(s, chance.episode), chance.episode);
    }
  }
  const byOrgan = Object.fromEntries(SOFA_ORGANS.map((organ, k) => [organ, organs[k]]));
  return Object.freeze({severity, burden, organs: byOrgan as Course['organs'], begins, organism, episode});
}

/** Sometimes just at arrival, at leaving, or at the end of an hour, if that is near. */
function onEdge({arrived, left, zero}: StayClock, time: number, chance: Draws): number {
  const full = zero + Math.ceil((time - zero) / HOUR) * HOUR;
  const edges = [arrived, left, full].filter(edge => Math.abs(edge - time) < HOUR);
  return chance.chance(0.25) ? chance.pick(edges) : time;
}

/** Chance that somebody suspects an infection within an hour; made. */
const suspicionChance = (severity: number, infected: boolean): number =>
  1 / (1 + Math.exp((infected ? 3 : 5.8) - 1.3 * severity));

/** Which drugs act at `time`: 1 or 0 for each of the three, and for all others. */
function acting(orders: readonly WardOrder[], time: number): number[] {
  const on = (drug: WardDrug) => orders.some(({acts, start, stop}) =>
    acts?.drug === drug && start <= time && (stop === null || time < stop));
  return [...WARD_DRUGS, 'other' as const].map(drug => (on(drug) ? 1 : 0));
}

/** The best of the drugs that act; one does not add to another. */
const coverage = (organism: Organism, on: ArrayLike<number>): number =>
  Math.max(0, ...[...WARD_DRUGS, 'other' as const].map((drug, k) => (on[k] ? COVERAGE[organism][drug] : 0)));
