import {expect} from '../errors';
import {adaptiveSteps} from './adaptive';
import {fixedSteps} from './fixed';
import {evaluationCounter, stats, type Outcome} from './problem';
import {recorder, roundingOf, saveTimes, type SaveAt} from './recorder';
import type {Solution} from './solution';
import type {State, Tolerances} from './space';
import {expectState, inSpaceOf} from './spaces';
import type {Solver} from './tableau';
import type {Term} from './term';

/** Options of {@link solve}. */
export interface SolveOptions<Y extends State> {
  /** One of euler, midpoint, heun, rk4, rk4ThreeEighths, dopri5, tsit5. */
  readonly solver: Solver;
  /** Start. */
  readonly t0: number;
  /** End; before `t0` to integrate backwards. */
  readonly t1: number;
  /** State at `t0`: `Float64Array [d]`, or a tensor, usually `[batch, d]`. */
  readonly y0: Y;
  /** Longest step, > 0, for equal steps between knots and save times. Give this or `tolerances`. */
  readonly dt?: number;
  /**
   * For steps chosen by their error (midpoint, heun, dopri5, tsit5). A tensor's whole batch shares its steps, and
   * values are read back at each. Steps grow while nothing happens: an event shorter than the last step (a bump, a
   * pulse) may be stepped over. Give its times as knots of a control, or `maxStep`.
   */
  readonly tolerances?: Tolerances;
  /**
   * Longest step with `tolerances`, > 0: shorter than the shortest event that must not be missed. Default: no limit.
   */
  readonly maxStep?: number;
  /** What to keep. Default: the final state. */
  readonly saveAt?: SaveAt;
  /** Most steps to try, a whole number > 0. Default 100000. */
  readonly maxSteps?: number;
  /**
   * Whether fixed steps stop at the first NaN or infinity. Default true for numbers, false for tensors,
   * whose values would have to be read back (slow, and impossible while a program is recorded): check the result
   * instead.
   */
  readonly checkFinite?: boolean;
}

/**
 * Integrates `term` from `t0` to `t1`. Numerical trouble is reported in `status`, never thrown; see {@link orThrow}.
 * Fields must return new arrays and use no randomness. Steps end at the knots of the term's control.
 * @throws ArgumentError for arguments that make no sense.
 * @example
 * ```ts
 * import {ode} from './lib';
 * const decay = ode.odeTerm((_t, y: Float64Array) => y.map(v => -v));
 * const exact = {tolerances: {rtol: 1e-8, atol: 1e-8}, saveAt: {ts: [0.5, 1]}};
 * const solution = ode.solve(decay, {solver: ode.tsit5, t0: 0, t1: 1, y0: Float64Array.of(1), ...exact});
 * console.log(ode.orThrow(solution).ys.map(([y]) => y.toFixed(4)));   // [ '0.6065', '0.3679' ]
 * ```
 */
export function solve<Y extends State>(term: Term<Y>, options: SolveOptions<Y>): Solution<Y> {
  expectOptions(term, options);
  const {
    solver, t0, t1, y0, dt, tolerances, maxStep = Infinity, saveAt = {}, maxSteps = 100_000,
    checkFinite = y0 instanceof Float64Array,
  } = options;
  const dense = saveAt.dense ?? false, knots = term.knots.filter(t => t > Math.min(t0, t1) && t < Math.max(t0, t1));
  const targets = saveTimes(saveAt.ts ?? (saveAt.steps ? [] : [t1]), [Math.min(t0, t1), ...knots, Math.max(t0, t1)]);
  return inSpaceOf(y0, space => {
    // Dense output keeps the start, which must not stay the caller's own array.
    const start = dense ? space.copy(y0) : y0;
    const kept = recorder({space, solver, t0, t1, y0: start}, targets, saveAt), {counted, nfe} = evaluationCounter(y0);
    const problem = {term, solver, space, t0, t1, y0: start, maxSteps, checkFinite, recorder: kept, counted, dense};
    const outcome = dt === undefined
      ? adaptiveSteps(problem, tolerances as Tolerances, maxStep)
      : fixedSteps(problem, dt, targets.map(({at}) => at));
    return {
      ts: kept.ts, ys: kept.ys, stats: stats(outcome, nfe()), status: outcome.status,
      ...(outcome.where
        && {where: outcome.where, advice: advice(outcome, dt !== undefined, Math.abs(t0) > 1e6 * Math.abs(t1 - t0))}),
      ...(dense && {dense: {solver, segments: kept.segments}}),
    };
  });
}

function advice({status, accepted, rejected}: Outcome, fixed: boolean, farFromZero: boolean): string {
  if (status === 'non-finite')
    return 'The field or the state became NaN or infinite: check inputs, parameters and '
      + `scaling${fixed ? ', or lower dt' : ''}.`;
  if (status === 'step-underflow') {
    const shift = farFromZero ? ' Times are far from zero for so short a span: count them from its start.' : '';
    return 'No step longer than rounding error meets the tolerances: the solution may blow up here, or the field '
      + `may jump; put known jumps in a piecewise-constant control.${shift}`;
  }
  return `${accepted + rejected} steps were not enough: raise `
    + `maxSteps${fixed ? ' or dt' : ', loosen the tolerances'}, or check for stiffness (time scales far shorter than `
    + 'the span), which explicit methods cannot step over.';
}

