import {expect, expectWhole} from '../../errors';
import type {Activation} from '../../nn';
import {euler, type Solver} from '../../ode';
import {expectPositive} from '../parts/options';
import type {CdeSolving, PathReading} from './field';

/** Options of every network made of neural CDEs. */
export interface NeuralCdeOptions {
  /** h, size of each CDE's state, >= 1; default 16. */
  readonly state?: number;
  /** Units in the hidden layer of each field, >= 1; default 32. */
  readonly width?: number;
  /** Activation of that layer; default `'tanh'`. The last activation of a field is always tanh. */
  readonly activation?: Activation;
  /**
   * Runge-Kutta method; default Euler's. A field of a straight segment is smooth, so no method ever meets a knot inside
   * a step.
   */
  readonly solver?: Solver;
  /** Solver steps between two knots, >= 1; default 1. */
  readonly substeps?: number;
  /** What the path of a history carries; default `'measurements'`. */
  readonly reads?: PathReading;
  /** Length of a typical history in the data's time unit, > 0; sets the speed of the paths' clocks. Default 24. */
  readonly timeScale?: number;
}

/** How CDEs move along their paths. */
export interface CdeMotion {
  readonly solving: CdeSolving;
  /** About the length of a history, in the data's time unit, > 0. */
  readonly timeScale: number;
}

/** The options, checked and filled in. */
export interface CdeSettings extends CdeMotion {
  readonly size: {readonly state: number; readonly width: number};
  /** The settings as plain data. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Checks the options of the model called `fn` and fills in defaults.
 * @throws ArgumentError for options outside their ranges.
 */
export function cdeSettings(fn: string, options: NeuralCdeOptions): CdeSettings {
  const {state = 16, width = 32, activation = 'tanh', solver = euler, substeps = 1, timeScale = 24} = options;
  const {reads = 'measurements'} = options;
  expectWhole(fn, {state, width, substeps});
  expectPositive(fn, {timeScale});
  expect(['measurements', 'path'].includes(reads), {
    fn, argument: 'reads', expected: "'measurements' or 'path'", received: reads,
  });
  const config = {state, width, activation, solver: solver.name, substeps, reads, timeScale};
  return {size: {state, width}, solving: {activation, solver, substeps, reads}, timeScale, config};
}
