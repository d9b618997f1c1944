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

/** The draws of the first `steps` steps. @internal */
export function firstSteps(noise: CancerNoise, steps: number): CancerNoise {
  if (steps === noise.volume.shape[1]) return noise;
  const first = (array: NdArray) => between(array, 0, steps), {volume, weight, recovery, dose} = noise;
  return Object.freeze({volume: first(volume), weight: first(weight), recovery: first(recovery), dose: first(dose)});
}

/** Steps [from, to) of `[N, T, ...]`. @internal */
export function between(array: NdArray, from: number, to: number): NdArray {
  const [N, T, ...rest] = array.shape, width = rest.reduce((a, b) => a * b, 1), length = (to - from) * width;
  const out = new Float64Array(N * length);
  for (let i = 0; i < N; i++) out.set(array.data.subarray((i * T + from) * width, (i * T + to) * width), i * length);
  return ndarray([N, to - from, ...rest], out);
}
