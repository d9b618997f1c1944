import {stretches, type Outcome, type Problem} from './problem';
import type {State, Tolerances} from './space';
import {rungeKuttaStep, type Field, type Segment} from './step';
import {firstStep, stepFactor} from './stepSize';
import type {Solver} from './tableau';

interface Progress<Y> {
  t: number;
  y: Y;
  /** Field at (t, y), when known. */
  k: Y | null;
  /** Size of the next step, positive; 0 before the first. */
  h: number;
  /** Scaled error of the last accepted step. */
  before: number;
  accepted: number;
  rejected: number;
}

/**
 * Steps as long as the tolerances allow, ending at every knot of the control.
 * @throws Error for a solver without an error estimate.
 */
export function adaptiveSteps<Y extends State>(problem: Problem<Y>, tolerances: Tolerances, maxStep: number): Outcome {
  const {term, t0, t1, y0} = problem;
  const now: Progress<Y> = {t: t0, y: y0, k: null, h: 0, before: 1, accepted: 0, rejected: 0};
  for (const [start, end] of stretches(t0, t1, term.knots)) {
    const failure = stretch({...problem, maxStep, tolerances}, now, start, end);
    if (failure) return {
      status: failure, where: {t: now.t, dt: now.h * Math.sign(t1 - t0)}, accepted: now.accepted,
      rejected: now.rejected,
    };
  }
  return {status: 'ok', accepted: now.accepted, rejected: now.rejected};
}

/** A problem whose steps are chosen by their error. */
interface Adaptive<Y extends State> extends Problem<Y> {
  readonly tolerances: Tolerances;
  readonly maxStep: number;
}

/** Moves `now` to `end`, where the field may jump. Returns why it could not, or null. */
function stretch<Y extends State>(
  problem: Adaptive<Y>, now: Progress<Y>, start: number, end: number,
): Exclude<Outcome['status'], 'ok'> | null {
  const {term, solver, space, maxSteps, maxStep, recorder, counted} = problem, order = embeddedOf(solver).order;
  const field = counted(term.on(start, end)), sign = Math.sign(end - start);
  const k = now.k = space.tidy(() => field(now.t, now.y));
  if (!space.isFinite(k)) return 'non-finite';
  if (now.h === 0) now.h = firstStep(field, {t: now.t, y: now.y, k}, end - start, {...problem, order});
  while (now.t !== end) {
    if (now.accepted + now.rejected === maxSteps) return 'max-steps';
    // An estimate below the rounding of t is worth trying at that size: only a step that fails there has underflowed.
    const floor = shortest(now.t, start, end);
    now.h = Math.min(Math.max(now.h, floor), maxStep);
    // A remainder a little longer than the step is taken whole, so that no sliver is left over.
    const rest = Math.abs(end - now.t), last = rest <= maxStep && 1.01 * now.h >= rest;
    const to = last ? end : now.t + sign * now.h;
    const {segment, error} = attempt(problem, now, field, to);
    if (!(error <= 1) && Math.min(now.h, rest) <= floor) {
      return Number.isFinite(error) ? 'step-underflow' : 'non-finite';
    }
    if (error <= 1) recorder.accept(segment);
    advance(now, segment, {error, factor: stepFactor(error, now.before, order), last});
  }
  return null;
}

/** Steps shorter than this are lost in the rounding of `t`. */
function shortest(t: number, start: number, end: number): number {
  return 32 * Number.EPSILON * Math.max(Math.abs(t), 1e-6 * Math.abs(end - start));
}

/** What a step came to. */
interface Verdict {
  readonly error: number;
  /** By which the size of the next step changes. */
  readonly factor: number;
  /** Whether the stretch ends with this step. */
  readonly last: boolean;
}

/** Books one step, accepted or not, and sets the size of the next. */
function advance<Y>(now: Progress<Y>, {t0, t1, y1, k1}: Segment<Y>, {error, factor, last}: Verdict): void {
  const h = factor * Math.abs(t1 - t0);
  if (!(error <= 1)) Object.assign(now, {h, rejected: now.rejected + 1});
  // A step cut short by a knot says little about how long the next may be.
  else Object.assign(now, {
    t: t1, y: y1, k: k1, h: last ? Math.max(now.h, h) : h, before: error, accepted: now.accepted + 1,
  });
}

/** One step and its scaled error: NaN when the new state is not finite. */
function attempt<Y extends State>(
  {solver, space, tolerances}: Adaptive<Y>, {t, y, k}: Progress<Y>, field: Field<Y>, to: number,
): {segment: Segment<Y>; error: number} {
  return space.tidy(() => {
    const segment = rungeKuttaStep({solver, space}, field, {t0: t, t1: to, y0: y}, {k0: k, full: true});
    if (!space.isFinite(segment.y1)) return {segment, error: NaN};
    const error = space.combine(null, embeddedOf(solver).error.map(weight => weight * (to - t)), segment.ks);
    return {segment, error: space.scaledNorm(error, y, segment.y1, tolerances)};
  });
}

function embeddedOf(solver: Solver): NonNullable<Solver['embedded']> {
  if (!solver.embedded) throw new Error(`${solver.name} has no error estimate`);
  return solver.embedded;
}
