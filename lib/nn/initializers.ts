import {uniform, type Rng} from '../math/rng';
import type {Weight} from './tree';

/** A weight of zeros. */
export function zeros(shape: readonly number[]): Weight {
  return {shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1))};
}

/** Uniform on `[-bound, bound)`. */
export function uniformWeight(rng: Rng, shape: readonly number[], bound: number): Weight {
  const {data} = zeros(shape);
  uniform(rng, data.length).forEach((u, i) => { data[i] = (2 * u - 1) * bound; });
  return {shape, data};
}

/**
 * Glorot uniform for a `[fanIn, fanOut]` matrix: keeps the variance of signals and gradients.
 * @reference Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks, AISTATS.
 */
export function glorot(rng: Rng, shape: readonly [number, number], gain = 1): Weight {
  return uniformWeight(rng, shape, gain * Math.sqrt(6 / (shape[0] + shape[1])));
}
