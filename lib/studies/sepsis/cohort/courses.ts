import type {Course} from './records';

/** A stretch in which a drug is given: `[start, stop)` in hours since time zero. */
export type Stretch = readonly [start: number, stop: number];

/** Options of {@link stretches}. */
export interface StretchOptions {
  /** Stretches less than so many hours apart are one, >= 0. */
  readonly gap: number;
  /** End of the record in hours: a course without an end, or with a later one, ends there. */
  readonly ended: number;
  /** Whether times are rounded to whole hours first. */
  readonly rounded: boolean;
}

/**
 * When one drug is given from time zero on: courses begin at time zero at the earliest, overlapping ones are one, and
 * gaps shorter than `gap` are closed.
 * @param courses of one drug
 * @returns in order, not touching
 * @paper A.3.3
 */
export function stretches(courses: readonly Course[], {gap, ended, rounded}: StretchOptions): Stretch[] {
  const whole = (time: number) => (rounded ? Math.round(time) : time), end = whole(ended);
  const own = courses.map(({start, stop = Infinity}): Stretch => [
    Math.max(0, whole(start)), Math.min(end, whole(stop)),
  ]).filter(([start, stop]) => stop > start).sort(([a], [b]) => a - b);
  return own.reduce<Stretch[]>((done, [start, stop]) => {
    const last = done.at(-1);
    if (last === undefined || (start > last[1] && start - last[1] >= gap)) return [...done, [start, stop]];
    return [...done.slice(0, -1), [last[0], Math.max(last[1], stop)]];
  }, []);
}

/** Hours from the last start up to time zero; 0 where there was none, as the paper's program has it. */
export function hoursSinceStart(courses: readonly Course[]): number {
  const before = courses.map(({start}) => start).filter(start => start <= 0);
  return before.length > 0 ? -Math.max(...before) : 0;
}
