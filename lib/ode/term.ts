import {expect} from '../errors';
import {expectInside, type Control} from './controls/control';
import type {State} from './space';
import {spaceOf} from './spaces';
import type {Field} from './step';

/**
 * What is integrated: a right-hand side together with its control, so that every solver serves every kind of equation.
 */
export interface Term<Y extends State> {
  /** `'ode'`: y' = f(t, y); `'controlled'`: y' = f(t, y, u(t)); `'cde'`: dy = F(t, y) dX. */
  readonly kind: 'ode' | 'controlled' | 'cde';
  /** Times that no step may cross. */
  readonly knots: readonly number[];
  /** The right-hand side on a step [t0, t1] that crosses no knot. */
  on(t0: number, t1: number): Field<Y>;
  /** @throws ArgumentError when [t0, t1] leaves the domain of the control. */
  expectDomain(fn: string, t0: number, t1: number): void;
}

/** The ordinary differential equation y' = f(t, y). */
export function odeTerm<Y extends State>(f: (t: number, y: Y) => Y): Term<Y> {
  return Object.freeze({kind: 'ode' as const, knots: [], on: () => f, expectDomain: () => undefined});
}

/**
 * The treatment-driven equation y' = f(t, y, u(t)).
 * @param f field; `y [d]`, `u [m]` as numbers, or `y [batch, d]`, `u [batch, m]` as tensors
 * @throws ArgumentError when a solve leaves the domain of the control.
 */
export function controlledTerm<Y extends State, U extends State>(
  f: (t: number, y: Y, u: U) => Y, control: Control<U>,
): Term<Y> {
  return Object.freeze({
    kind: 'controlled' as const, knots: control.knots, ...within(control),
    on(t0: number, t1: number) {
      const path = control.on(t0, t1);
      return (t: number, y: Y) => f(t, y, path.at(t));
    },
  });
}

/**
 * The controlled differential equation dy = F(t, y) dX for a differentiable path X, solved as y' = F(t, y) X'(t).
 * @param f matrix field: `y [d] -> [d * m]` (rows first) as numbers, `y [batch, d] -> [batch, d, m]` as tensors
 * @throws ArgumentError for a piecewise-constant control, whose derivative is zero wherever it exists.
 * @reference Kidger, Morrill, Foster, Lyons 2020, Neural controlled differential equations for irregular time series.
 * arXiv:2005.08926
 */
export function cdeTerm<Y extends State>(f: (t: number, y: Y) => Y, control: Control<Y>): Term<Y> {
  expect(control.kind !== 'piecewise-constant', {
    fn: 'cdeTerm', argument: 'control', expected: 'a continuous path', received: control.kind,
    remedy: 'Use rectilinearControl, backwardHermiteControl or linearControl; or controlledTerm, where the control '
      + 'enters by its value.',
  });
  return Object.freeze({
    kind: 'cde' as const, knots: control.knots, ...within(control),
    on(t0: number, t1: number) {
      const path = control.on(t0, t1);
      return (t: number, y: Y) => spaceOf(y, 'cdeTerm', 'y').contract(f(t, y), path.slope(t));
    },
  });
}

function within(control: Control): Pick<Term<State>, 'expectDomain'> {
  return {
    expectDomain(fn, t0, t1) {
      expectInside(control, t0, fn, 't0');
      expectInside(control, t1, fn, 't1');
    },
  };
}
