import {expect} from '../../errors';
import type {State} from '../space';

/** A control on one step, where it is smooth. */
export interface Path<U> {
  /** Value at time `t`. */
  at(t: number): U;
  /** Time derivative at `t`. */
  slope(t: number): U;
}

/**
 * An input u(t) given from outside: treatments, or observations joined into a path. Values are `[m]` numbers or tensors
 * `[batch, m]`.
 */
export interface Control<U extends State = State> {
  readonly kind: 'piecewise-constant' | 'linear' | 'rectilinear' | 'natural-cubic' | 'backward-hermite';
  /**
   * Times where the control or one of its derivatives may jump; solvers end a step at each. The first and last bound
   * its domain.
   */
  readonly knots: readonly number[];
  /**
   * The smooth piece that holds on [t0, t1]; a step that starts at a jump sees the value after it, one that ends there
   * the value before.
   */
  on(t0: number, t1: number): Path<U>;
}

/**
 * Value of `control` at `t`; at a jump, the value that held before it.
 * @throws ArgumentError outside the control's domain.
 */
export function controlAt<U extends State>(control: Control<U>, t: number): U {
  expectInside(control, t, 'controlAt', 't');
  return control.on(t, t).at(t);
}

/**
 * Time derivative of `control` at `t`; at a knot, the derivative before it.
 * @throws ArgumentError outside the control's domain.
 */
export function controlSlope<U extends State>(control: Control<U>, t: number): U {
  expectInside(control, t, 'controlSlope', 't');
  return control.on(t, t).slope(t);
}

/**
 * Checks that `t` lies in the domain of `control`: what lies outside is not known.
 * @internal
 * @throws ArgumentError outside of it.
 */
export function expectInside(control: Control, t: number, fn: string, argument: string): void {
  const first = control.knots[0], last = control.knots[control.knots.length - 1];
  expect(t >= first && t <= last, {
    fn, argument, expected: `inside the domain [${first}, ${last}] of the ${control.kind} control`, received: t,
    remedy: 'A control is never extrapolated; give it more knots.',
  });
}

/**
 * Index of the interval (knots[i], knots[i+1]] in which [t0, t1], crossing no knot, ends. (Its middle may round to a
 * knot.) @internal
 */
export function intervalOf(knots: readonly number[], t0: number, t1: number): number {
  const end = Math.max(t0, t1);
  let low = 0, high = knots.length - 2;
  while (low < high) {
    const index = (low + high) >> 1;
    if (end <= knots[index + 1]) high = index;
    else low = index + 1;
  }
  return low;
}

/**
 * Checks the knots of a control.
 * @internal
 * @throws ArgumentError unless they are finite, increasing and enough.
 */
export function expectKnots(fn: string, ts: readonly number[], fewest = 2): void {
  const wrong = ts.findIndex((t, i) => !Number.isFinite(t) || (i > 0 && t <= ts[i - 1]));
  expect(wrong < 0, {
    fn, argument: `ts[${wrong}]`,
    expected: `finite and above the time before it${wrong > 0 ? `, ${ts[wrong - 1]}` : ''}`, received: ts[wrong],
    remedy: 'Sort the times and drop duplicates.',
  });
  expect(ts.length >= fewest, {fn, argument: 'ts', expected: `at least ${fewest} times`, received: ts});
}
