import {ndarray, type NdArray} from '../../../math/ndarray';
import {normal} from '../../../math/normal';
import {fold, uniform, type Rng} from '../../../math/rng';

/** Every random number of N patients over T-1 steps. Given these, a simulation is a pure function. */
export interface CancerNoise {
  /** `[N, T-1]`: relative noise of the volume in each step, already scaled. */
  readonly volume: NdArray;
  /** `[N, T-1]`: relative noise of the weight in each step, already scaled. */
  readonly weight: NdArray;
  /** `[N, T-1]`: uniform number that decides on recovery at the end of each step. */
  readonly recovery: NdArray;
  /** `[N, T-1, 2]`: uniform numbers that choose the doses, radiotherapy first. */
  readonly dose: NdArray;
}

/** Standard deviations of the relative noise in one step. @paper Table 4 */
export const cancerNoiseSd = Object.freeze({volume: 0.01, weight: 0.0015});

/** Noise for `patients` patients over `steps` times. */
export function cancerNoise(patients: number, steps: number, rng: Rng): CancerNoise {
  const shape = [patients, steps - 1], n = patients * (steps - 1);
  return Object.freeze({
    volume: ndarray(shape, normal(fold(rng, 'volume'), n, {sd: cancerNoiseSd.volume})),
    weight: ndarray(shape, normal(fold(rng, 'weight'), n, {sd: cancerNoiseSd.weight})),
    recovery: ndarray(shape, uniform(fold(rng, 'recovery'), n)),
    dose: ndarray([...shape, 2], uniform(fold(rng, 'dose'), 2 * n)),
  });
}

/** The same draws with volume and weight noise set to 0. */
export function withoutNoise(noise: CancerNoise): CancerNoise {
  return Object.freeze({...noise, volume: ndarray(noise.volume.shape), weight: ndarray(noise.weight.shape)});
}
