import {fold, uniform, type Rng} from '../../../math';
import type {PointSampler} from './sampler';

/** Points drawn evenly and independently; the same for the same trial number, whoever asks. */
export const randomSampler = (rng: Rng): PointSampler => Object.freeze({
  name: 'random', point: (number: number, dimensions: number) => uniform(fold(rng, number), dimensions),
});
