import type {QuantityName} from '../quantities';
import {BEFORE, MINUTE, type StayClock} from './clock';
import type {Course} from './course';
import type {Draws} from './draws';
import type {Person} from './person';
import type {GrowingTable} from './tables';
import type {SepsisView} from '../views';

/** Stretch of time, minutes after hour 0, ends included. */
export type Stretch = readonly [from: number, to: number];

/** A bed in the ward: who lies in it, how ill, since when, what comes before, and where it is written down. */
export interface Bed {
  readonly clock: StayClock;
  readonly person: Person;
  readonly course: Course;
  /** Whether laboratory values of the day before arrival are known. */
  readonly before: boolean;
  /** The same noise for the same bed, whatever the course. */
  readonly chance: Draws;
  readonly record: BedRecord;
}

/** Writes down what happens at a bed; times in whole minutes after hour 0. */
export interface BedRecord {
  readonly measure: (minute: number, quantity: QuantityName, value: number) => void;
  readonly infuse: (stretch: Stretch, drug: string, rate: number | null) => void;
  readonly urine: (minute: number, ml: number) => void;
  readonly ventilate: (stretch: Stretch) => void;
}

/** Writes into the tables of the ward under a patient's number. */
export function bedRecord(
  tables: Readonly<Record<SepsisView, GrowingTable>>, patient: number, {zero}: StayClock,
): BedRecord {
  const at = (minute: number) => zero + minute * MINUTE, {measurements, infusions, outputs, ventilation} = tables;
  return Object.freeze({
    measure: (minute: number, quantity: QuantityName, value: number) =>
      measurements.add(patient, at(minute), quantity, value),
    infuse: ([from, to]: Stretch, drug: string, rate: number | null) =>
      infusions.add(patient, at(from), at(to), drug, rate),
    urine: (minute: number, ml: number) => outputs.add(patient, at(minute), ml),
    ventilate: ([from, to]: Stretch) => ventilation.add(patient, at(from), at(to)),
  });
}

/** The hour to which a minute belongs, and its place in a list that begins with hour -24. */
export const hourOf = (minute: number): number => Math.ceil(minute / 60);
export const indexOf = (minute: number): number => hourOf(minute) + BEFORE;

/** The minutes of hour `h` that lie in the stay; empty (`from > to`) where it has ended before. */
export const minutesIn = ({arrival, leaving}: StayClock, h: number): Stretch =>
  [Math.max(60 * h - 59, arrival), Math.min(60 * h, leaving)];

/** A minute of a stretch; often its last or first one, as errors live there. The stretch must not be empty. */
export function minuteOf([from, to]: Stretch, chance: Draws): number {
  const u = chance.uniform();
  return u < 0.12 ? to : u < 0.18 ? from : chance.whole(from, to);
}

/**
 * Minutes at which a panel is drawn: `hours` apart, from the day before arrival or from arrival on until leaving.
 * @param hours between two draws, `[low, high]`, uniform
 */
export function panelMinutes({clock, before, chance}: Bed, hours: readonly [number, number]): number[] {
  const apart = () => chance.whole(60 * hours[0], 60 * hours[1]), minutes: number[] = [];
  const first = before ? -60 * BEFORE - 120 : clock.arrival;
  for (let minute = first + chance.whole(0, 60 * hours[0]); minute <= clock.leaving; minute += apart()) {
    minutes.push(chance.chance(0.15) ? Math.min(clock.leaving, 60 * hourOf(minute)) : minute);
  }
  return minutes;
}

/** A number rounded to so many digits behind the point. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
