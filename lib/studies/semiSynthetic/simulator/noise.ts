import {categorical} from '../../../math/discrete';
import {gaussianPaths} from '../../../math/gaussianProcess';
import {ndarray, type NdArray} from '../../../math/ndarray';
import {normal} from '../../../math/normal';
import {fold, uniform, type Rng} from '../../../math/rng';
import {released} from './model';
import type {SemiSyntheticWorld} from './world';

/** Every random number of N patients. Given these and a world, a simulation is a pure function. */
export interface SemiSyntheticNoise {
  /** `[N]`: which of the three curves a patient follows. */
  readonly spline: Int32Array;
  /** `[N, T]`: the patient's own path g, with standard deviation 1. */
  readonly path: NdArray;
  /** `[N, T]`: eta, already scaled. */
  readonly outcome: NdArray;
  /** `[N, T, 2]`: uniform numbers that decide on treatments. */
  readonly choice: NdArray;
}

/** Draws the noise of `patients` patients. */
export function semiSyntheticNoise({path, model}: SemiSyntheticWorld, patients: number, rng: Rng): SemiSyntheticNoise {
  const T = path.points.length, n = patients * T;
  return Object.freeze({
    spline: categorical(fold(rng, 'spline'), patients, released.splines.shares),
    path: gaussianPaths(fold(rng, 'path'), patients, path),
    outcome: ndarray([patients, T], normal(fold(rng, 'outcome'), n, {sd: model.noiseSd})),
    choice: ndarray([patients, T, 2], uniform(fold(rng, 'choice'), 2 * n)),
  });
}
