import type {State, VectorSpace} from './space';
import {interpolate, type Segment} from './step';
import type {Solver} from './tableau';

/** What a solve keeps. By default the final state alone. */
export interface SaveAt {
  /** Exactly these times, in the direction of integration, inside [t0, t1]. At fixed steps each is the end of a step; else dense output is read there. */
  readonly ts?: readonly number[];
  /** The start and every accepted step. Default false. Not together with `ts`. */
  readonly steps?: boolean;
  /** Keep what {@link denseAt} needs. Default false. */
  readonly dense?: boolean;
}

/** Collects what a running solve must keep. */
export interface Recorder<Y> {
  readonly ts: number[];
  readonly ys: Y[];
  readonly segments: Segment<Y>[];
  accept(segment: Segment<Y>): void;
}

export function recorder<Y extends State>(space: VectorSpace<Y>, solver: Solver, t0: number, t1: number, y0: Y, {ts, steps = false, dense = false}: SaveAt): Recorder<Y> {
  const kept: Recorder<Y> = {ts: [], ys: [], segments: [], accept};
  const targets = ts ?? (steps ? [] : [t1]), slack = sameTime(t0, t1), sign = Math.sign(t1 - t0);
  const save = (t: number, y: Y): void => void (kept.ts.push(t), kept.ys.push(y));
  if (steps || Math.abs(targets[0] - t0) <= slack) save(t0, space.copy(y0));
  function accept(segment: Segment<Y>): void {
    if (dense) kept.segments.push(segment);
    const end = (): Y => (dense ? space.copy(segment.y1) : segment.y1);
    if (steps) save(segment.t1, end());
    for (let t = targets[kept.ts.length]; !steps && t !== undefined && sign * (t - segment.t1) <= slack; t = targets[kept.ts.length])
      save(t, Math.abs(t - segment.t1) <= slack ? end() : interpolate(solver, space, segment, t));
  }
  return kept;
}

/** Times closer than this are one time: they differ by rounding only. */
export function sameTime(t0: number, t1: number): number {
  return 1e-12 * Math.max(Math.abs(t0), Math.abs(t1));
}
