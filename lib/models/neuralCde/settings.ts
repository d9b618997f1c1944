import {expect} from '../../errors';
import type {Activation} from '../../nn';
import {euler, type Solver} from '../../ode';
import type {CdeSolving} from './field';

/** Options of every network made of neural CDEs. */
export interface NeuralCdeOptions {
  /** h, size of each CDE's state, >= 1; default 16. */
  readonly state?: number;
  /** Units in the hidden layer of each field, >= 1; default 32. */
  readonly width?: number;
  /** Activation of that layer; default `'tanh'`. The last activation of a field is always tanh. */
  readonly activation?: Activation;
  /** Runge-Kutta method; default Euler's. A field of a straight segment is smooth, so no method ever meets a knot inside a step. */
  readonly solver?: Solver;
  /** Solver steps between two knots, >= 1; default 1. */
  readonly substeps?: number;
  /** Length of a typical history in the data's time unit, > 0; sets the speed of the paths' clocks. Default 24. */
  readonly timeScale?: number;
}

/** The options, checked and filled in. */
export interface CdeSettings {
  readonly size: {readonly state: number; readonly width: number};
  readonly solving: CdeSolving;
  readonly timeScale: number;
  /** What a checkpoint's identity depends on. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Checks the options of the model called `fn` and fills in defaults. */
export function cdeSettings(fn: string, {state = 16, width = 32, activation = 'tanh', solver = euler, substeps = 1, timeScale = 24}: NeuralCdeOptions): CdeSettings {
  for (const [argument, received] of Object.entries({state, width, substeps})) expect(Number.isInteger(received) && received >= 1, {fn, argument, expected: 'a whole number >= 1', received});
  expect(timeScale > 0 && Number.isFinite(timeScale), {fn, argument: 'timeScale', expected: 'a number > 0', received: timeScale});
  const config = {state, width, activation, solver: solver.name, substeps, timeScale};
  return {size: {state, width}, solving: {activation, solver, substeps}, timeScale, config};
}

/** Checks the strength of a balancing term. */
export function expectBalancing(fn: string, received: number): void {
  expect(received >= 0 && Number.isFinite(received), {fn, argument: 'balancing', expected: 'a number >= 0', received});
}
