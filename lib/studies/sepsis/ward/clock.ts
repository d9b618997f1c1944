/** Milliseconds of a minute, an hour and a day. */
export const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

/** How many hours before and after a suspicion of infection points of SOFA make sepsis of it. */
export const EARLIER = 48, LATER = 24;

/** Hours before arrival from which measurements count. */
export const BEFORE = 24;

/**
 * When hour 0 of a stay ends: `arrival`: when the patient arrives; `clock`: at the first full hour of the clock at or
 * after arrival.
 */
export type WardHours = 'arrival' | 'clock';

/**
 * The hours of a stay. Hour h ends at `zero + h` hours and holds what was measured in the 60 minutes up to then, its
 * end included, its start not. Within a stay times are whole minutes after `zero`, so minute m belongs to hour
 * `ceil(m / 60)`.
 */
export interface StayClock {
  /** Start in intensive care, ms since 1970 of the hospital's wall clock. */
  readonly arrived: number;
  /** End in intensive care, ms. */
  readonly left: number;
  /** End of hour 0, ms; see {@link WardHours}. */
  readonly zero: number;
  /** The last hour: the length of the stay in hours, rounded up. Hours run from -24 to `last`. */
  readonly last: number;
  /** Minutes after `zero` of arrival (<= 0) and of leaving. */
  readonly arrival: number;
  readonly leaving: number;
}

/** Clock of the stay between two times, both whole minutes in ms since 1970. */
export function stayClock(arrived: number, left: number, hours: WardHours): StayClock {
  const zero = hours === 'clock' ? Math.ceil(arrived / HOUR) * HOUR : arrived;
  const minutes = (t: number) => (t - zero) / MINUTE, last = Math.ceil((left - arrived) / HOUR);
  return Object.freeze({arrived, left, zero, last, arrival: minutes(arrived), leaving: minutes(left)});
}

/** Midnight at which the day of `time` began, ms. */
export const midnight = (time: number): number => Math.floor(time / DAY) * DAY;

/** Hours of a stay, from -24 to its last. */
export const hoursOf = ({last}: StayClock): number => BEFORE + last + 1;
