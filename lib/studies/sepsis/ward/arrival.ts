import {fold, type Rng} from '../../../math/rng';
import {DAY, HOUR, MINUTE, stayClock, type StayClock, type WardHours} from './clock';
import {drawCourse, type Course, type CoursePlan} from './course';
import {draws, type Draws} from './draws';
import {wardLaw} from './law';
import {drawLength, drawPerson, type Person} from './person';

/** Why a stay is here: a first one, or after another one of the patient, within a day or weeks later. */
export type Follows = 'nothing' | 'soon' | 'later';

/** Who comes, when, and how ill: a stay before anybody measures. */
export interface Arrival {
  readonly stay: number;
  readonly patient: number;
  readonly admission: number;
  /** Start in hospital, ms. */
  readonly admitted: number;
  readonly clock: StayClock;
  readonly follows: Follows;
  /** What the patient's next stay will be. */
  readonly next: Follows;
  readonly person: Person;
  readonly recovers: boolean;
  readonly course: Course;
  /** What is left of the stay's randomness. */
  readonly chance: Draws;
}

/** Options of {@link drawArrival}. */
export interface ArrivalOptions {
  /** Number of the stay in the ward, from 0. */
  readonly k: number;
  readonly longest: number;
  readonly hours: WardHours;
  /** Generator of the ward. */
  readonly rng: Rng;
  /** The stay before. */
  readonly previous: Arrival | undefined;
  /** Default: the orders decide which antibiotics act. */
  readonly plan?: CoursePlan;
}

/** The next stay of the ward. */
export function drawArrival({k, longest, hours, rng: ward, previous, plan}: ArrivalOptions): Arrival {
  const rng = fold(ward, k), chance = draws(fold(rng, 'stay')), follows = previous?.next ?? 'nothing';
  const again = follows === 'nothing' ? undefined : previous!, soon = follows === 'soon';
  const arrived = again ? returns(again.clock, follows, chance) : firstArrival(chance);
  const admitted = soon ? again!.admitted : arrived - chance.whole(84 * 60, 160 * 60) * MINUTE;
  const person = again ? later(again, admitted) : drawPerson(draws(fold(rng, 'person')));
  const recovers = !again && chance.chance(wardLaw.recovered);
  const length = recovers ? longest - chance.whole(0, 4) : drawLength(chance, longest);
  const clock = stayClock(arrived, arrived + length * HOUR, hours);
  const next = again ? 'nothing' : nextStay(chance), stream = (name: string) => draws(fold(rng, name));
  const course = drawCourse(
    clock, {patient: stream('patient'), noise: stream('noise'), episode: stream('episode')},
    {recovers, spared: soon, ...(plan ? {plan} : {})});
  return Object.freeze({
    stay: k + 1, patient: again?.patient ?? (previous?.patient ?? 0) + 1,
    admission: soon ? again!.admission : (previous?.admission ?? 0) + 1,
    admitted, clock, follows, next, person, recovers, course, chance,
  });
}

/** The same person when admitted again; age counts calendar years, as records give it. */
function later({person, admitted}: Arrival, again: number): Person {
  const years = new Date(again).getUTCFullYear() - new Date(admitted).getUTCFullYear();
  return Object.freeze({...person, age: person.age + years});
}

/**
 * Time of coming back, ms: more hours after leaving than any rule carries a value, but less than a day; or weeks. It is
 * a whole number of hours after the first arrival, so that the hours of both stays are the same ones.
 */
function returns({arrived, left}: StayClock, follows: Follows, chance: Draws): number {
  const [low, high] = follows === 'soon' ? [8, 20] : [10 * 24, 90 * 24];
  return arrived + (Math.floor((left - arrived) / HOUR) + chance.whole(low, high)) * HOUR;
}

function nextStay(chance: Draws): Follows {
  const {soon, later} = wardLaw.again, u = chance.uniform();
  return u < soon ? 'soon' : u < soon + later ? 'later' : 'nothing';
}

/** A day of a century to come, as data are shifted for privacy; one in ten on the full hour. */
function firstArrival(chance: Draws): number {
  const day = Date.UTC(2110, 0, 1) + chance.whole(0, 30_000) * DAY, hour = chance.whole(0, 23);
  return day + hour * HOUR + (chance.chance(0.1) ? 0 : chance.whole(1, 59)) * MINUTE;
}
