import {ndarray, type NdArray} from '../math/ndarray';
import type {History} from './history';

/**
 * The last measured value of every outcome, `[N, dy]`.
 * @param otherwise `[dy]`, for an outcome that was never measured in a unit
 */
export function lastObserved(history: Pick<History, 'outcomes' | 'observed'>, otherwise: ArrayLike<number>): NdArray {
  const [N, known, dy] = history.outcomes.shape, out = new Float64Array(N * dy);
  for (let i = 0; i < N; i++)
    for (let j = 0; j < dy; j++) {
      let k = known - 1;
      while (k >= 0 && history.observed.data[(i * known + k) * dy + j] === 0) k--;
      out[i * dy + j] = k >= 0 ? history.outcomes.data[(i * known + k) * dy + j] : otherwise[j];
    }
  return ndarray([N, dy], out);
}
