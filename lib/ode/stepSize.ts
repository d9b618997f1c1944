import type {State, Tolerances, VectorSpace} from './space';
import type {Field} from './step';

/** Where a solve starts: time, state, and the field there. */
interface Start<Y> {
  readonly t: number;
  readonly y: Y;
  readonly k: Y;
}

/** What the size of a step depends on. */
interface StepControl<Y> {
  readonly space: VectorSpace<Y>;
  readonly tolerances: Tolerances;
  /** Order of the embedded method. */
  readonly order: number;
}

/**
 * A first step from the sizes of the state, its slope and its curvature; two evaluations, of which the first is handed
 * in.
 * @returns a positive size
 * @reference Hairer, Norsett, Wanner 1993, Solving ordinary differential equations I, section II.4.
 * doi:10.1007/978-3-540-78862-1
 */
export function firstStep<Y extends State>(
  field: Field<Y>, {t, y: y0, k}: Start<Y>, span: number, {space, order, tolerances}: StepControl<Y>,
): number {
  const norm = (y: Y): number => space.scaledNorm(y, y0, y0, tolerances);
  const d0 = norm(y0), d1 = norm(k);
  const small = Math.min(Math.abs(span), d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : (0.01 * d0) / d1);
  const trial = small * Math.sign(span);
  const bend = (): Y => space.combine(null, [1, -1], [field(t + trial, space.combine(y0, [trial], [k])), k]);
  const d2 = space.tidy(() => norm(bend())) / small;
  const steepest = Math.max(d1, d2);
  const h = steepest <= 1e-15 ? Math.max(1e-6, small * 1e-3) : (0.01 / steepest) ** (1 / (order + 1));
  return Math.min(100 * small, Number.isFinite(h) ? h : small, Math.abs(span));
}

/**
 * Factor by which to change the step size: proportional-integral control of the scaled error.
 * @param error scaled error of this step: 1 is just good enough
 * @param before scaled error of the last accepted step
 * @param order order of the embedded method
 * @reference Gustafsson 1991, Control theoretic techniques for stepsize selection in explicit Runge-Kutta methods.
 * doi:10.1145/210232.210242
 */
export function stepFactor(error: number, before: number, order: number): number {
  if (!Number.isFinite(error)) return SMALLEST;
  const k = order + 1, rejected = error > 1;
  const factor = rejected
    ? SAFETY * error ** (-1 / k)
    : SAFETY * Math.max(error, 1e-10) ** (-0.7 / k) * Math.max(before, 1e-4) ** (0.4 / k);
  return Math.min(rejected ? 1 : LARGEST, Math.max(SMALLEST, factor));
}

const SAFETY = 0.9, SMALLEST = 0.2, LARGEST = 10;
