import {expect} from '../errors';
import type {State} from './space';
import {spaceOf} from './spaces';
import {interpolate, type Segment} from './step';
import type {Solver} from './tableau';

/** How a solve ended. */
export type SolveStatus = 'ok' | 'max-steps' | 'step-underflow' | 'non-finite';

/** What a solve cost. */
export interface SolveStats {
  /** Steps tried: accepted + rejected. */
  readonly steps: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Evaluations of the field. */
  readonly nfe: number;
}

/** What a solve came to. When `status` is not `'ok'`, `ts` and `ys` hold what was reached. */
export interface Solution<Y extends State> {
  /** Times saved, in the direction of integration. */
  readonly ts: readonly number[];
  /** States at `ts`, each of the shape of `y0`. */
  readonly ys: readonly Y[];
  readonly stats: SolveStats;
  readonly status: SolveStatus;
  /** Where a failed solve stopped: start and size of the step that could not be made. */
  readonly where?: {readonly t: number; readonly dt: number};
  /** What to try after a failure. */
  readonly advice?: string;
  /** Every accepted step, when dense output was asked for; read it with {@link denseAt}. */
  readonly dense?: {readonly solver: Solver; readonly segments: readonly Segment<Y>[]};
}

/** A solve that did not reach its end. */
export class SolveError extends Error {
  override readonly name = 'SolveError';
  constructor(readonly status: SolveStatus, readonly where: {readonly t: number; readonly dt: number}, advice: string) {
    super(`solve: ${status} at t = ${where.t} with a step of ${where.dt}. ${advice}`);
  }
}

/** The solution itself when it is complete. @throws SolveError otherwise. */
export function orThrow<Y extends State>(solution: Solution<Y>): Solution<Y> {
  const {status, where, advice} = solution;
  if (status !== 'ok') throw new SolveError(status, where ?? {t: NaN, dt: NaN}, advice ?? '');
  return solution;
}

/**
 * The state at any `t` that the solve has reached.
 * @throws ArgumentError outside, or without `saveAt: {dense: true}`.
 */
export function denseAt<Y extends State>(solution: Solution<Y>, t: number): Y {
  const fn = 'denseAt', {dense} = solution;
  expect(dense && dense.segments.length > 0, {
    fn, argument: 'solution', expected: 'solved with dense output', received: solution,
    remedy: 'Pass saveAt: {dense: true} to solve.',
  });
  const {segments, solver} = dense, first = segments[0].t0, last = segments[segments.length - 1].t1;
  const sign = Math.sign(last - first);
  expect(sign * (t - first) >= 0 && sign * (last - t) >= 0, {
    fn, argument: 't', expected: `between ${first} and ${last}`, received: t,
  });
  let low = 0, high = segments.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sign * (segments[middle].t1 - t) >= 0) high = middle;
    else low = middle + 1;
  }
  const space = spaceOf(segments[low].y0, fn, 'solution');
  return space.tidy(() => interpolate(solver, space, segments[low], t));
}
