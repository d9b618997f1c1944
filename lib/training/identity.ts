import {digest} from '../math/digest';
import type {Trajectories} from '../data';
import {forecastMarks} from '../data/trajectories';

/** What the numbers of a training follow from. */
export interface TrainingParts {
  /** Digests of the programs, as the engine is given them: optimised and, for the engine in C, as instructions. */
  readonly programs: readonly string[];
  /** Initial weights in one vector. */
  readonly weights: Float32Array;
  /** Numeric options, with their defaults filled in. */
  readonly options: unknown;
  /** What runs the programs, with its version. */
  readonly engine: readonly string[];
  /** Key of the random numbers that order the units and make noise. */
  readonly key: readonly number[];
  /** Training and validation data as `fingerprint` sees them, and how they are scaled. */
  readonly data: unknown;
}

/**
 * Raised when the loop around the programs, the drawing of windows or the random numbers change, which no program
 * shows.
 */
const PROCEDURE = 1;

/**
 * Hash of everything that the numbers of a training follow from, so that trainings of equal identities are equal, and
 * of nothing else: no names, no files and no source text. Two networks that compute the same thing, wherever they are
 * written, share it; two that differ in the loss alone do not. The engine counts with its version, for its next one may
 * round differently, and so does what the passes before it make of the programs.
 */
export const identity = (parts: TrainingParts): string => digest([PROCEDURE, parts]);

/**
 * Hash of all arrays of a data set, with their shapes, and of what a training makes of them: which outcomes are
 * covariates. What its parts and units are called does not count, nor does the end of follow-up, behind which there is
 * nothing to learn from.
 */
export function fingerprint(data: Trajectories): string {
  const {time, counts, outcomes, treatments, observed, statics, channels} = data, marks = forecastMarks(channels);
  return digest({time, counts, outcomes, treatments, observed, statics, ...(marks.includes(0) && {marks})});
}
