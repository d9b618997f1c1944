import type {State, VectorSpace} from './space';
import type {Solver} from './tableau';

/** Right-hand side on one step: `dy/dt` at time `t` and state `y`. */
export type Field<Y> = (t: number, y: Y) => Y;

/** One finished step, and what interpolation inside it needs. */
export interface Segment<Y> {
  readonly t0: number;
  readonly t1: number;
  readonly y0: Y;
  readonly y1: Y;
  /** Stages, as many as were computed. */
  readonly ks: readonly Y[];
  /** Field at the end, when it was computed. */
  readonly k1: Y | null;
}

/** Options of {@link rungeKuttaStep}. */
export interface StepOptions<Y> {
  /** Field at the start, if known from the step before. */
  readonly k0?: Y | null;
  /** Compute also the stages that only the error estimate, dense output or the next step use. */
  readonly full: boolean;
}

/** A solver on one kind of state. */
export interface Method<Y> {
  readonly solver: Solver;
  readonly space: VectorSpace<Y>;
}

/** One explicit Runge-Kutta step from `t0` and `y0` to `t1`. */
export function rungeKuttaStep<Y extends State>(
  {solver, space}: Method<Y>, field: Field<Y>, {t0, t1, y0}: Pick<Segment<Y>, 't0' | 't1' | 'y0'>,
  {k0, full}: StepOptions<Y>,
): Segment<Y> {
  const h = t1 - t0, {a, b, c, needed, firstSameAsLast} = solver;
  const scaled = (weights: readonly number[]): number[] => weights.map(weight => weight * h);
  const ks: Y[] = [];
  let stage = y0;
  for (let i = 0; i < (full ? c.length : needed); i++) {
    if (i > 0) stage = space.combine(y0, scaled(a[i]), ks);
    ks.push(i === 0 && k0 ? k0 : field(c[i] === 1 ? t1 : t0 + c[i] * h, stage));
  }
  // The last stage of such a method is evaluated at the new state itself.
  const y1 = full && firstSameAsLast ? stage : space.combine(y0, scaled(b.slice(0, ks.length)), ks);
  const k1 = !full ? null : firstSameAsLast ? ks[ks.length - 1] : field(t1, y1);
  return {t0, t1, y0, y1, ks, k1};
}

/** The state at `t` in [t0, t1]: the method's own continuous extension, or cubic Hermite interpolation. */
export function interpolate<Y extends State>(solver: Solver, space: VectorSpace<Y>, segment: Segment<Y>, t: number): Y {
  const {t0, t1, y0, y1, ks, k1} = segment, h = t1 - t0, theta = (t - t0) / h;
  if (theta === 0) return space.copy(y0);
  if (theta === 1) return space.copy(y1);
  if (solver.dense) return space.combine(y0, solver.dense.weights(theta).map(weight => weight * h), ks);
  const rest = 1 - theta, blend = theta * theta * (3 - 2 * theta);
  return space.combine(null, [1 - blend, blend, h * theta * rest * rest, -h * theta * theta * rest], [
    y0, y1, ks[0], k1 as Y,
  ]);
}