function expectOptions<Y extends State>(term: Term<Y>, options: SolveOptions<Y>): void {
  const {t0, t1, y0, saveAt = {}, maxSteps = 1} = options;
  check(Number.isFinite(t0), 't0', 'a finite time', t0);
  check(Number.isFinite(t1), 't1', 'a finite time', t1);
  expectState(y0, 'solve', 'y0');
  check((y0 instanceof Float64Array ? y0.length : y0.size) > 0, 'y0', 'at least one number', y0);
  check(!(y0 instanceof Float64Array) || y0.every(Number.isFinite), 'y0', 'finite', y0);
  expectSteps(options);
  expectTolerances(options);
  check(Number.isInteger(maxSteps) && maxSteps > 0, 'maxSteps', 'a whole number > 0', maxSteps);
  check(!(saveAt.ts && saveAt.steps), 'saveAt', 'given ts or steps, not both', saveAt);
  (saveAt.ts ?? []).forEach((_, i, ts) => expectSaveTime(t0, t1, ts, i));
  term.expectDomain('solve', t0, t1);
}

function check(condition: unknown, argument: string, expected: string, received: unknown): void {
  expect(condition, {fn: 'solve', argument, expected, received});
}

/** Steps that are given, and lengths that can change a time. */
function expectSteps<Y extends State>({t0, t1, dt, tolerances, maxStep}: SolveOptions<Y>): void {
  check((dt === undefined) !== (tolerances === undefined), 'dt', 'given, or else tolerances: one of the two', dt);
  expect(dt === undefined || (dt > 0 && Number.isFinite(dt)), {
    fn: 'solve', argument: 'dt', expected: 'a finite number > 0', received: dt,
    remedy: 'Steps go towards t1 by themselves; dt has no sign.',
  });
  const latest = Math.max(Math.abs(t0), Math.abs(t1)), remedy = 'Count times from the start of the span.';
  expect(dt === undefined || t0 === t1 || latest + dt > latest, {
    fn: 'solve', argument: 'dt', received: dt, remedy,
    expected: `long enough to change t = ${latest}, above ${latest * Number.EPSILON}`,
  });
  expect(maxStep === undefined || t0 === t1 || !(maxStep > 0) || latest + maxStep > latest, {
    fn: 'solve', argument: 'maxStep', expected: `long enough to change t = ${latest}`, received: maxStep, remedy,
  });
}

/** Tolerances that the numbers can meet, by a method that tells its error. */
function expectTolerances<Y extends State>({solver, y0, tolerances, maxStep}: SolveOptions<Y>): void {
  const float64 = y0 instanceof Float64Array, finest = float64 ? FINEST.numbers : FINEST.tensors;
  check(
    !tolerances || (tolerances.rtol > 0 && tolerances.atol > 0), 'tolerances', '{rtol, atol}, both > 0', tolerances,
  );
  expect(!tolerances || tolerances.rtol >= finest, {
    fn: 'solve', argument: 'tolerances', received: tolerances,
    expected: `{rtol, atol} with rtol >= ${finest}: ${float64 ? 'float64' : 'float32'} has no more digits`,
    remedy: float64 ? undefined : 'Loosen rtol, or solve in float64 (a Float64Array).',
  });
  expect(maxStep === undefined || (maxStep > 0 && tolerances !== undefined), {
    fn: 'solve', argument: 'maxStep', expected: 'a number > 0, together with tolerances', received: maxStep,
    remedy: 'At fixed steps, dt is the longest.',
  });
  expect(!tolerances || solver.embedded, {
    fn: 'solve', argument: 'solver', expected: 'a method with an error estimate', received: solver.name,
    remedy: 'Use tsit5, dopri5, heun or midpoint, or fixed steps with dt.',
  });
}

/** Smallest relative tolerances: about a hundred roundings, and one, of each kind of number. */
const FINEST = {numbers: 1e-14, tensors: 1e-7};

function expectSaveTime(t0: number, t1: number, ts: readonly number[], i: number): void {
  const sign = Math.sign(t1 - t0), slack = roundingOf(t0, t1);
  const problem = {fn: 'solve', argument: `saveAt.ts[${i}]`, received: ts[i]};
  expect(sign * (ts[i] - t0) >= -slack && sign * (t1 - ts[i]) >= -slack, {
    ...problem, expected: `between t0 = ${t0} and t1 = ${t1}`,
  });
  expect(i === 0 || sign * (ts[i] - ts[i - 1]) > 0, {
    ...problem, expected: `past saveAt.ts[${i - 1}] = ${ts[i - 1]}`, remedy: 'Sort the times and drop duplicates.',
  });
}
