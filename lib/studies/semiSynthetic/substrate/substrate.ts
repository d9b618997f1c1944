import {ndarray, type NdArray} from '../../../math/ndarray';
import type {Channel} from '../../../data/trajectories';

/** The three laboratory values that serve as hidden confounders. @paper Table 5 */
export const semiSyntheticLabs: readonly Channel[] = Object.freeze([
  {name: 'creatinine', unit: 'mg/dL'}, {name: 'bilirubin', unit: 'mg/dL'},
  {name: 'alanine aminotransferase', unit: 'U/L'},
]);

/** Stays in intensive care, hour by hour: what a semi-synthetic cohort is made of. */
export interface Substrate {
  /** Says whether these are real stays; printed by every page that uses them. */
  readonly name: string;
  readonly source: 'demos' | 'simulated';
  /** `[n]`, all different. */
  readonly stays: readonly string[];
  /** `[n]`: whose stay it is; splits keep a patient's stays together. */
  readonly patients: readonly string[];
  /** `[n, T, 3]` in the labs' units: the last value known, before the first one that first one. Above 0 everywhere. */
  readonly labs: NdArray;
  /** `[n, T, 3]`, 1 where measured in that hour. */
  readonly measured: NdArray;
}

/**
 * Carries values forward, then the first one backward.
 * @param values `[n, T, d]`, read where `measured` is 1
 * @param measured `[n, T, d]`, with at least one 1 in every series
 * @returns `[n, T, d]`
 */
export function carried(values: NdArray, measured: NdArray): NdArray {
  const [n, T, d] = values.shape, out = new Float64Array(values.data.length);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const at = (t: number) => (i * T + t) * d + j;
      let first = 0;
      while (measured.data[at(first)] === 0) first++;
      for (let t = 0, last = values.data[at(first)]; t < T; t++) {
        if (measured.data[at(t)] === 1) last = values.data[at(t)];
        out[at(t)] = last;
      }
    }
  return ndarray(values.shape, out);
}
