import {expect} from '../errors';
import type {Recorder} from './recorder';
import type {SolveStats, SolveStatus} from './solution';
import type {State, VectorSpace} from './space';
import type {Field} from './step';
import type {Solver} from './tableau';
import type {Term} from './term';

/** A checked problem, as the stepping loops see it. */
export interface Problem<Y extends State> {
  readonly term: Term<Y>;
  readonly solver: Solver;
  readonly space: VectorSpace<Y>;
  readonly t0: number;
  readonly t1: number;
  readonly y0: Y;
  readonly maxSteps: number;
  readonly checkFinite: boolean;
  readonly recorder: Recorder<Y>;
  /** Counts evaluations of a field, and checks the shape of the first. */
  readonly counted: (field: Field<Y>) => Field<Y>;
  /** Whether interpolation inside steps is needed. */
  readonly dense: boolean;
}

/** How a stepping loop ended. */
export interface Outcome {
  readonly status: SolveStatus;
  readonly where?: {readonly t: number; readonly dt: number};
  readonly accepted: number;
  readonly rejected: number;
}

/**
 * The stretches of [t0, t1] between consecutive `stops`, which no step may cross. However close two stops are, both are
 * kept.
 */
export function stretches(t0: number, t1: number, stops: readonly number[]): [number, number][] {
  const sign = Math.sign(t1 - t0);
  const inside = stops.filter(t => sign * (t - t0) > 0 && sign * (t1 - t) > 0).sort((x, y) => sign * (x - y));
  const ends = [...inside, t1].filter((t, i, all) => i === 0 || t !== all[i - 1]);
  return t0 === t1 ? [] : ends.map((end, i) => [i === 0 ? t0 : ends[i - 1], end]);
}

/**
 * A counter of evaluations that also checks, once, that the field returns the shape of the state.
 * @throws ArgumentError at the first evaluation, when it does not.
 */
export function evaluationCounter<Y extends State>(y0: Y): {counted: (field: Field<Y>) => Field<Y>; nfe: () => number} {
  let nfe = 0;
  const counted = (field: Field<Y>): Field<Y> => (t, y) => {
    const dy = field(t, y);
    if (nfe++ === 0) expectShape(dy, y0);
    return dy;
  };
  return {counted, nfe: () => nfe};
}

function expectShape(dy: State, y0: State): void {
  const shape = (y: State): readonly number[] | undefined => (y instanceof Float64Array ? [y.length] : y?.shape);
  expect(`${shape(dy)}` === `${shape(y0)}` && (dy instanceof Float64Array) === (y0 instanceof Float64Array), {
    fn: 'solve', argument: 'term', expected: `a field that returns the shape of y0, [${shape(y0)}]`,
    received: shape(dy) ?? dy,
  });
}

export function stats({accepted, rejected}: Outcome, nfe: number): SolveStats {
  return {steps: accepted + rejected, accepted, rejected, nfe};
}
