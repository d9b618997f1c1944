import {fold, sobol, type Rng} from '../../../math';
import type {PointSampler} from './sampler';

/**
 * Points of Sobol's sequence, moved by random bits: they fill the space more evenly than random ones. At most 21
 * parameters.
 */
export const sobolSampler = (rng: Rng): PointSampler => Object.freeze({
  name: 'Sobol',
  point: (number: number, dimensions: number) => sobol(number, dimensions, {shift: fold(rng, 'shift')}),
});
