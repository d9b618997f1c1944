import type {History} from '../../data';
import {ndarray, type NdArray} from '../../math';

/** All outcomes of a history, then all its doses, a row for each unit: `[N, known dy + (known - 1) da]`. */
export function pastRows({outcomes, treatments}: History): NdArray {
  const [N, known, dy] = outcomes.shape, [, before, da] = treatments.shape, width = known * dy + before * da;
  const rows = ndarray([N, width]);
  for (let i = 0; i < N; i++) {
    rows.data.set(outcomes.data.subarray(i * known * dy, (i + 1) * known * dy), i * width);
    rows.data.set(treatments.data.subarray(i * before * da, (i + 1) * before * da), i * width + known * dy);
  }
  return rows;
}
