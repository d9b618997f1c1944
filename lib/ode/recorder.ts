import {intervalOf} from './controls/control';
import type {State} from './space';
import {interpolate, type Method, type Segment} from './step';

/** What a solve keeps. By default the final state alone. */
export interface SaveAt {
  /**
   * Exactly these times, in the direction of integration, inside [t0, t1]. At fixed steps each is the end of a step;
   * else dense output is read there.
   */
  readonly ts?: readonly number[];
  /** The start and every accepted step. Default false. Not together with `ts`. */
  readonly steps?: boolean;
  /** Keep what {@link denseAt} needs. Default false. */
  readonly dense?: boolean;
}

/**
 * A time at which the state is asked for, and the time of the solve that stands for it: the same, or an end of a step
 * that differs by rounding only.
 */
export interface SaveTime {
  readonly asked: number;
  readonly at: number;
}

/** Collects what a running solve must keep. */
export interface Recorder<Y> {
  readonly ts: number[];
  readonly ys: Y[];
  readonly segments: Segment<Y>[];
  accept(segment: Segment<Y>): void;
}

/** A solve, as far as what it keeps depends on it. */
export interface Recorded<Y> extends Method<Y> {
  readonly t0: number;
  readonly t1: number;
  readonly y0: Y;
}

/** A recorder of a solve that has not begun. @param targets in the direction of integration */
export function recorder<Y extends State>(
  {space, solver, t0, t1, y0}: Recorded<Y>, targets: readonly SaveTime[], {steps = false, dense = false}: SaveAt,
): Recorder<Y> {
  const kept: Recorder<Y> = {ts: [], ys: [], segments: [], accept}, sign = Math.sign(t1 - t0);
  const save = (t: number, y: Y): void => void (kept.ts.push(t), kept.ys.push(y));
  if (steps) save(t0, space.copy(y0));
  while (!steps && targets[kept.ts.length]?.at === t0) save(targets[kept.ts.length].asked, space.copy(y0));
  function accept(segment: Segment<Y>): void {
    if (dense) kept.segments.push(segment);
    const end = (): Y => (dense ? space.copy(segment.y1) : segment.y1);
    if (steps) save(segment.t1, end());
    for (let next = targets[kept.ts.length]; !steps && next !== undefined
      && sign * (next.at - segment.t1) <= 0; next = targets[kept.ts.length])
      save(next.asked, next.at === segment.t1 ? end() : interpolate(solver, space, segment, next.at));
  }
  return kept;
}

/**
 * Each save time with the time that stands for it: an end of a step (a bound of the solve or a knot) where the two
 * differ by rounding only.
 * @param ends increasing
 */
export function saveTimes(ts: readonly number[], ends: readonly number[]): SaveTime[] {
  const slack = roundingOf(ends[0], ends[ends.length - 1]);
  return ts.map(asked => {
    const i = intervalOf(ends, asked, asked), near = [ends[i], ends[i + 1] ?? ends[i]].reduce((a, b) =>
      (Math.abs(b - asked) < Math.abs(a - asked) ? b : a));
    return {asked, at: Math.abs(near - asked) <= slack ? near : asked};
  });
}

/** A save time this near to an end of a step is that end: sums of many equal parts of the span round by less. */
export function roundingOf(t0: number, t1: number): number {
  return Math.max(1e-12 * Math.abs(t1 - t0), 2 * Number.EPSILON * Math.max(Math.abs(t0), Math.abs(t1)));
}
