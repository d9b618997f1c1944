import {join} from 'node:path';
import {expect} from '../../errors';
import {ndarray, type NdArray} from '../../math/ndarray';
import {readNpy} from '../../data/npy';
import {locate, type LocateOptions} from '../../data/registry';
import {trajectories, type GridTrajectories, type Trajectories} from '../../data/trajectories';

/** Channels of every cancer data set, simulated or published. @paper A.3.1 */
export const cancerChannels: Trajectories['channels'] = Object.freeze({
  outcomes: [{name: 'tumour volume', unit: 'cm³'}, {name: 'body weight', unit: 'kg'}],
  treatments: [{name: 'chemotherapy concentration', unit: 'mg/m³'}, {name: 'radiotherapy dose', unit: 'Gy'}],
  statics: [],
});

/**
 * The published cohorts: `train`, `val` and `test` of confounding strength 4, and the two that the published training
 * script loads.
 */
export type PublishedCancerSplit = 'train' | 'val' | 'test' | 'doseai-train' | 'doseai-val';

/**
 * The published synthetic cancer arrays, gamma = 4: 1000 patients, 24 times.
 * @throws MissingDataError when they are not on this machine; `cancerCohort` draws equivalent ones.
 */
export function readPublishedCancer(split: PublishedCancerSplit, options: LocateOptions = {}): GridTrajectories {
  const splits: readonly string[] = ['train', 'val', 'test', 'doseai-train', 'doseai-val'];
  expect(splits.includes(split), {
    fn: 'readPublishedCancer', argument: 'split', expected: `one of ${splits.join(', ')}`, received: split,
  });
  const stem = split.startsWith('doseai') ? split.replace('-', '_') : `gamma4_${split}`;
  const folder = locate('cancer', options);
  const outcomes = unitsFirst(readNpy(join(folder, `${stem}_x.npy`))), [N, T] = outcomes.shape;
  return trajectories({
    name: `published cancer, gamma 4, ${split}`, time: Float64Array.from({length: T}, (_, t) => t), timeUnit: 'cycle',
    outcomes, treatments: unitsFirst(readNpy(join(folder, `${stem}_u.npy`))),
    observed: ndarray(outcomes.shape, new Float64Array(outcomes.data.length).fill(1)),
    statics: ndarray([N, 0]), channels: cancerChannels,
  });
}

/** `[T, N, d]` -> `[N, T, d]` */
function unitsFirst({shape: [T, N, d], data}: NdArray): NdArray {
  const out = new Float64Array(data.length);
  for (let t = 0; t < T; t++)
    for (let i = 0; i < N; i++) out.set(data.subarray((t * N + i) * d, (t * N + i + 1) * d), (i * T + t) * d);
  return ndarray([N, T, d], out);
}
